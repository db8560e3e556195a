internal import FilsluseBase
internal import TriggerFiles

/// The journal's key of a transfer: its FileTransferUUID as received. The schema allows any text of any length; an id
/// longer than the account's limit is known by its hash, and its arrival is not accepted.
package struct TransferKey: Sendable {
  /// The id, or its hash.
  package let text: String
  /// The reason for refusing it; `nil` where it is accepted.
  let objection: ArrivalReason?

  /// Creates the key of an id.
  package init(_ fileTransferUUID: String, atMost longest: Int) {
    let length = fileTransferUUID.utf8.count
    guard length > longest else {
      text = fileTransferUUID
      objection = nil
      return
    }
    text = "sha256:\(SHA256.digest(of: Array(fileTransferUUID.utf8)).hex)"
    objection = .longTransferID(bytes: UInt64(length), most: UInt64(longest))
  }
}
