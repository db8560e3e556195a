public import FilsluseBase
public import TriggerFiles

/// One file that came to IN with its metadata, as the journal knows it.
public struct Arrival: Sendable, Hashable {
  /// The journal's number of it.
  public internal(set) var id: Int64
  /// The account it came to.
  public let account: String
  /// The platform's id of it, its identity for ever.
  public let fileTransferUUID: String
  /// Its name in IN, as text: one that no ``WireName`` has is quarantined, and the journal knows it all the same.
  public let wireName: String
  /// The size its metadata gives, in bytes.
  public let size: UInt64
  /// Its InfRef, `nil` for a direct transmission.
  public let infRef: InfRef?
  /// The sender's SFTP user.
  public let sender: String
  /// The name of the arrival route that expects it; `nil` where none does, or none was noted.
  public internal(set) var route: String?
  /// The metadata, as it came.
  public let metadata: [UInt8]
  /// Its state.
  public internal(set) var state: ArrivalState
  /// Its name in the inbox folder.
  public internal(set) var localName: String?
  /// The hash of its content, once fetched.
  public internal(set) var sha256: SHA256Digest?
  /// The modification time of the fetched data, in seconds since 1970 by the server's clock; `nil` where it was too
  /// recent to distinguish the data from later writes, and once it was removed from IN.
  var settledModified: Int64?
  /// The same of data in IN that was compared and found to have another content; ``noTime`` or ``ofMetadata`` in place
  /// of a time.
  var differentModified: Int64?
  /// The reason why it is in quarantine or set aside, or its last failure.
  public internal(set) var reason: ArrivalReason?
  /// The number of failures of its present step for a reason of the file's own.
  public internal(set) var tries = 0
  /// The time of the next try of that step.
  public internal(set) var nextTryAt: Timestamp?
  /// The state in which it was set aside, if it is.
  public internal(set) var setAsideFrom: ArrivalState?
  /// The time at which its metadata was first read.
  public let seenAt: Timestamp
  /// The time of its last change of state.
  public internal(set) var changedAt: Timestamp
}

extension Arrival {
  /// The server gave no time for the data that differs.
  static let noTime: Int64 = -1
  /// It is the metadata in IN that differs.
  static let ofMetadata: Int64 = -2

  /// Its metadata, as a document.
  func readMetadata() throws(ExchangeError) -> FileMetadata {
    do throws(DocumentError) {
      return try FileMetadata(reading: metadata)
    } catch {
      throw ExchangeError(
        .journal, operation: "read the journal", path: wireName,
        message: "the metadata of arrival \(id) is damaged: \(error)",
        remedy: "check the journal\(by: .checkJournal)")
    }
  }

  /// Resets the failures, because its present step is another one.
  mutating func forgetFailures() {
    tries = 0
    nextTryAt = nil
    reason = nil
  }
}
