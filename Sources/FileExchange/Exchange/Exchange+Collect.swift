internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import SystemPackage
internal import TriggerFiles

/// What one look into an account's IN brought.
public struct CollectionReport: Sendable {
  /// The account.
  public let account: String
  /// Arrivals that lie in the inbox now and are gone from IN.
  public internal(set) var collected: [Arrival] = []
  /// Arrivals that had been handed over before and lay in IN again.
  public internal(set) var repeated: [Arrival] = []
  /// Arrivals that are left in IN because the account does not expect them; each has its reason.
  public internal(set) var quarantined: [Arrival] = []
  /// Deliveries whose receipt came.
  public internal(set) var settled: [Delivery] = []
  /// What could not be collected, and why: all of it still lies in IN.
  public internal(set) var problems: [ExchangeError] = []
  /// Bytes of data fetched by this run.
  public internal(set) var bytesFetched: UInt64 = 0
}

extension Exchange {
  /// Something happened to an arrival.
  public enum CollectionProgress: Sendable {
    /// So many pairs wait in IN.
    case found(Int)
    /// So many more bytes came.
    case fetched(bytes: UInt64)
    /// An arrival lies in the inbox.
    case collected(Arrival)
  }

  /// Collects everything that waits in the account's IN into its inbox folder, and the receipts of its deliveries.
  ///
  /// Data is fetched only when its metadata is read, understood and expected (contract section 5), appears in the inbox
  /// folder whole, and is removed from IN only after that. What cannot be collected stays in IN and is in the report.
  public func collect(
    _ accountName: String, inFlight: Int = 32, onProgress: @escaping @Sendable (CollectionProgress) -> Void = { _ in }
  ) async -> CollectionReport {
    var report = CollectionReport(account: accountName)
    guard let account = settings.account(named: accountName) else {
      report.problems.append(
        ExchangeError(
          .unknownRoute, operation: "collect",
          message: "there is no account named \(accountName) in \(settings.source)",
          remedy: "use one of: \(settings.accounts.map(\.name).joined(separator: ", "))"))
      return report
    }
    let failure = await withConnections(to: account) { client in
      let before = report.collected.count
      do throws(ExchangeError) {
        try await collect(account, over: client, inFlight: inFlight, into: &report, onProgress: onProgress)
        return .done
      } catch {
        return .lost(error, madeProgress: report.collected.count > before)
      }
    }
    if let failure { report.problems.append(failure) }
    return report
  }

  /// Throws only when the connection is of no more use.
  private func collect(
    _ account: Account, over client: SFTPClient, inFlight: Int, into report: inout CollectionReport,
    onProgress: @escaping @Sendable (CollectionProgress) -> Void
  ) async throws(ExchangeError) {
    let inbox = try await InboxFolder.open(settings.inbox.appending(account.name))
    let intake = Intake(
      journal: journal, client: client, account: account,
      control: DeliveryControl(account: account.name, settings: settings))
    let bytes = Locked<UInt64>(0)
    let run = ArrivalRun(
      journal: journal, client: client, account: account, inbox: inbox, intake: intake, logger: logger
    ) { count in
      bytes.withLock { $0 += count }
      onProgress(.fetched(bytes: count))
    }
    defer { report.bytesFetched += bytes.withLock { $0 } }

    // What an earlier run has here already is finished first, whether or not it still lies in IN.
    var problems: [ExchangeError] = []
    for arrival in try await journal.arrivalsToFinish(of: account.name) {
      do throws(ExchangeError) {
        if case .collected(let finished) = try await finish(arrival, run: run) { report.collected.append(finished) }
      } catch {
        if error.endsRun { throw error }
        problems.append(error)
      }
    }
    report.quarantined = []
    report.settled += try await lookForReceipts(over: client, of: account)
    let incoming = IncomingPairs(
      try await list(account.folders.in, over: client), metadataSuffix: Array(account.suffixes.metadata.utf8),
      receiptSuffix: Array(account.suffixes.receipt.utf8))
    onProgress(.found(incoming.pairs.count))
    report.problems = problems
    report.problems += incoming.dataAlone.map { name in
      ExchangeError(
        .notWhole, operation: "look into IN", path: String(decoding: name, as: UTF8.self),
        message: "data without metadata", remedy: "it is left in IN until its metadata comes; nothing says whose it is")
    }
    for name in incoming.metadataAlone {
      if let problem = try await settleMetadataAlone(name, run: run, account: account) {
        report.problems.append(problem)
      }
    }
    try await withBoundedTasks(incoming.pairs, limit: inFlight) { pair in
      await Result { () async throws(ExchangeError) in try await collectOne(pair, run: run) }
    } each: { (outcome: Result<Outcome, ExchangeError>) throws(ExchangeError) in
      switch outcome {
      case .success(.collected(let arrival)):
        report.collected.append(arrival)
        onProgress(.collected(arrival))
      case .success(.repeated(let arrival)): report.repeated.append(arrival)
      case .success(.quarantined(let arrival)): report.quarantined.append(arrival)
      case .success(.notOurs): break
      case .failure(let error) where error.endsRun: throw error
      case .failure(let error): report.problems.append(error)
      }
    }
  }

  private enum Outcome: Sendable {
    case collected(Arrival)
    case repeated(Arrival)
    case quarantined(Arrival)
    case notOurs
  }

  private func collectOne(_ pair: IncomingPairs.Pair, run: ArrivalRun) async throws(ExchangeError) -> Outcome {
    switch try await run.intake.judge(pair) {
    case .gone: return .notOurs
    case .quarantined(let arrival): return .quarantined(arrival)
    case .welcome(let seen): return try await finish(seen, run: run)
    }
  }

  private func finish(_ seen: Arrival, run: ArrivalRun) async throws(ExchangeError) -> Outcome {
    let outcome = try await journal.withClaim(on: .arrival(seen.id)) { () async throws(ExchangeError) in
      // What the journal says now: another process may have had the claim until a moment ago.
      let current = try await journal.arrival(seen.id) ?? seen
      if current.state == .removed, seen.state != .removed { return Outcome.notOurs }
      let driven = try await run.drive(current)
      return current.state == .removed ? Outcome.repeated(driven) : .collected(driven)
    }
    return outcome ?? .notOurs
  }

  /// Metadata without data: ours to remove when its transfer was handed over, otherwise a thing to tell.
  private func settleMetadataAlone(
    _ name: [UInt8], run: ArrivalRun, account: Account
  ) async throws(ExchangeError) -> ExchangeError? {
    let path = RemotePath(account.folders.in).appending(name + Array(account.suffixes.metadata.utf8))
    do throws(ExchangeError) {
      guard let (metadata, _) = try await run.intake.readMetadata(path) else { return nil }
      if let known = try await journal.arrival(transfer: metadata.fileTransferUUID, of: account.name),
        known.state == .handedOver || known.state == .removed
      {
        _ = try await finish(known, run: run)
        return nil
      }
      return ExchangeError(
        .notWhole, operation: "look into IN", path: path.string, message: "metadata without data",
        remedy: "it is left in IN until its data comes; if it stays so, ask the platform's help desk")
    } catch {
      if error.endsRun { throw error }
      return error
    }
  }
}
