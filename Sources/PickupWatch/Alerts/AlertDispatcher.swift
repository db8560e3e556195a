package import ExchangeSettings
package import FileExchange
package import FilsluseBase
package import Logging

/// The dispatcher of alerts: it keeps them, and sends notifications to the sinks.
///
/// ``take(_:)`` only writes; ``run(until:)`` sends. So no sink, however dead, holds up the
/// watching, and a notification is sent even if the watcher is killed in between: again with the same id if need be.
package final class AlertDispatcher: Sendable {
  /// The retention of resolved alerts.
  package static let retention = Duration.seconds(90 * 86_400)

  /// The time that a notification under way has left when the dispatcher stops.
  private static let patience = Duration.seconds(5)

  private let store: WatchDatabase
  private let settings: AlertSettings
  private let clock: @Sendable () -> Timestamp
  private let logger: Logger
  let workers: [SinkWorker]
  /// The names of the sinks in the store.
  package let names: [String]

  /// Creates a dispatcher.
  ///
  /// - Parameters:
  ///   - withheld: the environment variables with passphrases, which no started program gets.
  ///   - unconfirmed: the notifications that the previous dispatcher has sent and could not record.
  ///   - mayAlert: returns true if notifications are sent now; false while another machine sends them.
  package convenience init(
    store: WatchDatabase, settings: AlertSettings, withholding withheld: Set<String> = [],
    clock: @escaping @Sendable () -> Timestamp = { .now },
    unconfirmed: UnconfirmedSends = UnconfirmedSends(),
    mayAlert: @escaping @Sendable () -> Bool = { true },
    logger: Logger
  ) {
    let senders = settings.sinks.map {
      $0.sender(withholding: withheld, repeatEvery: settings.repeatEvery, logger: logger)
    }
    self.init(
      store: store, settings: settings, senders: senders, clock: clock, backoff: SinkBackoff(),
      unconfirmed: unconfirmed, mayAlert: mayAlert,
      logger: logger)
  }

  init(
    store: WatchDatabase, settings: AlertSettings, senders: [any AlertSender],
    clock: @escaping @Sendable () -> Timestamp,
    backoff: SinkBackoff, unconfirmed: UnconfirmedSends = UnconfirmedSends(),
    mayAlert: @escaping @Sendable () -> Bool = { true }, logger: Logger
  ) {
    self.store = store
    self.settings = settings
    self.clock = clock
    self.logger = logger
    // Equal sinks count as one.
    let senders = senders.reduce(into: [any AlertSender]()) { known, sender in
      if !known.contains(where: { $0.name == sender.name }) { known.append(sender) }
    }
    let wording = AlertWording(settings)
    workers = senders.map {
      SinkWorker(
        $0, store: store, clock: clock, backoff: backoff, wording: wording, unconfirmed: unconfirmed,
        mayAlert: mayAlert, logger: logger)
    }
    names = senders.map(\.name)
  }

  /// Records the findings of a look, and returns when they are on the disk.
  ///
  /// - Returns: the open findings that people were notified of.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written; the next look makes up for it.
  @discardableResult package func take(_ look: AlertLook) async throws(ExchangeError) -> Set<Finding.ID> {
    let taken = try await store.take(look, settings: settings, sinks: names)
    noteTaken([taken])
    return taken.sent
  }

  /// Ends the alerts of inboxes that are no longer watched.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  package func keepOnly(accounts: Set<String>) async throws(ExchangeError) {
    noteTaken(try await store.endAlerts(ofAllBut: accounts, at: clock(), settings: settings, sinks: names))
  }

  /// Moves the outbox entries of sinks that the settings no longer name to the sinks that replace them.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  func keepOnlySinks() async throws(ExchangeError) {
    try await store.keepOnly(sinks: names)
    for worker in workers { worker.call() }
  }

  private func noteTaken(_ looks: [TakenLook]) {
    for dropped in looks.flatMap(\.dropped) { logger.warning("\(dropped)") }
    guard looks.contains(where: { $0.notificationCount > 0 }) else { return }
    store.whenKept { [workers] in for worker in workers { worker.call() } }
  }

  /// Sends notifications until it is stopped, or cancelled. Notifications under way then get five seconds more.
  package func run(until stop: GracefulStop) async {
    await withTaskGroup(of: Bool.self) { group in
      for worker in workers {
        group.addTask {
          await worker.run()
          return false
        }
      }
      group.addTask {
        await self.tidyUp(until: stop)
        return false
      }
      await stop.wait()
      for worker in workers { worker.stop() }
      group.addTask { (try? await Task.sleep(for: Self.patience)) != nil }
      var atWork = workers.count + 1
      while atWork > 0, let isOverdue = await group.next(), !isOverdue { atWork -= 1 }
      group.cancelAll()
    }
  }

  func dropUnreadable() async throws(ExchangeError) {
    for id in try await store.dropUnreadable() {
      logger.error("notification \(id) cannot be read, and is not sent: another version wrote it")
    }
  }

  /// Removes expired records periodically.
  private func tidyUp(until stop: GracefulStop) async {
    do throws(ExchangeError) {
      try await keepOnlySinks()
      try await dropUnreadable()
    } catch {
      logger.error("\(error)")
    }
    while !stop.isRequested, !Task.isCancelled {
      do throws(ExchangeError) {
        let count = try await store.forget(endedBefore: clock().earlier(by: Self.retention))
        if count > 0 { logger.info("forgot \(count.counted("alert")), over for 90 days") }
      } catch {
        logger.error("\(error)")
      }
      _ = await stop.wait(atMost: .seconds(3600))
    }
  }
}
