public import FilsluseBase
public import TriggerFiles

/// One file that came to IN with its metadata, as the journal knows it.
public struct Arrival: Sendable, Hashable {
  /// The journal's number of it.
  public internal(set) var id: Int64
  /// The values that its metadata settles, shared by its copies: hundreds of arrivals are under way at a time, each in
  /// the frames of many functions, and a report may name tens of thousands.
  private var settled: Settled
  /// The name of the arrival route that expects it; `nil` for none.
  public internal(set) var route: String?
  /// Its state.
  public internal(set) var state: ArrivalState
  /// Its name in the inbox folder.
  public internal(set) var localName: String?
  /// The hash of its content, once fetched.
  public internal(set) var sha256: SHA256Digest?
  /// The modification time of the fetched data, in seconds since 1970 by the server's clock; `nil` where it was too
  /// recent to distinguish the data from later writes, and once it was removed from IN.
  var settledModified: Int64?
  /// The modification time of data in IN that was compared and found to have another content; ``noTime`` or
  /// ``ofMetadata`` in place of a time.
  var differentModified: Int64?
  /// The reason why it is in quarantine or set aside, or its last failure.
  public internal(set) var reason: ArrivalReason?
  /// The number of failures of its present step for a reason of the file's own.
  public internal(set) var tries = 0
  /// The time of the next try of that step.
  public internal(set) var nextTryAt: Timestamp?
  /// The state before it was set aside; `nil` if it is not.
  public internal(set) var setAsideFrom: ArrivalState?
  /// The time of the last change of state.
  public internal(set) var changedAt: Timestamp

  /// Joins the fixed and the changing values.
  init(id: Int64, _ values: Settled.Values, state: ArrivalState, sha256: SHA256Digest? = nil, changedAt: Timestamp) {
    self.id = id
    settled = Settled(values)
    self.state = state
    self.sha256 = sha256
    self.changedAt = changedAt
  }
}

extension Arrival {
  /// The account it came to.
  public var account: String { settled.values.account }
  /// The platform's id of it, its permanent identity.
  public var fileTransferUUID: String { settled.values.fileTransferUUID }
  /// Its name in IN. An arrival with a name that is no valid ``WireName`` is quarantined, and still recorded.
  public var wireName: JournalledName { settled.values.wireName }
  /// The size its metadata gives, in bytes.
  public var size: UInt64 { settled.values.size }
  /// Its InfRef, `nil` for a direct transmission.
  public var infRef: InfRef? { settled.values.infRef }
  /// The sender's SFTP user.
  public var sender: String { settled.values.sender }
  /// The metadata, unchanged; empty in a ``CollectionReport``, which may name tens of thousands of arrivals.
  public var metadata: [UInt8] { settled.values.metadata }
  /// The name of the root element of its metadata; `nil` where that cannot be read.
  public var metadataRoot: MetadataRoot? { settled.values.root ?? Self.root(of: metadata) }
  /// The time of the first reading of its metadata.
  public var seenAt: Timestamp { settled.values.seenAt }

  /// Returns the arrival without its metadata, sharing equal texts with others.
  func withoutMetadata(sharing texts: inout SharedTexts) -> Arrival {
    var values = settled.values
    values.root = metadataRoot
    values.metadata = []
    values.account = texts.shared(values.account)
    values.sender = texts.shared(values.sender)
    values.infRef = values.infRef.map { InfRef(unchecked: texts.shared($0.name)) }
    var arrival = self
    arrival.settled = Settled(values)
    arrival.route = route.map { texts.shared($0) }
    if let localName, localName.utf8.elementsEqual(values.wireName.string.utf8) {
      arrival.localName = values.wireName.string
    }
    return arrival
  }

  private static func root(of metadata: [UInt8]) -> MetadataRoot? { (try? FileMetadata(reading: metadata))?.root }
}

extension Arrival {
  /// The values that do not change once the metadata is read; the arrival's own properties document them.
  final class Settled: Sendable, Hashable {
    struct Values: Sendable, Hashable {
      var account: String
      let fileTransferUUID: String
      let wireName: JournalledName
      let size: UInt64
      var infRef: InfRef?
      var sender: String
      var metadata: [UInt8]
      /// The root of metadata that is not kept here.
      var root: MetadataRoot?
      let seenAt: Timestamp
    }

    let values: Values

    init(_ values: Values) { self.values = values }

    static func == (one: Settled, other: Settled) -> Bool { one === other || one.values == other.values }

    func hash(into hasher: inout Hasher) { hasher.combine(values) }
  }
}

extension Arrival {
  /// The server gave no time for the data that differs.
  static let noTime: Int64 = -1
  /// The metadata in IN differs.
  static let ofMetadata: Int64 = -2

  /// Its metadata, as a document.
  func readMetadata() throws(ExchangeError) -> FileMetadata {
    do throws(DocumentError) {
      return try FileMetadata(reading: metadata)
    } catch {
      throw ExchangeError(
        .journal, operation: "read the journal", path: wireName.string,
        message: "the metadata of A\(id) is damaged: \(error)",
        remedy: "check the journal\(by: .checkJournal)"
      ).inDanish(
        ("Journalens metadata for A\(id) er beskadiget. \(error.inDanish) Kør \(.checkJournal)." as Remedy).inDanish)
    }
  }

  /// Resets the failures, because its present step is another one.
  mutating func forgetFailures() {
    tries = 0
    nextTryAt = nil
    reason = nil
  }
}
