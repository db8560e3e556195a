internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging
internal import ServiceLifecycle
internal import SystemPackage
internal import TriggerFiles

/// The watch by one version of the settings, from its beginning until they change or the watcher ends.
final class WatchSession: Sendable {
  let settings: ExchangeSettings
  let evaluator: RuleEvaluator
  let database: WatchDatabase
  let dispatcher: AlertDispatcher
  let statistics: LoopStatistics
  /// The right to alert people, which one machine has at a time.
  let lead: WatchLead
  let clock: @Sendable () -> Timestamp
  let logger: Logger
  let version: String
  let started: Timestamp
  /// The servers that more than one watched account has, with the names of those accounts.
  let sharedServers: [ServerAddress: [String]]
  private let journals = Locked<Journal?>(nil)
  private let lock: Locked<WatchLock?>
  private let displaced = Locked<LocalizedText?>(nil)
  /// The name for recording a moved or replaced database, among those of the accounts.
  private static let databaseName = "watch: database"

  private init(
    settings: ExchangeSettings, evaluator: RuleEvaluator, database: WatchDatabase, lock: WatchLock,
    version: String, started: Timestamp, unconfirmed: UnconfirmedSends, clock: @escaping @Sendable () -> Timestamp,
    logger: Logger
  ) {
    self.settings = settings
    self.evaluator = evaluator
    self.database = database
    self.lock = Locked(lock)
    self.version = version
    self.started = started
    self.clock = clock
    self.logger = logger
    sharedServers = ServerWatch.shared(settings)
    statistics = LoopStatistics(settings.watchedAccounts.map(\.name), lookEvery: settings.watch.lookEvery)
    let lead = WatchLead(settings, logger: logger)
    self.lead = lead
    dispatcher = AlertDispatcher(
      store: database, settings: settings.watch.alerts, withholding: settings.passphraseVariables, clock: clock,
      unconfirmed: unconfirmed, mayAlert: { lead.mayAlert }, logger: logger)
  }

  /// Opens the watcher's database and begins a session.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be opened.
  static func begin(
    _ settings: ExchangeSettings, version: String, started: Timestamp, unconfirmed: UnconfirmedSends,
    clock: @escaping @Sendable () -> Timestamp, logger: Logger
  ) async throws(ExchangeError) -> WatchSession {
    let evaluator = try RuleEvaluator(checking: settings)
    let database = try await WatchDatabase.open(settings.watch.database)
    let lock: WatchLock
    do throws(ExchangeError) {
      lock = try WatchLock(on: settings.watch.database)
    } catch {
      // The error that prevented the watch matters, not one of closing.
      try? await database.close()
      throw error
    }
    return WatchSession(
      settings: settings, evaluator: evaluator, database: database, lock: lock, version: version, started: started,
      unconfirmed: unconfirmed, clock: clock, logger: logger)
  }

  /// Closes the files. One that cannot be closed is closed after its last use, and is no reason to stop watching.
  func close() async {
    do throws(ExchangeError) { try await takeJournal()?.close() } catch { logger.warning("\(error)") }
    do throws(ExchangeError) { try await database.close() } catch { logger.warning("\(error)") }
    lock.withLock { $0 = nil }
  }

  /// The time that looks under way have left when the end is requested.
  private static let patience = Duration.seconds(5)
  /// The interval of checking the loops' heartbeats.
  private static let heartbeatPause = Duration.seconds(2)

  /// Watches and alerts until the end is requested, which stops looks and alerts at the same moment.
  ///
  /// The parts are the services of a group, which waits for the end of the looks, then of the alerts, then of the
  /// heartbeat.
  ///
  /// - Parameter beat: called every other second while all loops come round.
  func run(until end: GracefulStop, beat: @escaping @Sendable () -> Void) async {
    // Nothing is sent before it is known which machine leads.
    _ = await lead.ask(self)
    if lead.mayAlert { await applySettings() }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .named("heartbeat", onFailure: .cancelGroup) { [self] in
            await cancelWhenGracefulShutdown { await self.checkLoops(beat) }
          },
          .named("lead", onFailure: .cancelGroup) { [self] in
            await cancelWhenGracefulShutdown { await self.lead.run(of: self) { await self.applySettings() } }
            do { try await gracefulShutdown() } catch is CancellationError {}
          },
          .named("alerts", onFailure: .cancelGroup) { [self] in
            await dispatcher.run(until: end)
            // The group treats a service that ends by itself as failed.
            do { try await gracefulShutdown() } catch is CancellationError {}
          },
          .named("looks", onFailure: .cancelGroup) { [self] in await look(until: end) },
        ], logger: logger))
    do { try await group.run() } catch { if !Task.isCancelled { logger.error("\(error)") } }
    // Shares the alerts sent last with the next leader.
    if lead.mayAlert { _ = await lead.ask(self) }
  }

  /// Updates alerts made under other settings to the present ones, once this machine leads: alerts of inboxes no longer
  /// watched end, and outbox entries of removed sinks go to the sinks that replace them.
  private func applySettings() async {
    do throws(ExchangeError) {
      try await dispatcher.keepOnlySinks()
      try await dispatcher.keepOnly(accounts: settings.watch.accounts)
    } catch {
      logger.error("\(error)")
    }
  }

  /// The reason why the open database is no longer the file at its path, or why another watcher has its lock; `nil`
  /// while both are unchanged.
  var displacement: LocalizedText? { displaced.withLock { $0 } }

  /// Compares the database and its lock file with the opened ones. The watcher goes on with the opened ones, and
  /// reports it in the log, on the status page, and in an alert of each account.
  private func checkFiles() async {
    let moved = await database.displacement()
    let trouble = moved ?? renewLock()
    let before = displaced.withLock { last in
      defer { last = trouble }
      return last
    }
    if trouble == before { return }
    statistics.noteStore(trouble?.en, of: Self.databaseName)
    if let trouble {
      logger.critical("\(trouble.en)")
    } else {
      logger.notice("the watch's database is in its place again: \(database.path)")
    }
  }

  /// Takes the lock again if its file was removed or replaced, because a second watcher could begin.
  ///
  /// - Returns: the reason why it cannot be taken; `nil` if it is held.
  private func renewLock() -> LocalizedText? {
    guard let held = lock.withLock({ $0 }), !held.isInPlace else { return nil }
    do throws(ExchangeError) {
      let renewed = try WatchLock(on: settings.watch.database)
      lock.withLock { $0 = renewed }
      logger.warning("the lock file of \(settings.watch.database) was removed or replaced; it is made again")
      return nil
    } catch {
      return error.inBothLanguages
    }
  }

  /// Calls `beat` again and again while no loop is stuck.
  private func checkLoops(_ beat: @Sendable () -> Void) async {
    while !Task.isCancelled {
      await checkFiles()
      if WatchHealth(loops: loops).stuck(at: clock()).isEmpty { beat() }
      do { try await Task.sleep(for: Self.heartbeatPause) } catch { return }
    }
  }

  /// Runs the loops of all accounts, of shared servers and of the journal's problems. Looks that take too long after
  /// the end is requested are cancelled: the next ones find the same.
  private func look(until end: GracefulStop) async {
    let pause = settings.watch.lookEvery
    let accounts = settings.watchedAccounts
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await ProblemWatch(of: self).run(until: end)
        return false
      }
      group.addTask {
        await ServerWatch(of: self).run(until: end)
        return false
      }
      for (index, account) in accounts.enumerated() {
        // The looks are spread over the time between two of them.
        let offset = pause * index / accounts.count
        group.addTask {
          await AccountLoop(account, of: self).run(until: end, after: offset)
          return false
        }
      }
      group.addTask {
        await end.wait()
        return (try? await Task.sleep(for: Self.patience)) != nil
      }
      var atWork = accounts.count + 2
      while atWork > 0, let isOverdue = await group.next() {
        if isOverdue { group.cancelAll() } else { atWork -= 1 }
      }
      group.cancelAll()
    }
  }

  /// Returns the journal, once a process sends from here: a journal is made by the exchange. A journal that was removed
  /// or replaced is closed, and the present file is opened instead, or the reason is reported.
  func journal() async throws(ExchangeError) -> Journal? {
    if let journal = journals.withLock({ $0 }) {
      var replaced: ExchangeError?
      do throws(ExchangeError) { replaced = try await journal.attend() } catch { logger.warning("\(error)") }
      guard let replaced else { return journal }
      logger.critical("\(replaced)")
      dropJournal()
    }
    guard let opened = try await settings.journalIfThere() else { return nil }
    let (kept, spare) = journals.withLock { journal -> (Journal, Journal?) in
      if let journal { return (journal, opened) }
      journal = opened
      return (opened, nil)
    }
    try await spare?.close()
    return kept
  }

  /// Returns the journal for display; `nil` also while another machine uses it alone.
  func shownJournal() async throws(ExchangeError) -> Journal? {
    do throws(ExchangeError) {
      return try await journal()
    } catch {
      if error.code == .claimedElsewhere { return nil }
      throw error
    }
  }

  /// Returns the journal, once its server has confirmed that this machine has it.
  ///
  /// - Throws: `ExchangeError` with code `claimed-elsewhere` where another machine has it for itself alone, or
  ///   `journal`.
  func confirmedJournal() async throws(ExchangeError) -> Journal? {
    if let journal = journals.withLock({ $0 }) {
      guard let replaced = try await journal.attend() else { return journal }
      logger.critical("\(replaced)")
      dropJournal()
    }
    return try await journal()
  }

  /// Closes a journal that cannot be read, so that it can be restored; the next look opens it again.
  func dropJournal() { _ = takeJournal() }

  private func takeJournal() -> Journal? {
    journals.withLock { journal in
      defer { journal = nil }
      return journal
    }
  }

  /// The loops that are to turn, and when they last came round.
  var loops: [WatchHealth.Loop] { statistics.loops(at: clock()) }
}
