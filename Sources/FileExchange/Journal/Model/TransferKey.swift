internal import FilsluseSystem

/// The journal's key of a transfer: its FileTransferUUID as received. The schema allows any text of any length; an id
/// longer than the account's limit is known by its hash, and its arrival is not accepted.
package struct TransferKey: Sendable {
  /// The id, or its hash.
  package let text: String
  /// The reason why it is not accepted; `nil` if it is.
  let objection: String?

  /// Makes the key of an id.
  package init(_ fileTransferUUID: String, atMost longest: Int) {
    let length = fileTransferUUID.utf8.count
    guard length > longest else {
      text = fileTransferUUID
      objection = nil
      return
    }
    text = "sha256:\(SHA256.digest(of: Array(fileTransferUUID.utf8)).hex)"
    objection =
      "its FileTransferUUID has \(UInt64(length).grouped) bytes, and \(UInt64(longest).grouped) are the most that is taken; ask the platform's help desk, or set longest-transfer-id: of the account"
  }
}
