public import FilsluseSystem

/// One file that came to IN with its metadata, as the journal knows it.
public struct Arrival: Sendable, Hashable {
  /// The journal's number of it.
  public internal(set) var id: Int64
  /// The account it came to.
  public let account: String
  /// The platform's id of it, its identity for ever.
  public let fileTransferUUID: String
  /// Its name in IN.
  public let wireName: String
  /// The size its metadata gives, in bytes.
  public let size: UInt64
  /// Its InfRef, `nil` for a direct transmission.
  public let infRef: String?
  /// The sender's SFTP user.
  public let sender: String
  /// The metadata, as it came.
  public let metadata: [UInt8]
  /// How far it has come.
  public internal(set) var state: ArrivalState
  /// Its name in the inbox folder.
  public internal(set) var localName: String?
  /// The hash of its content, once fetched.
  public internal(set) var sha256: SHA256Digest?
  /// Why it is in quarantine.
  public internal(set) var reason: String?
  /// When its metadata was first read.
  public let seenAt: Timestamp
  /// When its state last changed.
  public internal(set) var changedAt: Timestamp
}
