package import ExchangeSettings
package import FileExchange
package import FilsluseBase
package import Logging

/// The dispatcher of alerts: it keeps them, and sends notifications to the sinks.
///
/// ``take(account:findings:at:isComplete:)`` only writes; ``run(until:)`` sends. So no sink, however dead, holds up the
/// watching, and a notification is sent even if the watcher is killed in between: again with the same id if need be.
package final class AlertDispatcher: Sendable {
  /// The time for which resolved alerts are kept.
  package static let retention = Duration.seconds(90 * 86_400)

  /// The time that a notification under way has left when the dispatcher stops.
  private static let patience = Duration.seconds(5)

  private let store: WatchDatabase
  private let settings: AlertSettings
  private let clock: @Sendable () -> Timestamp
  private let logger: Logger
  private let couriers: [SinkWorker]
  private let names: [String]

  /// Prepares it; a program that is run sees none of the variables in `withheld`, which hold passphrases.
  package convenience init(
    store: WatchDatabase, settings: AlertSettings, withholding withheld: Set<String> = [],
    clock: @escaping @Sendable () -> Timestamp = { .now }, logger: Logger
  ) {
    self.init(
      store: store, settings: settings, withholding: withheld, clock: clock, unnoted: UnconfirmedSends(), logger: logger
    )
  }

  convenience init(
    store: WatchDatabase, settings: AlertSettings, withholding withheld: Set<String>,
    clock: @escaping @Sendable () -> Timestamp, unnoted: UnconfirmedSends, logger: Logger
  ) {
    let senders = settings.sinks.map {
      $0.sender(withholding: withheld, repeatEvery: settings.repeatEvery, logger: logger)
    }
    self.init(
      store: store, settings: settings, senders: senders, clock: clock, pace: SinkBackoff(), unnoted: unnoted,
      logger: logger)
  }

  init(
    store: WatchDatabase, settings: AlertSettings, senders: [any AlertSender],
    clock: @escaping @Sendable () -> Timestamp,
    pace: SinkBackoff, unnoted: UnconfirmedSends = UnconfirmedSends(), logger: Logger
  ) {
    self.store = store
    self.settings = settings
    self.clock = clock
    self.logger = logger
    // The same sink twice is one sink.
    let senders = senders.reduce(into: [any AlertSender]()) { known, sender in
      if !known.contains(where: { $0.name == sender.name }) { known.append(sender) }
    }
    let wording = AlertWording(settings.language, clock: settings.wallClock)
    couriers = senders.map {
      SinkWorker($0, store: store, clock: clock, pace: pace, wording: wording, unnoted: unnoted, logger: logger)
    }
    names = senders.map(\.name)
  }

  /// Records the findings of a look at an account, and returns when they are on the disk.
  ///
  /// - Parameters:
  ///   - isComplete: true if everything about the account is known, so that alerts missing from the findings are
  ///     resolved. Where the account could not be evaluated nothing is resolved, and the findings give the reason.
  ///   - endings: the reasons why findings have ended, as far as they are known.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written; the next look makes up for it.
  package func take(
    account: String, findings: [Finding], at moment: Timestamp, isComplete: Bool = true,
    endings: [Finding.ID: FindingEnding] = [:]
  ) async throws(ExchangeError) {
    let look = AlertLook(
      account: account, at: moment, findings: findings, isComplete: isComplete, endings: endings)
    _ = try await take(look)
  }

  /// Takes a look of any source.
  ///
  /// - Returns: the findings that people were sent and that are not over.
  func take(_ look: AlertLook) async throws(ExchangeError) -> Set<Finding.ID> {
    let taken = try await store.take(look, settings: settings, sinks: names)
    noteTaken([taken])
    return taken.sent
  }

  /// Returns the findings of an account's open alerts, without groups.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func openFindings(
    of account: String, _ source: FindingSource = .inbox, besides known: Set<Finding.ID> = []
  ) async throws(ExchangeError) -> [Finding] {
    try await store.openFindings(of: account, source, besides: known)
  }

  /// Ends the alerts of inboxes that are no longer watched.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  package func keepOnly(accounts: Set<String>) async throws(ExchangeError) {
    noteTaken(try await store.endAlerts(ofAllBut: accounts, at: clock(), settings: settings, sinks: names))
  }

  private func noteTaken(_ looks: [TakenLook]) {
    for dropped in looks.flatMap(\.dropped) { logger.warning("\(dropped)") }
    guard looks.contains(where: { $0.notices > 0 }) else { return }
    store.whenKept { [couriers] in for courier in couriers { courier.call() } }
  }

  /// Sends notifications until it is stopped, or cancelled. Notifications under way then get five seconds more.
  package func run(until stop: GracefulStop) async {
    await withTaskGroup(of: Bool.self) { group in
      for courier in couriers {
        group.addTask {
          await courier.run()
          return false
        }
      }
      group.addTask {
        await self.tidyUp(until: stop)
        return false
      }
      await stop.wait()
      for courier in couriers { courier.stop() }
      group.addTask { (try? await Task.sleep(for: Self.patience)) != nil }
      var atWork = couriers.count + 1
      while atWork > 0, let isOverdue = await group.next(), !isOverdue { atWork -= 1 }
      group.cancelAll()
    }
  }

  /// Sends everything that is due, each notice once, and returns: for a watcher that looks once and ends.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when the store cannot be read or written.
  package func sendWhatIsDue() async throws(ExchangeError) {
    try await dropUnreadable()
    let outcomes = await withTaskGroup(of: Result<Void, ExchangeError>.self) { group in
      for courier in couriers {
        group.addTask {
          do throws(ExchangeError) { return .success(try await courier.bringAllDue()) } catch {
            return .failure(error)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for outcome in outcomes { try outcome.get() }
  }

  private func dropUnreadable() async throws(ExchangeError) {
    for notice in try await store.dropUnreadable() {
      logger.error("notice \(notice) cannot be read, and nobody is told of it: another version wrote it")
    }
  }

  /// Removes expired records periodically.
  private func tidyUp(until stop: GracefulStop) async {
    do throws(ExchangeError) {
      try await store.keepOnly(sinks: names)
      for courier in couriers { courier.call() }
      try await dropUnreadable()
    } catch {
      logger.error("\(error)")
    }
    while !stop.isRequested, !Task.isCancelled {
      do throws(ExchangeError) {
        let count = try await store.forget(endedBefore: clock().earlier(by: Self.retention))
        if count > 0 { logger.info("forgot \(count) alerts that were over for 90 days") }
      } catch {
        logger.error("\(error)")
      }
      _ = await stop.wait(atMost: .seconds(3600))
    }
  }
}
