internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

/// Suspected causes of lost connections: they come after all other files, one by one over a connection of their own.
/// None is set aside for it, because server or network may be the cause.
extension CollectionRun {
  /// An item left for last.
  enum Suspected: Sendable {
    /// An arrival with its data here; it must still be handed over or removed from IN.
    case arrival(Arrival)
    case pair(IncomingPairs.Pair)
    /// Metadata without data, by the data's name.
    case metadataAlone([UInt8])
    /// A receipt.
    case receipt(DirectoryEntry)

    /// The name of the file in IN.
    fileprivate var name: [UInt8] {
      switch self {
      case .arrival(let arrival): arrival.wireName.bytes
      case .pair(let pair): pair.name
      case .metadataAlone(let name): name
      case .receipt(let entry): entry.name
      }
    }
  }

  /// The number of tries of such a file in a call, pauses apart.
  private static let triesInACall = 2

  func path(_ name: [UInt8]) -> RemotePath { RemotePath(account.folders.in).appending(name) }

  /// Leaves a file for last.
  func leaveForLast(_ file: Suspected) { recorder.leaveForLast(file, at: path(file.name)) }

  /// Goes through with a file, or leaves it for last where it is suspected.
  func during(
    _ file: Suspected, _ work: () async throws(ExchangeError) -> Outcome
  ) async throws(ExchangeError) -> Outcome {
    let path = path(file.name)
    if exchange.suspects.file(path, of: account.name) != nil {
      leaveForLast(file)
      return .nothing
    }
    return try await exchange.suspects.during(
      path, of: account.name, over: client, isAlone: false, by: exchange.patience.retry, work)
  }

  /// Forgets suspected files that are no longer in IN.
  func clearSuspects(gone listing: [DirectoryEntry]) async throws(ExchangeError) {
    let suspects = exchange.suspects.all(of: account.name).map(\.path)
    let folder = path([]).bytes
    let inHere = suspects.filter { $0.bytes.starts(with: folder) }
    if inHere.isEmpty { return }
    let metadataSuffix = Array(account.suffixes.metadata.utf8)
    let names = Set(listing.map { JournalledName(listed: $0.name).bytes })
    for path in inHere
    where !names.contains(path.lastComponent) && !names.contains(path.lastComponent + metadataSuffix) {
      try await exchange.suspects.clear(path, of: account.name)
    }
  }

  /// Processes the items left for last, one file at a time.
  ///
  /// - Throws: ``ExchangeError`` if the connection is lost; the recorder then has the remaining items.
  func finishLast() async throws(ExchangeError) {
    let suspects = exchange.suspects.all(of: account.name)
    // A file that is gone from IN is no longer suspected, and may still have to be finished here.
    let others = recorder.leftForLast.filter { path in !suspects.contains { $0.path == path } }
    for suspect in others.map({ SuspectFile(path: $0, since: .now, reason: "") }) + suspects {
      guard let item = recorder.last(at: suspect.path) else { continue }
      let isPausing = options.keepsPauses && exchange.isPausing(suspect)
      if isPausing || recorder.losses(at: suspect.path) >= Self.triesInACall {
        recorder.finishLast(suspect.path)
        recorder.add(problem: suspect.error)
        continue
      }
      let outcome = await Result { () async throws(ExchangeError) in
        try await exchange.suspects.during(
          suspect.path, of: account.name, over: client, isAlone: true, by: exchange.patience.retry
        ) { () async throws(ExchangeError) in try await carryOut(item) }
      }
      if case .failure(let error) = outcome, error.endsRun {
        if error.isLoss {
          if exchange.suspects.blames(suspect, of: account.name) { recorder.noteLoss(at: suspect.path) }
          if case .pair(let pair) = item { try await leaveArrival(of: pair, at: suspect.path) }
        }
        throw error
      }
      recorder.finishLast(suspect.path)
      try settle(outcome)
    }
    try await noteRefused()
  }

  /// Leaves the arrival for last in place of its pair if its data is here: the pair may already be removed from IN, by
  /// a request whose answer was lost with the connection.
  private func leaveArrival(of pair: IncomingPairs.Pair, at path: RemotePath) async throws(ExchangeError) {
    let name = JournalledName(listed: pair.name)
    let unfinished = try await journal.arrivalsToFinish(of: account.name)
    guard let arrival = unfinished.first(where: { $0.wireName == name }) else { return }
    recorder.finishLast(path)
    recorder.leaveForLast(.arrival(arrival), at: path)
  }

  private func carryOut(_ item: Suspected) async throws(ExchangeError) -> Outcome {
    switch item {
    case .arrival(let arrival): return try await finish(arrival)
    case .pair(let pair): return try await collect(pair, unless: [])
    case .metadataAlone(let name):
      try await settleMetadataAlone(name, unless: [])
      return .nothing
    case .receipt(let entry):
      let round = try await exchange.receiptPost(over: client, of: account).collect(from: [entry], judgesOthers: true)
      recorder.note { $0.settled += round.settled }
      for problem in round.problems { recorder.add(problem: problem.error) }
      if let failure = round.failure { throw failure }
      return .nothing
    }
  }
}
