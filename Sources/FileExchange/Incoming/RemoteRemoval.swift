internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// Removes an arrival's data and metadata from IN, each only if it is proven to be the fetched file.
///
/// The data's proof is its size and modification time, if it was old enough at the fetch (``ServerClock``). Otherwise
/// the data is fetched again and compared, only once, because the journal keeps the result. Metadata is proven in the
/// same way, or else read again. At most a step of the journal and one round trip pass between this last check and the
/// server's REMOVE: SFTP has no conditional removal.
///
/// Data goes first and metadata last, because nothing beside data without metadata says whose it is. Both requests are
/// sent together, which saves a round trip, only if the journal has the data's proof: if the server then removes the
/// metadata only, a later run still recognises the data and removes it by that proof.
struct RemoteRemoval: Sendable {
  let journal: Journal
  let client: SFTPClient
  let account: Account
  let intake: Intake
  let clock: ServerClock
  let logger: Logger

  /// Data of this size comes in one answer: it is read again beside the metadata.
  private static let small: UInt64 = 32 << 10

  /// The knowledge about the data in IN.
  private enum Finding: Sendable {
    case missing
    /// It has these attributes.
    case seen(FileAttributes)
    case compared(Comparison)
  }

  private struct Comparison: Sendable {
    let attributes: FileAttributes
    /// `nil` where more came than was fetched.
    let sha256: SHA256Digest?
    /// The modification time that proves the content; `nil` if none does.
    let settled: Int64?
  }

  /// Removes the files of an arrival from IN.
  ///
  /// - Parameters:
  ///   - settled: the metadata just read from IN, if size and time prove that it is the recorded one.
  ///   - comparesProven: true to fetch data again and compare it even if its time proves it.
  /// - Returns: the arrival in the journal's new state; `nil` if there is no file, or another transfer's.
  /// - Throws: ``ExchangeError`` with code `remote-differs` if another file is there, which the journal then records;
  ///   and errors of connection and journal.
  func carryOut(
    _ arrival: Arrival, _ settled: SettledFile?, comparesProven: Bool
  ) async throws(ExchangeError) -> Arrival? {
    let folder = RemotePath(account.folders.in)
    let data = folder.appending(arrival.wireName.string)
    let metadataPath = folder.appending(arrival.wireName.string + account.suffixes.metadata)
    let compares = comparesProven || arrival.settledModified == nil
    // Only in the ordinary case: a file that stays in IN is not fetched again at each look.
    let isOrdinary = arrival.state == .handedOver && arrival.reason == nil && arrival.differentModified == nil
    let measures = compares && isOrdinary && arrival.size <= Self.small
    let observed = await look(at: data, metadataPath, of: arrival, settled, measures: measures)
    guard let bytes = try observed.metadata.get() else {
      return try await removeDataAlone(try observed.data.get(), of: arrival, at: data, compares: compares)
    }
    if bytes != arrival.metadata {
      guard try intake.parse(bytes, from: metadataPath).fileTransferUUID == arrival.fileTransferUUID else {
        logger.say(
          .notice,
          LocalizedText(
            "\(metadataPath) belongs to a newer transfer; it stays",
            "\(metadataPath) hører til en nyere overførsel og bliver liggende"))
        return nil
      }
      try await refuseMetadata(arrival, at: metadataPath)
    }
    var finding = try observed.data.get()
    if case .compared(let comparison) = finding { try await requireSame(comparison, arrival, at: data) }
    if case .seen(let attributes) = finding {
      finding = try await examine(attributes, arrival, at: data, compares: compares)
      if case .compared(let comparison) = finding {
        // It may have taken long.
        async let metadataNow = Result { () async throws(ExchangeError) in
          try await intake.metadataNow(of: arrival, at: metadataPath, settled)
        }
        let isThere = try await isUnchanged(since: comparison, at: data)
        guard let bytesNow = try await metadataNow.get() else { return nil }
        guard bytesNow == bytes else { try await refuseMetadata(arrival, at: metadataPath) }
        if !isThere { finding = .missing }
      }
    }
    var proven = arrival
    if case .compared(let comparison) = finding { proven.settledModified = comparison.settled }
    if proven.differentModified != nil { (proven.differentModified, proven.reason) = (nil, nil) }
    let isRepeat = proven.state == .removed
    if case .missing = finding {
      try await remove([metadataPath])
      guard isRepeat else { return proven }
      return try await journal.update(proven, noting: "removed-again", "its metadata alone lay in IN again")
    }
    if isRepeat {
      proven = try await journal.update(
        proven, noting: "removing-again", "it came again with the content that was fetched before")
    }
    do throws(ExchangeError) {
      if case .seen = finding, !compares {
        try await remove([data, metadataPath])
      } else {
        try await remove([data])
        try await remove([metadataPath])
      }
    } catch let failure {
      // IN was compared with the journal's hash: recorded, so that the next look need not fetch the data to compare.
      if proven.settledModified != nil, proven != arrival { _ = try await journal.update(proven) }
      throw failure
    }
    return proven
  }

  /// Removes data whose metadata is gone, if the journal has the data's proof: an earlier run requested the removal of
  /// both.
  private func removeDataAlone(
    _ finding: Finding, of arrival: Arrival, at data: RemotePath, compares: Bool
  ) async throws(ExchangeError) -> Arrival? {
    guard !compares, case .seen(let now) = finding, arrival.differentModified == nil, now.size == arrival.size,
      now.journalledTime == arrival.settledModified
    else { return nil }
    try await remove([data])
    return arrival
  }

  /// Looks at data and metadata at the same time, in one round trip where neither has to be read.
  private func look(
    at data: RemotePath, _ metadataPath: RemotePath, of arrival: Arrival, _ settled: SettledFile?, measures: Bool
  ) async -> (data: Result<Finding, ExchangeError>, metadata: Result<[UInt8]?, ExchangeError>) {
    guard let settled, !measures else {
      async let looking = Result { () async throws(ExchangeError) in
        measures
          ? try await measure(data, of: arrival).map(Finding.compared) ?? .missing
          : try await attributes(of: [data])[0].map(Finding.seen) ?? .missing
      }
      let metadata = await Result { () async throws(ExchangeError) in
        try await intake.metadataNow(of: arrival, at: metadataPath, settled)
      }
      return (await looking, metadata)
    }
    let both: [FileAttributes?]
    do throws(ExchangeError) {
      both = try await attributes(of: [data, metadataPath])
    } catch {
      return (.failure(error), .failure(error))
    }
    let finding = both[0].map(Finding.seen) ?? .missing
    guard let now = both[1] else { return (.success(finding), .success(nil)) }
    if settled.isProven(by: now) { return (.success(finding), .success(arrival.metadata)) }
    let metadata = await Result { () async throws(ExchangeError) in
      try await intake.metadataNow(of: arrival, at: metadataPath, nil)
    }
    return (.success(finding), metadata)
  }

  // MARK: The data

  /// Examines data with these attributes: proven by them, or else compared; it may be gone by then.
  private func examine(
    _ attributes: FileAttributes, _ arrival: Arrival, at data: RemotePath, compares: Bool
  ) async throws(ExchangeError) -> Finding {
    if let size = attributes.size, size != arrival.size {
      throw ExchangeError(
        .remoteDiffers, operation: "look into IN", path: data.string,
        message:
          "\(size.groupedBytes) \(size == 1 ? "lies" : "lie") there, and transfer \(arrival.fileTransferUUID) was fetched with \(arrival.size.grouped)",
        remedy:
          "it is left in IN, as it may be the beginning of another file; ask the platform's help desk if it stays so"
      ).inDanish(
        detail:
          "der ligger \(size.grouped) byte, og overførslen \(arrival.fileTransferUUID) blev hentet med \(arrival.size.grouped)"
      )
    }
    let time = attributes.journalledTime
    if time == arrival.differentModified {
      try await refuse(arrival, at: data, arrival.reason ?? differs(arrival, sha256: nil), time)
    }
    if !compares, time == arrival.settledModified { return .seen(attributes) }
    guard let comparison = try await compare(arrival, at: data) else { return .missing }
    return .compared(comparison)
  }

  /// Returns true if data still is the compared one; false when it is gone.
  private func isUnchanged(since comparison: Comparison, at data: RemotePath) async throws(ExchangeError) -> Bool {
    guard let now = try await attributes(of: [data])[0] else { return false }
    if now.size == comparison.attributes.size, now.modified == comparison.attributes.modified { return true }
    throw ExchangeError(
      .remoteDiffers, operation: "look into IN", path: data.string,
      message: "it changed while it was compared with what was fetched",
      remedy: "it is left in IN, and compared again with the next look"
    ).inDanish(
      "\(data) blev ændret, mens den blev sammenlignet med det hentede. Den bliver liggende i IN og sammenlignes igen.")
  }

  /// Fetches data again and compares it.
  private func compare(_ arrival: Arrival, at data: RemotePath) async throws(ExchangeError) -> Comparison? {
    guard let comparison = try await measure(data, of: arrival) else { return nil }
    try await requireSame(comparison, arrival, at: data)
    return comparison
  }

  private func requireSame(
    _ comparison: Comparison, _ arrival: Arrival, at data: RemotePath
  ) async throws(ExchangeError) {
    guard let sha256 = comparison.sha256, sha256 == arrival.sha256 else {
      try await refuse(
        arrival, at: data, differs(arrival, sha256: comparison.sha256), comparison.attributes.journalledTime)
    }
  }

  private func measure(_ data: RemotePath, of arrival: Arrival) async throws(ExchangeError) -> Comparison? {
    let sink = HashingSink(limit: arrival.size)
    let earliest = clock.earliest
    do throws(SFTPError) {
      let summary = try await client.download(data, to: sink)
      return Comparison(
        attributes: summary.attributes, sha256: summary.size == arrival.size ? sink.finish() : nil,
        settled: ServerClock.settledTime(of: summary.attributes, earliest: earliest))
    } catch {
      if error.code == .noSuchFile { return nil }
      if error.cause is HashingSink.TooLong {
        return Comparison(attributes: FileAttributes(), sha256: nil, settled: nil)
      }
      throw ExchangeError(error, while: "compare what lies in IN")
    }
  }

  private func differs(_ arrival: Arrival, sha256: SHA256Digest?) -> ArrivalReason {
    .otherContent(transfer: arrival.fileTransferUUID, sha256: sha256)
  }

  private func attributes(of paths: [RemotePath]) async throws(ExchangeError) -> [FileAttributes?] {
    do throws(SFTPError) {
      return try await client.attributesIfPresent(of: paths)
    } catch {
      throw ExchangeError(error, while: "look into IN")
    }
  }

  private func refuseMetadata(_ arrival: Arrival, at path: RemotePath) async throws(ExchangeError) -> Never {
    try await refuse(
      arrival, at: path, .otherMetadata(transfer: arrival.fileTransferUUID), Arrival.ofMetadata)
  }

  /// Records that another file is in IN, unless that is known, and returns the error.
  private func refuse(
    _ arrival: Arrival, at path: RemotePath, _ reason: ArrivalReason, _ time: Int64
  ) async throws(ExchangeError) -> Never {
    var refused = arrival
    (refused.reason, refused.differentModified, refused.settledModified) = (reason, time, nil)
    if refused != arrival {
      logger.about(arrival).say(
        .error,
        LocalizedText(
          "A\(arrival.id): \(Masked.name(reason.description)); it is left in IN",
          "A\(arrival.id): \(Masked.name(reason.text.da)); den bliver liggende i IN"))
      _ = try await journal.update(refused)
    }
    throw ExchangeError(
      .remoteDiffers, operation: "look into IN", path: path.string, message: reason.description,
      remedy: "it is left in IN; ask the platform's help desk why one id stands for two files"
    ).inDanish(
      "\(path): \(reason.text.da). Den bliver liggende i IN; spørg platformens helpdesk, hvorfor ét id står for to filer."
    )
  }

  /// Removes files with requests sent together; a file already gone counts as removed.
  private func remove(_ paths: [RemotePath]) async throws(ExchangeError) {
    try await journal.requireHold()
    let failures: [Int: SFTPError]
    do throws(SFTPError) {
      failures = try await client.remove(paths)
    } catch {
      throw ExchangeError(error, while: "remove from IN")
    }
    for index in paths.indices {
      if let failure = failures[index], failure.code != .noSuchFile {
        throw ExchangeError(failure, while: "remove from IN")
      }
    }
  }
}

extension FileAttributes {
  /// The modification time as the journal has it.
  fileprivate var journalledTime: Int64 { modified.map(Int64.init) ?? Arrival.noTime }
}
