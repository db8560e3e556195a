internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import TriggerFiles

/// Decides about one pair in IN before any of its data is fetched: its metadata is read, checked and journalled.
struct Intake: Sendable {
  let journal: any JournalStore
  let client: SFTPClient
  let account: Account
  let control: DeliveryControl

  /// What is to be done with a pair.
  enum Verdict: Sendable {
    /// It is ours, and this is how far it has come.
    case welcome(Arrival)
    /// It is left in IN, and the journal says why.
    case quarantined(Arrival)
    /// It is not there any more; somebody else has taken it.
    case gone
  }

  private static let metadataLimit = 1 << 20

  /// Reads the metadata of a pair and judges it.
  ///
  /// - Throws: ``ExchangeError`` with code `invalid-document` when the metadata cannot be understood, `not-whole` when
  ///   the data has another size than it says, and what connection and journal throw. Everything stays in IN.
  func judge(_ pair: IncomingPairs.Pair) async throws(ExchangeError) -> Verdict {
    let folder = RemotePath(account.folders.in)
    let path = folder.appending(pair.name)
    guard let (metadata, bytes) = try await readMetadata(folder.appending(pair.metadataName)) else { return .gone }
    let file = metadata.fileDescriptor
    var infRef: String?
    if case .routing(let routing) = metadata.fileContentDescriptor { infRef = routing.infRef }
    let arrival = try await journal.see(
      .init(
        account: account.name, fileTransferUUID: metadata.fileTransferUUID,
        wireName: String(decoding: pair.name, as: UTF8.self), size: file.sizeInBytes, infRef: infRef,
        sender: file.sender, metadata: bytes))

    switch arrival.state {
    case .seen, .fetching, .quarantined:
      if let objection = objection(to: metadata, named: pair.name) {
        return try await change(arrival, to: .quarantined, because: objection).map { .quarantined($0) } ?? .gone
      }
      try requireWhole(pair, arrival, at: path)
      if arrival.state != .quarantined { return .welcome(arrival) }
      // The reason no longer holds, because the settings were changed.
      return try await change(arrival, to: .seen, because: nil).map { .welcome($0) } ?? .gone
    case .fetched, .verified:
      return .welcome(arrival)
    case .handedOver, .removed:
      try requireSameFile(pair, arrival, size: file.sizeInBytes, at: path)
      return .welcome(arrival)
    }
  }

  private func requireWhole(_ pair: IncomingPairs.Pair, _ arrival: Arrival, at path: RemotePath) throws(ExchangeError) {
    guard let size = pair.dataSize, size != arrival.size else { return }
    throw ExchangeError(
      .notWhole, operation: "look into IN", path: path.string,
      message: "the data has \(size) bytes, its metadata says \(arrival.size)",
      remedy: "it is left in IN until it is whole; if it stays so, ask the platform's help desk")
  }

  /// A transfer that was handed over and lies in IN again may be removed there, if it is the same.
  private func requireSameFile(
    _ pair: IncomingPairs.Pair, _ arrival: Arrival, size: UInt64, at path: RemotePath
  ) throws(ExchangeError) {
    guard Array(arrival.wireName.utf8) != pair.name || arrival.size != size else { return }
    throw ExchangeError(
      .remoteDiffers, operation: "look into IN", path: path.string,
      message:
        "transfer \(arrival.fileTransferUUID) was handed over before, as \(Masked.name(arrival.wireName)) with \(arrival.size) bytes",
      remedy: "it is left in IN; ask the platform's help desk why one id stands for two files")
  }

  private func objection(to metadata: FileMetadata, named name: [UInt8]) -> String? {
    let file = metadata.fileDescriptor
    guard Array(file.fileName.utf8) == name else {
      return "its metadata calls the file \(Masked.name(file.fileName)), which is not the name of the file beside it"
    }
    do {
      _ = try WireName(file.fileName, suffixes: account.suffixes)
    } catch {
      return "its name cannot be used here: \(error)"
    }
    return control.objection(to: metadata)
  }

  /// Gives an arrival another state and reason; `nil` when another process is at work on it or has taken it further.
  private func change(
    _ arrival: Arrival, to state: ArrivalState, because reason: String?
  ) async throws(ExchangeError) -> Arrival? {
    if arrival.state == state, arrival.reason == reason { return arrival }
    let changed = try await journal.withClaim(on: .arrival(arrival.id)) { () async throws(ExchangeError) in
      guard var current = try await journal.arrival(arrival.id), current.state == arrival.state else {
        return Arrival?.none
      }
      current.state = state
      current.reason = reason
      return try await journal.record(current)
    }
    return changed ?? nil
  }

  /// The metadata at a path, `nil` when it is not there.
  func readMetadata(_ path: RemotePath) async throws(ExchangeError) -> (FileMetadata, [UInt8])? {
    let bytes: [UInt8]
    do throws(SFTPError) {
      bytes = try await client.read(path, limit: Self.metadataLimit)
    } catch {
      if error.code == .noSuchFile { return nil }
      throw ExchangeError(error, while: "read the metadata")
    }
    do {
      return (try FileMetadata(reading: bytes), bytes)
    } catch {
      throw ExchangeError(
        .invalidDocument, operation: "read the metadata", path: path.string, message: "\(error)",
        remedy: "the pair is left in IN; ask the platform's help desk if it stays so")
    }
  }
}
