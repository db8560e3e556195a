public import ExchangeSettings
public import FilsluseBase
public import SystemPackage
public import TriggerFiles

/// One arrival with its file in the inbox folder, as its receiver gets it. A repeated call for one arrival gets equal
/// values, except ``attempt``.
public struct ReceivedFile: Sendable, Hashable, Identifiable {
  /// The arrival as the journal has it.
  public let arrival: Arrival
  /// 1 for the first call. A receiver that has seen the ``fileTransferUUID`` before need not look at it.
  public let attempt: Int
  /// The arrival route that expects it.
  public let route: ArrivalRoute
  /// The path of the complete file, which only the receiver uses.
  public let path: FilePath
  /// The path of its metadata, unchanged.
  public let metadataPath: FilePath
  /// Its metadata.
  public let metadata: FileMetadata
  /// The hash of its content.
  public let sha256: SHA256Digest

  /// The journal's number of the arrival.
  public var id: Int64 { arrival.id }
  /// The platform's id of the transfer, its permanent identity.
  public var fileTransferUUID: String { arrival.fileTransferUUID }
  /// The name that the sender gave the file.
  public var name: String { arrival.wireName.string }
  /// Its size in bytes.
  public var size: UInt64 { arrival.size }
  /// The sender's SFTP user.
  public var sender: String { arrival.sender }
  /// The InfRef, authorities and IT-systems of its metadata; `nil` for a direct transmission.
  public var routing: RoutingInfo? { metadata.fileContentDescriptor.routingInfo }

  /// Looks up the facts of an arrival in an inbox folder.
  init(_ arrival: Arrival, by route: ArrivalRoute, inbox: FilePath) throws(ExchangeError) {
    guard let localName = arrival.localName, let digest = arrival.sha256 else {
      throw ExchangeError(
        .journal, operation: "hand over", path: arrival.wireName.string,
        message: "the journal does not say where A\(arrival.id) lies", remedy: "check the journal")
    }
    self.arrival = arrival
    self.route = route
    attempt = arrival.tries + 1
    path = inbox.appending(localName)
    metadataPath = inbox.appending(localName + InboxFolder.metadataSuffix)
    metadata = try arrival.readMetadata()
    sha256 = digest
  }
}
