internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import ServiceLifecycle
internal import SystemPackage
internal import TriggerFiles

/// The long-running exchange: for each account it delivers the files of watched folders, checks for receipts, and
/// collects arrivals, until it is shut down.
///
/// Accounts are independent of each other, and so are the jobs of an account: each has a loop of its own over the
/// account's one connection, which is kept. All durable state is in the journal and in the folders, none in this
/// process: it may be killed at any moment, and the next one goes on.
struct UnattendedRun: Sendable {
  let reporter: RunReporter
  let alerts: AlertCommandNotifier
  /// Stops the accounts and the upkeep, all at the same moment.
  let stop = GracefulStop()
  let upkeep: UpkeepLoop
  let state: Locked<State>
  /// The heartbeat of the supervision.
  let heartbeat = Heartbeat("supervision", allowed: .seconds(60))
  let knownProblems = Locked<KnownProblems?>(nil)

  /// The settings in force, and the work by them.
  struct State: Sendable {
    var exchange: Exchange
    var connections: SharedConnections
    /// The opened watched folders of each account.
    var folders: [String: [OpenedWatchedFolder]]
    /// For each account, the journal's entry up to which refused deliveries are already reported.
    var firstEntries: [String: Int64]
    /// The jobs of each running or ending account.
    var jobs: [AccountJobs] = []
  }

  /// Opens the watched folders.
  init(
    _ opened: Exchange, onEvent: @escaping @Sendable (UnattendedEvent) -> Void
  ) async throws(ExchangeError) {
    var exchange = opened
    let settings = exchange.settings
    let problems = ObservedProblems(in: exchange.journal)
    try await problems.synchronize()
    let reporter = RunReporter(logger: exchange.logger, problems: problems, onEvent: onEvent)
    let connections = SharedConnections()
    exchange.connections = connections
    exchange.onProgramStart = { reporter.note($0) }
    exchange.onReceipt = { reporter.countReceipt(for: $0) }
    exchange.onFailedTry = { reporter.countFailedTry(of: $0) }
    var firstEntries: [String: Int64] = [:]
    for account in settings.accounts {
      firstEntries[account.name] = try await exchange.lastEntry(for: account)
    }
    let folders = try await Self.folders(settings, keeping: [:], logger: exchange.logger)
    alerts = AlertCommandNotifier(exchange, reporter)
    self.reporter = reporter
    upkeep = UpkeepLoop(exchange: exchange, folders: folders.values.flatMap { $0 }, reporter: reporter, stop: stop)
    state = Locked(State(exchange: exchange, connections: connections, folders: folders, firstEntries: firstEntries))
    reporter.settle(by: settings)
  }

  /// Opens the watched folders of the settings; those already open with the same rules stay. Those whose files would be
  /// refused today are logged, each with its reasons, so that a person reads it before the files come.
  static func folders(
    _ settings: ExchangeSettings, keeping open: [String: [OpenedWatchedFolder]], logger: Logger
  ) async throws(ExchangeError) -> [String: [OpenedWatchedFolder]] {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      var folders: [String: [OpenedWatchedFolder]] = [:]
      for route in settings.routes {
        guard let rules = route.outgoing else { continue }
        if let refused = RefusedFolder(route, settings: settings) {
          logger.warning(
            "files in \(refused.folder) will be refused: route \(route.name) is not cleared for sending: \(refused.reasons.en)"
          )
        }
        if let same = open[route.account]?.first(where: { $0.isSame(as: route) }) {
          folders[route.account, default: []].append(same)
          continue
        }
        let folder = try OpenedWatchedFolder(opening: rules, route: route.name, naming: route)
        if try folder.folder.isShared() {
          logger.notice(
            "\(rules.path) is a shared folder: whoever may write into it can have files sent by \(route.name)")
        }
        folders[route.account, default: []].append(folder)
      }
      return folders
    }
  }

  var jobs: [AccountJobs] { state.withLock { $0.jobs } }

  /// Runs until it is shut down gracefully, or cancelled.
  ///
  /// The service group stops its services one after the other, the last one first, and waits for the end of each. So
  /// the work ends first, while the journal and the heartbeats are still watched, and pending alerts are sent after
  /// everything else has ended, even after a failure.
  ///
  /// - Throws: ``ExchangeError`` if the journal is no longer the opened one.
  func run(reloads: AsyncStream<SettingsReload>) async throws(ExchangeError) {
    let logger = reporter.logger
    let exchange = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .named("supervision", onFailure: .cancelGroup) {
            try await cancelWhenGracefulShutdown { try await supervise() }
          },
          .named("problem check", onFailure: .cancelGroup) {
            await cancelWhenGracefulShutdown { await checkProblems() }
          },
          .named("work", onFailure: .cancelGroup) { await runWork(reloads: reloads) },
        ], logger: logger))
    let all = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .named("alerts", onFailure: .gracefullyShutdownGroup) { await sendAlerts() },
          .named("exchange", onFailure: .gracefullyShutdownGroup) { try await exchange.run() },
        ], logger: logger))
    do {
      try await all.run()
    } catch {
      throw error as? ExchangeError ?? .cancelled(while: "run: \(error)")
    }
  }

  /// Sends alerts until the shutdown, and the pending ones then. Those that cannot be sent wait for the next run.
  private func sendAlerts() async {
    let end = GracefulStop()
    await withGracefulShutdownHandler {
      await alerts.run(until: end)
    } onGracefulShutdown: {
      end.request()
    }
  }

  /// Runs the loops of all accounts and the upkeep until the shutdown, and then until the work under way has ended.
  private func runWork(reloads: AsyncStream<SettingsReload>) async {
    await withTaskCancellationOrGracefulShutdownHandler {
      await withTaskGroup(of: End.self) { group in
        var working = 1
        func start(_ accounts: [Account]) {
          for account in accounts {
            let jobs = begin(account)
            working += 2
            group.addTask { [patience] in
              await jobs.transfer(patience: patience)
              return .transfersEnded(account.name)
            }
            group.addTask {
              await jobs.runPrograms()
              return .worked
            }
          }
        }
        group.addTask {
          await upkeep.run()
          return .worked
        }
        start(state.withLock { $0.exchange.settings.accounts })
        group.addTask { await limitStop() }
        group.addTask { await nextReload(of: reloads) }
        reporter.publish(.ready)
        while let end = await group.next() {
          switch end {
          case .worked: working -= 1
          case .transfersEnded(let name):
            working -= 1
            if let account = leave(name) { start([account]) }
          case .reload(let new):
            start(await reload(new))
            group.addTask { await nextReload(of: reloads) }
          case .timeIsUp: group.cancelAll()
          case .nothing: break
          }
          if working == 0 { group.cancelAll() }
        }
      }
    } onCancelOrGracefulShutdown: {
      stop.request()
    }
  }

  /// The reason why a part of the work ended.
  private enum End: Sendable {
    case worked
    case transfersEnded(String)
    case reload(SettingsReload)
    case timeIsUp
    case nothing
  }

  private var patience: Duration { state.withLock { $0.exchange.patience.stop } }

  private func nextReload(of reloads: AsyncStream<SettingsReload>) async -> End {
    for await new in reloads { return .reload(new) }
    return .nothing
  }

  /// The loops of an account, by the settings in force.
  private func begin(_ account: Account) -> AccountJobs {
    let end = GracefulStop()
    let jobs = state.withLock { state in
      let exchange = state.exchange
      let connection = exchange.connection(to: account, .lasting(until: end))
      state.connections[account.name] = connection
      let live = LiveAccount(
        account, exchange: exchange, folders: state.folders[account.name] ?? [], reporter: reporter)
      let jobs = AccountJobs(live, connection: connection, stop: end, firstEntry: state.firstEntries[account.name] ?? 0)
      state.jobs.append(jobs)
      return jobs
    }
    if stop.isRequested { end.request() }
    return jobs
  }

  /// Forgets the ended loops of an account.
  ///
  /// - Returns: the account where it is to begin again.
  private func leave(_ name: String) -> Account? {
    state.withLock { state in
      state.jobs.removeAll { $0.account.name == name }
      guard !stop.isRequested else { return nil }
      let account = state.exchange.settings.account(named: name)
      if account == nil { state.connections[name] = nil }
      return account
    }
  }

  /// Supervises the other services: the journal, maintenance windows, stopped accounts, heartbeats, the status.
  ///
  /// - Throws: ``ExchangeError`` if the journal is no longer the opened one: all other work is cancelled at once,
  ///   because no journal would record its steps.
  private func supervise() async throws(ExchangeError) {
    var nextStatus = ContinuousClock.now
    while !Task.isCancelled {
      heartbeat.beat()
      let (isReadable, replaced) = await attendToJournal()
      if let replaced { throw replaced }
      for jobs in jobs {
        await jobs.connection.enforceMaintenance()
        let name = jobs.account.name
        if let error = await jobs.connection.reasonOfStop {
          reporter.attention(.accountStopped, account: name, error.inBothLanguages)
        } else if await jobs.connection.state == .maintenance {
          reporter.noteLook(into: name)
        } else if await jobs.connection.state == .connected {
          reporter.isOver(.accountStopped, account: name, .accountWorks)
          if await jobs.connection.takeRecovery() { jobs.live.wakeResting() }
        }
      }
      checkHeartbeats(journalIsReadable: isReadable)
      if nextStatus <= .now {
        reporter.publish(.status(await status()))
        nextStatus = .now + .seconds(5)
      }
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
    }
  }

  /// Resolves ended problems, and records the looks into IN, periodically.
  private func checkProblems() async {
    var check = ProblemCheck(reporter: reporter)
    while !Task.isCancelled {
      let now = state.withLock { $0 }
      await check.carryOut(now.exchange, now.folders.values.flatMap { $0 })
      do { try await Task.sleep(for: min(.seconds(10), now.exchange.patience.review)) } catch { return }
    }
  }

  /// Runs the journal's heartbeat; returns whether the journal answers, and the error if it is no longer the opened
  /// one.
  private func attendToJournal() async -> (isReadable: Bool, replaced: ExchangeError?) {
    let journal = state.withLock { $0.exchange.journal }
    do throws(ExchangeError) {
      guard let replaced = try await journal.attend() else {
        _ = try await journal.delivery(0)
        return (true, nil)
      }
      reporter.attention(.journalReplaced, account: "", replaced.inBothLanguages)
      return (false, replaced)
    } catch {
      reporter.note(error)
      reporter.once(.critical, "\(error)")
      return (false, nil)
    }
  }

  /// Logs overdue heartbeats; publishes `alive` if there are none and the journal answers.
  private func checkHeartbeats(journalIsReadable: Bool) {
    let now = ContinuousClock.now
    let stuck = jobs.flatMap(\.heartbeats).filter { !$0.isAlive(at: now) }
    for heartbeat in stuck { reporter.once(.critical, "\(heartbeat.name) has not moved for too long") }
    if stuck.isEmpty, journalIsReadable { reporter.publish(.alive) }
  }

  private func status() async -> String {
    let counts = reporter.counts.values.reduce(RunCounts(), +)
    var parts = [
      "sent \(counts.sent), accepted \(counts.accepted), refused \(counts.refused), set aside \(counts.setAside), collected \(counts.collected)"
    ]
    for jobs in jobs { parts.append("\(jobs.account.name) \(await jobs.connection.state.shown)") }
    return parts.joined(separator: "; ")
  }

  /// Ends running work at its time limit after a stop request; the next run continues the rest.
  private func limitStop() async -> End {
    await stop.wait()
    if Task.isCancelled { return .nothing }
    for jobs in jobs { jobs.stop.request() }
    reporter.publish(.stopping)
    do { try await Task.sleep(for: patience) } catch { return .nothing }
    reporter.logger.notice("what is under way is left, to go on when it is started again")
    return .timeIsUp
  }
}

extension SharedConnection.State {
  /// The state in a word, as a status line shows it.
  fileprivate var shown: String {
    switch self {
    case .idle: "idle"
    case .connected: "connected"
    case .waiting: "not connected"
    case .maintenance: "in maintenance"
    case .stopped: "STOPPED"
    }
  }
}
