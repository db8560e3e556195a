internal import FilsluseSystem

/// What the journal knows a transfer by: its FileTransferUUID as it came. The schema lets that be any text of any length;
/// one that is longer than the account takes is known by its hash, and is not taken.
package struct TransferKey: Sendable {
  /// The id, or its hash.
  package let text: String
  /// Why it is not taken, if it is not.
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
