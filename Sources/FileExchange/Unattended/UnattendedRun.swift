internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging

/// The long-running exchange: for each account it delivers what appears in the watched folders, looks for receipts, and
/// collects what comes, until it is asked to stop.
///
/// Accounts are independent of each other, and within an account the jobs are: each has a loop of its own over the
/// account's one connection, which is kept. Everything that matters is in the journal and in the folders, nothing in
/// this process: it may be killed at any moment, and the next one goes on.
struct UnattendedRun: Sendable {
  private let exchange: Exchange
  private let bulletin: Bulletin
  private let alerts: AlertDesk?
  private let stop: GracefulStop
  private let accounts: [AccountJobs]
  private let lines: [AccountLine]
  private let upkeep: UpkeepLoop

  /// The loops of one account.
  private struct AccountJobs: Sendable {
    let outgoing: OutgoingLoop?
    let receipts: ReceiptLoop
    let collecting: CollectingLoop
    let handOver: HandOverLoop?

    var pulses: [Pulse] {
      [outgoing?.pulse, receipts.pulse, collecting.pulse, handOver?.pulse].compactMap { $0 }
    }
  }

  /// Opens the watched folders.
  init(
    _ exchange: Exchange, stop: GracefulStop, onEvent: @escaping @Sendable (UnattendedEvent) -> Void
  ) async throws(ExchangeError) {
    var exchange = exchange
    let settings = exchange.settings
    let logger = exchange.logger
    let alerts = settings.alert.map { AlertDesk($0, withheld: settings.passphraseVariables, logger: logger) }
    let bulletin = Bulletin(logger: logger) { event in
      if case .attention(let attention) = event { alerts?.take(attention) }
      onEvent(event)
    }
    self.alerts = alerts
    let (connecting, policy) = (exchange, exchange.patience.retry)
    lines = exchange.settings.accounts.map { account in
      AccountLine(account, policy: policy, logger: connecting.logger, stop: stop) {
        await Result { () async throws(ExchangeError) in try await connecting.connect(to: account) }
      }
    }
    exchange.lines = Dictionary(lines.map { ($0.account.name, $0) }, uniquingKeysWith: { first, _ in first })
    var accounts: [AccountJobs] = []
    for account in exchange.settings.accounts {
      let folders = try await Self.folders(of: account, in: exchange.settings, logger)
      let desk = OutgoingDesk(exchange: exchange, account: account, bulletin: bulletin)
      let freed = Locked<Set<[UInt8]>>([])
      let firstEntry = try await exchange.journal.deliveriesRefused(of: account.name, after: .max).lastEntry
      let receipts = ReceiptLoop(
        desk: desk, folders: folders, stop: stop, pulse: Pulse("receipts of \(account.name)", allowed: .seconds(600)),
        freed: freed, firstEntry: firstEntry)
      let handOver = HandOverLoop(
        exchange: exchange, account: account, bulletin: bulletin, stop: stop,
        pulse: Pulse("handing over of \(account.name)", allowed: .seconds(120)))
      accounts.append(
        AccountJobs(
          outgoing: folders.isEmpty
            ? nil
            : OutgoingLoop(
              desk: desk, folders: folders, stop: stop,
              pulse: Pulse("sending of \(account.name)", allowed: .seconds(120)), freed: freed),
          receipts: receipts,
          collecting: CollectingLoop(
            exchange: exchange, account: account, bulletin: bulletin, receipts: receipts, stop: stop,
            pulse: Pulse("collecting of \(account.name)", allowed: .seconds(1800))),
          handOver: handOver.isNeeded ? handOver : nil))
    }
    self.exchange = exchange
    self.bulletin = bulletin
    self.stop = stop
    self.accounts = accounts
    upkeep = UpkeepLoop(
      exchange: exchange, folders: accounts.flatMap(\.receipts.folders), bulletin: bulletin, stop: stop)
  }

  private static func folders(
    of account: Account, in settings: ExchangeSettings, _ logger: Logger
  ) async throws(ExchangeError) -> [OutgoingFolder] {
    let watched = settings.routes.filter { $0.account == account.name }
      .compactMap { route in route.outgoing.map { (route, $0) } }
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      var folders: [OutgoingFolder] = []
      for (route, rules) in watched {
        let folder = try OutgoingFolder(opening: rules, route: route.name) { route.wireName(of: $0) ?? $0 }
        if try folder.folder.isShared() {
          logger.notice(
            "\(rules.path) is a shared folder: whoever may write into it can have files sent by \(route.name)")
        }
        folders.append(folder)
      }
      return folders
    }
  }

  /// Runs until it is asked to stop.
  ///
  /// - Returns: the error of an account when all accounts are stopped, or why the journal is not the one that was opened;
  ///   `nil` after a stop that was asked for.
  func run() async -> ExchangeError? {
    bulletin.tell(.ready)
    async let telling: Void? = alerts?.run()
    let failure = await withTaskGroup(of: End.self) { group in
      group.addTask {
        await work()
        return .workIsOver
      }
      group.addTask { await attend() }
      group.addTask { await limitStop() }
      var failure: ExchangeError?
      while let end = await group.next() {
        switch end {
        case .workIsOver, .timeIsUp: group.cancelAll()
        case .allAreStopped(let error):
          failure = error
          stop.request()
        case .journalIsAnother(let error):
          failure = error
          stop.request()
          // At once: what is under way would be a step that no journal knows of.
          group.cancelAll()
        case .nothing: break
        }
      }
      return failure
    }
    for line in lines { await line.close() }
    // What there is to tell is told before the end: each has its time, and there are few.
    alerts?.close()
    _ = await telling
    return failure
  }

  /// Why a part of the run ended.
  private enum End: Sendable {
    case workIsOver
    case timeIsUp
    case allAreStopped(ExchangeError)
    case journalIsAnother(ExchangeError)
    case nothing
  }

  private func work() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await upkeep.run() }
      for account in accounts {
        if let outgoing = account.outgoing {
          group.addTask { await Pulse.$current.withValue(outgoing.pulse) { await outgoing.run() } }
        }
        group.addTask { await Pulse.$current.withValue(account.receipts.pulse) { await account.receipts.run() } }
        group.addTask { await Pulse.$current.withValue(account.collecting.pulse) { await account.collecting.run() } }
        if let handOver = account.handOver { group.addTask { await handOver.run() } }
      }
    }
  }

  /// Watches over the others: the journal, maintenance windows, stopped accounts, pulses, the status.
  private func attend() async -> End {
    var nextStatus = ContinuousClock.now
    while !Task.isCancelled {
      let (isReadable, replaced) = await attendToJournal()
      if let replaced { return .journalIsAnother(replaced) }
      var stopped: [ExchangeError] = []
      for line in lines {
        await line.minded()
        if let error = await line.reasonOfStop {
          stopped.append(error)
          bulletin.attention(.accountStopped, account: line.account.name, error.description)
        }
      }
      if let first = stopped.first, stopped.count == lines.count { return .allAreStopped(first) }
      checkPulses(journalIsReadable: isReadable)
      if nextStatus <= .now {
        bulletin.tell(.status(await status()))
        nextStatus = .now + .seconds(5)
      }
      do { try await Task.sleep(for: .seconds(1)) } catch { return .nothing }
    }
    return .nothing
  }

  /// The journal's heartbeat: whether it answers, and why it is not the one that was opened.
  private func attendToJournal() async -> (isReadable: Bool, replaced: ExchangeError?) {
    do throws(ExchangeError) {
      guard let replaced = try await exchange.journal.attend() else {
        _ = try await exchange.journal.delivery(0)
        return (true, nil)
      }
      bulletin.attention(.journalReplaced, account: "", replaced.description)
      return (false, replaced)
    } catch {
      bulletin.once(.critical, "\(error)")
      return (false, nil)
    }
  }

  /// The journal answers and every loop has moved lately.
  private func checkPulses(journalIsReadable: Bool) {
    let now = ContinuousClock.now
    let stuck = accounts.flatMap(\.pulses).filter { !$0.isAlive(at: now) }
    for pulse in stuck { bulletin.once(.critical, "\(pulse.name) has not moved for too long") }
    if stuck.isEmpty, journalIsReadable { bulletin.tell(.alive) }
  }

  private func status() async -> String {
    let counts = bulletin.countsNow
    var parts = [
      "sent \(counts.sent), accepted \(counts.accepted), refused \(counts.refused), set aside \(counts.setAside), collected \(counts.collected)"
    ]
    for line in lines { parts.append("\(line.account.name) \(await line.state.shown)") }
    return parts.joined(separator: "; ")
  }

  /// Once a stop was asked for, what is under way has its time; then it is left to go on later.
  private func limitStop() async -> End {
    await stop.wait()
    if Task.isCancelled { return .nothing }
    bulletin.tell(.stopping)
    do { try await Task.sleep(for: exchange.patience.stop) } catch { return .nothing }
    bulletin.logger.notice("what is under way is left, to go on when it is started again")
    return .timeIsUp
  }
}
