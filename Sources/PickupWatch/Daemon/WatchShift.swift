internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSystem
internal import Glibc
internal import Logging
internal import SystemPackage

/// The watch by one version of the settings, from its beginning until they change or the watcher ends.
final class WatchShift: Sendable {
  let settings: ExchangeSettings
  let judgement: Judgement
  let sights: SightStore
  let alerts: AlertStore
  let centre: AlertCentre
  let tally: WatchTally
  let clock: @Sendable () -> Timestamp
  let logger: Logger
  let version: String
  let started: Timestamp
  private let journals = Locked<Journal?>(nil)

  private init(
    settings: ExchangeSettings, judgement: Judgement, sights: SightStore, alerts: AlertStore, version: String,
    started: Timestamp, clock: @escaping @Sendable () -> Timestamp, logger: Logger
  ) {
    self.settings = settings
    self.judgement = judgement
    self.sights = sights
    self.alerts = alerts
    self.version = version
    self.started = started
    self.clock = clock
    self.logger = logger
    tally = WatchTally(
      settings.accounts.map(\.name).filter(settings.watch.accounts.contains), lookEvery: settings.watch.lookEvery,
      at: clock())
    centre = AlertCentre(
      store: alerts, settings: settings.watch.alerts, withholding: settings.passphraseVariables, clock: clock,
      logger: logger)
  }

  /// Opens what the watch is kept in.
  ///
  /// - Throws: `ExchangeError` with code `sights` when it cannot be opened.
  static func begin(
    _ settings: ExchangeSettings, version: String, started: Timestamp, clock: @escaping @Sendable () -> Timestamp,
    logger: Logger
  ) async throws(ExchangeError) -> WatchShift {
    let judgement = try Judgement(checking: settings)
    let sights = try await SightStore.open(settings.watch.sights)
    let alerts: AlertStore
    do throws(AlertStoreError) {
      alerts = try await AlertStore.open(settings.watch.sights)
    } catch {
      try await sights.close()
      throw error.asExchangeError
    }
    return WatchShift(
      settings: settings, judgement: judgement, sights: sights, alerts: alerts, version: version, started: started,
      clock: clock, logger: logger)
  }

  func close() async throws(ExchangeError) {
    try await journals.withLock { journal in
      defer { journal = nil }
      return journal
    }?.close()
    try await sights.close()
    do throws(AlertStoreError) { try await alerts.close() } catch { throw error.asExchangeError }
  }

  /// The accounts that a rule is about, in the order of the settings.
  var accounts: [Account] { settings.accounts.filter { settings.watch.accounts.contains($0.name) } }

  /// Watches and tells until the end is asked for.
  func run(until end: GracefulStop) async {
    do throws(AlertStoreError) {
      try await centre.keepOnly(accounts: settings.watch.accounts)
    } catch {
      logger.error("\(error)")
    }
    let pause = settings.watch.lookEvery
    let accounts = accounts
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.centre.run(until: end) }
      for (index, account) in accounts.enumerated() {
        // The looks are spread over the time between two of them.
        let offset = pause * index / accounts.count
        group.addTask { await AccountWatch(account, of: self).run(until: end, after: offset) }
      }
    }
  }

  /// What was sent, once somebody sends from here: a journal is made by whoever exchanges files.
  func journal() async throws(ExchangeError) -> Journal? {
    if let journal = journals.withLock({ $0 }) { return journal }
    guard access(settings.journal.string, F_OK) == 0 else { return nil }
    let opened = try await Journal.open(settings.journal)
    let (kept, spare) = journals.withLock { journal -> (Journal, Journal?) in
      if let journal { return (journal, opened) }
      journal = opened
      return (opened, nil)
    }
    try await spare?.close()
    return kept
  }

  /// The loops that are to turn, and when they last came round.
  var loops: [WatchHealth.Loop] { tally.loops }
}

extension Judgement {
  /// - Throws: `ExchangeError` with code `sights` where the settings name a time zone that there is not.
  init(checking settings: ExchangeSettings) throws(ExchangeError) {
    guard let judgement = Judgement(settings) else {
      throw ExchangeError(
        .sights, operation: "judge", message: "there is no time zone \(settings.watch.timeZone)",
        remedy: "name another under watch: time-zone:")
    }
    self = judgement
  }
}

extension AlertStoreError {
  /// The same as those errors that end a watch are.
  var asExchangeError: ExchangeError {
    ExchangeError(.sights, operation: "keep alerts", message: "\(self)", remedy: "see the message")
  }
}
