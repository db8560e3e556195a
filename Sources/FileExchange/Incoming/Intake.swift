internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// Decides about one pair in IN before any of its data is fetched: its metadata is read, checked and journalled.
struct Intake: Sendable {
  let journal: Journal
  let client: SFTPClient
  let account: Account
  let control: ArrivalPolicy
  /// True if other machines may collect from this IN: arrivals unexpected here are left to those with a route for them.
  let hasOthers: Bool

  /// The action for a pair.
  enum Verdict: Sendable {
    /// An arrival that the account expects, in its state so far. `hasItsMetadata` is true if the metadata in IN equals
    /// the journal's.
    case welcome(Arrival, hasItsMetadata: Bool)
    /// The arrival is left in IN; the journal has the reason.
    case quarantined(Arrival)
    /// It has failed too often and waits for a person.
    case setAside(Arrival)
    /// The pair is gone; another process has taken it.
    case gone
  }

  /// Reads the metadata of a pair and decides about it.
  ///
  /// - Throws: ``ExchangeError`` with code `invalid-document` if the metadata cannot be understood, `not-whole` if the
  ///   data has another size than it says, or an error of connection and journal. Everything stays in IN.
  func judge(_ pair: IncomingPairs.Pair) async throws(ExchangeError) -> Verdict {
    let folder = RemotePath(account.folders.in)
    let path = folder.appending(pair.name)
    let metadataPath = folder.appending(pair.metadataName)
    guard let (metadata, bytes) = try await readMetadata(metadataPath, size: pair.metadata.size) else { return .gone }
    let file = metadata.fileDescriptor
    let transfer = TransferKey(metadata.fileTransferUUID, atMost: account.longestTransferID)
    let verdict = control.judge(metadata, of: transfer, named: pair.name)
    var route: String?
    if case .expected(let expecting) = verdict { route = expecting.name }
    let arrival = try await journal.see(
      .init(
        account: account.name, fileTransferUUID: transfer.text,
        wireName: JournalledName(listed: pair.name), size: file.sizeInBytes,
        infRef: metadata.fileContentDescriptor.routingInfo?.infRef,
        sender: file.sender, route: route, metadata: bytes, remark: control.municipalityWarning(metadata)))

    let hasItsMetadata = bytes == arrival.metadata
    switch arrival.state {
    case .seen, .fetching, .quarantined, .vanished:
      switch verdict {
      case .refused(let objection):
        return try await change(arrival, .refused, route: nil, because: objection).map { .quarantined($0) } ?? .gone
      case .expected(let route):
        try requireSameAnnouncement(pair, arrival, size: file.sizeInBytes, at: path)
        try requireWhole(pair, arrival, at: path)
        if arrival.state == .seen || arrival.state == .fetching, arrival.route == route.name {
          return .welcome(arrival, hasItsMetadata: hasItsMetadata)
        }
        // The reason no longer holds, because the settings were changed; or it is back.
        return try await change(arrival, .permitted, route: route.name, because: nil)
          .map { .welcome($0, hasItsMetadata: hasItsMetadata) } ?? .gone
      }
    case .fetched, .verified, .handingOver:
      return .welcome(arrival, hasItsMetadata: hasItsMetadata)
    case .setAside:
      return .setAside(arrival)
    case .handedOver, .removed:
      try await requireSameFile(pair, arrival, size: file.sizeInBytes, at: path)
      return .welcome(arrival, hasItsMetadata: hasItsMetadata)
    }
  }

  /// Checks that an id announces the same file as before.
  private func requireSameAnnouncement(
    _ pair: IncomingPairs.Pair, _ arrival: Arrival, size: UInt64, at path: RemotePath
  ) throws(ExchangeError) {
    guard arrival.wireName.bytes != pair.name || arrival.size != size else { return }
    throw ExchangeError(
      .remoteDiffers, operation: "look into IN", path: path.string,
      message:
        "transfer \(arrival.fileTransferUUID) was first seen as \(Masked.name(arrival.wireName.string)) with \(arrival.size.groupedBytes), and its metadata now says \(size.grouped)",
      remedy: "it is left in IN; ask the platform's help desk why one id stands for two files"
    ).inDanish(
      detail:
        "overførslen \(arrival.fileTransferUUID) blev først set som \(Masked.name(arrival.wireName.string)) med \(arrival.size.grouped) byte, og dens metadata siger nu \(size.grouped)"
    )
  }

  private func requireWhole(_ pair: IncomingPairs.Pair, _ arrival: Arrival, at path: RemotePath) throws(ExchangeError) {
    guard let size = pair.dataSize, size != arrival.size else { return }
    throw ExchangeError(
      .notWhole, operation: "look into IN", path: path.string,
      message: "the data has \(size.groupedBytes), its metadata says \(arrival.size.grouped)",
      remedy: "it is left in IN until it is whole; if it stays so, ask the platform's help desk"
    ).inDanish(detail: "den har \(size.grouped) byte, og metadata siger \(arrival.size.grouped)")
  }

  /// A transfer that was handed over and is in IN again may be removed there, if it is the same.
  private func requireSameFile(
    _ pair: IncomingPairs.Pair, _ arrival: Arrival, size: UInt64, at path: RemotePath
  ) async throws(ExchangeError) {
    guard arrival.wireName.bytes != pair.name || arrival.size != size else { return }
    let reason = ArrivalReason.cameAgain(
      transfer: arrival.fileTransferUUID, name: Masked.name(arrival.wireName.string), size: arrival.size,
      newName: Masked.name(path.string), newSize: size)
    try await refuseRepeat(arrival, because: reason)
    throw ExchangeError(
      .remoteDiffers, operation: "look into IN", path: path.string, message: reason.text.en,
      remedy: "it is left in IN; ask the platform's help desk why one id stands for two files"
    ).inDanish(
      "\(path): \(reason.text.da). Den bliver liggende i IN; spørg platformens helpdesk, hvorfor ét id står for to filer."
    )
  }

  /// Records that another file came under the id of an arrival already handed over; its state stays.
  private func refuseRepeat(_ arrival: Arrival, because reason: ArrivalReason) async throws(ExchangeError) {
    guard arrival.reason != reason else { return }
    _ = try await journal.withClaim(on: .arrival(arrival.id)) { () async throws(ExchangeError) in
      guard var current = try await journal.arrival(arrival.id), current.state == arrival.state else { return }
      current.reason = reason
      _ = try await journal.update(current)
    }
  }

  /// Returns the route that expects an arrival by its recorded metadata; `nil` for none.
  func route(expecting arrival: Arrival) -> ArrivalRoute? {
    guard case .expected(let route) = control.judge(arrival) else { return nil }
    return route
  }

  /// Records that a route expects an arrival which another machine has left in IN.
  ///
  /// - Returns: the arrival, which is this machine's from here on; `nil` while another process or machine is working on
  ///   it.
  func permit(_ arrival: Arrival, by route: ArrivalRoute) async throws(ExchangeError) -> Arrival? {
    try await change(arrival, .permitted, route: route.name, because: nil)
  }

  /// Records a finding about the arrival; returns `nil` when another process is at work on it or has taken it further.
  private func change(
    _ arrival: Arrival, _ event: ArrivalMachine.Event, route: String?, because reason: ArrivalReason?
  ) async throws(ExchangeError) -> Arrival? {
    if arrival.state == .quarantined, event == .refused, arrival.reason == reason { return arrival }
    let changed = try await journal.withClaim(on: .arrival(arrival.id)) { () async throws(ExchangeError) in
      guard var current = try await journal.arrival(arrival.id), current.state == arrival.state else {
        return Arrival?.none
      }
      current.forgetFailures()
      current.reason = reason
      current.route = route
      // A vanished arrival is present again, which is recorded first.
      let events = current.state == .vanished ? [.permitted, event] : [event]
      let changed = try await journal.transition(current, events, answer: nil)
      if hasOthers, event == .refused { try await journal.leaveToOthers(arrival: changed.id) }
      return changed
    }
    return changed ?? nil
  }

  /// Reads the metadata at a path; `nil` if it does not exist.
  ///
  /// - Parameter size: its size in bytes, if known; it saves requests.
  func readMetadata(_ path: RemotePath, size: UInt64?) async throws(ExchangeError) -> (FileMetadata, [UInt8])? {
    guard let bytes = try await metadataBytes(at: path, size: size) else { return nil }
    return (try parse(bytes, from: path), bytes)
  }

  /// The bytes of the metadata at a path, `nil` when it is not there.
  func metadataBytes(at path: RemotePath, size: UInt64?) async throws(ExchangeError) -> [UInt8]? {
    try await DocumentInIN.metadata.read(path, size: size, over: client)
  }

  /// Returns the present bytes of an arrival's metadata in IN; `nil` if it does not exist. It is not read again if its
  /// size and time prove that it is the recorded one.
  func metadataNow(
    of arrival: Arrival, at path: RemotePath, _ settled: SettledFile?
  ) async throws(ExchangeError) -> [UInt8]? {
    if let settled {
      do throws(SFTPError) {
        guard let now = try await client.attributesIfPresent(of: path) else { return nil }
        if settled.isProven(by: now) { return arrival.metadata }
      } catch {
        throw ExchangeError(error, while: "read the metadata")
      }
    }
    return try await metadataBytes(at: path, size: UInt64(arrival.metadata.count))
  }

  /// Reads metadata that has come.
  func parse(_ bytes: [UInt8], from path: RemotePath) throws(ExchangeError) -> FileMetadata {
    try DocumentInIN.metadata.parse(bytes, from: path) { (bytes) throws(DocumentError) in
      try FileMetadata(reading: bytes)
    }
  }
}
