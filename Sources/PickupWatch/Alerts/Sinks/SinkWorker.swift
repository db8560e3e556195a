internal import FileExchange
internal import FilsluseBase
internal import Logging

/// Sends the notifications of one sink, one at a time; a failed one is retried later, and holds up neither the other
/// notifications nor the other sinks.
final class SinkWorker: Sendable {
  let sender: any AlertSender
  private let store: WatchDatabase
  private let clock: @Sendable () -> Timestamp
  private let backoff: SinkBackoff
  private let wording: AlertWording
  private let logger: Logger
  private let wakeUp = AsyncSignal()
  private let unconfirmed: UnconfirmedSends
  private let mayAlert: @Sendable () -> Bool
  private let state = Locked(State())

  private struct State {
    var isStopped = false
    var failures = 0
    var storeFailures = 0
  }

  init(
    _ sender: any AlertSender, store: WatchDatabase, clock: @escaping @Sendable () -> Timestamp, backoff: SinkBackoff,
    wording: AlertWording, unconfirmed: UnconfirmedSends, mayAlert: @escaping @Sendable () -> Bool = { true },
    logger: Logger
  ) {
    self.sender = sender
    self.store = store
    self.clock = clock
    self.backoff = backoff
    self.wording = wording
    self.unconfirmed = unconfirmed
    self.mayAlert = mayAlert
    self.logger = logger
  }

  /// The pause before it is asked again whether notifications are sent from here.
  private static let leadPause = Duration.seconds(1)

  /// Signals that there are notifications to send.
  func call() { wakeUp.signal() }

  /// Stops it from beginning anything more.
  func stop() {
    state.withLock { $0.isStopped = true }
    wakeUp.signal()
  }

  private var mayWork: Bool { !Task.isCancelled && !state.withLock { $0.isStopped } }

  /// Works until it is stopped or cancelled.
  func run() async {
    while mayWork {
      guard mayAlert() else {
        await wakeUp.wait(atMost: Self.leadPause)
        continue
      }
      do throws(ExchangeError) {
        let outcome = try await bringNext()
        state.withLock { $0.storeFailures = 0 }
        switch outcome {
        case .brought: continue
        case .failed: await rest()
        case .nothing:
          let next = try await store.nextDue(to: sender.name)
          let wait = next.map { max(.milliseconds(10), $0.since(clock())) } ?? backoff.pollInterval
          await wakeUp.wait(atMost: min(wait, backoff.pollInterval))
        }
      } catch {
        logger.error("\(error)")
        state.withLock { $0.storeFailures += 1 }
        await rest()
      }
    }
    let sent = unconfirmed.of(sender.name).map(\.id)
    if !sent.isEmpty {
      logger.warning(
        "\(sender.name) has \(sent.joined(separator: ", ")), which could not be noted: the next watcher sends it again"
      )
    }
  }

  enum Outcome { case nothing, brought, failed }

  /// Sends the next notification that is due, if there is one.
  func bringNext() async throws(ExchangeError) -> Outcome {
    // A failure to record does not keep the sink from its other notifications.
    let trouble = await noteWhatIsSent()
    let sent = Set(unconfirmed.of(sender.name).map(\.id))
    guard
      let entry = try await store.due(
        to: sender.name, at: clock(), longestPause: backoff.retries.longest, besides: sent)
    else {
      if let trouble { throw trouble }
      return .nothing
    }
    do throws(SendingFailure) {
      try await sender.send(
        AlertNotification(entry.event, database: entry.origin, author: entry.author, wording: wording))
    } catch {
      state.withLock { $0.failures += 1 }
      let rest = error.retryAfter.map { min(max($0, backoff.retries.first), WatchDatabase.longestRest) }
      let pause = rest ?? backoff.retries.pause(after: entry.tries + 1)
      logger.warning(
        "\(sender.name) did not take notice \(entry.id): \(error); it is offered again in \(pause.visible)")
      let now = clock()
      try await store.noteFailure(
        entry, to: sender.name, at: now, reason: error.description,
        nextTry: now.later(by: min(pause, backoff.retries.longest)),
        restUntil: rest.map(now.later))
      return .failed
    }
    state.withLock { $0.failures = 0 }
    unconfirmed.add(entry, to: sender.name)
    // A failure to record is logged when there is nothing else to send.
    _ = await noteWhatIsSent()
    return .brought
  }

  /// Records the notifications that the sink has received.
  ///
  /// - Returns: the error if they cannot be recorded.
  private func noteWhatIsSent() async -> ExchangeError? {
    do throws(ExchangeError) {
      for entry in unconfirmed.of(sender.name) {
        try await store.noteSent(entry, to: sender.name, at: clock())
        unconfirmed.remove(entry, of: sender.name)
      }
      return nil
    } catch {
      return error
    }
  }

  /// A sink that fails, or a store that does, is not hammered; new notifications do not shorten that.
  private func rest() async {
    let end = ContinuousClock.now + backoff.rests.pause(after: state.withLock { max($0.failures, $0.storeFailures) })
    while mayWork, ContinuousClock.now < end { await wakeUp.wait(atMost: end - .now) }
  }
}

/// The pauses of a sink.
struct SinkBackoff: Sendable {
  /// The pauses before a notification that failed is sent again.
  var retries = Backoff(first: .seconds(5), longest: .seconds(900))
  /// The pauses of a failing sink before it is offered the next notification.
  var rests = Backoff(first: .seconds(5), longest: .seconds(60))
  /// Polling interval of the outbox when no signal arrives.
  var pollInterval: Duration = .seconds(30)
}

/// The notifications that sinks have, although that could not be noted: the disk was full, say. They are not sent once
/// more, for as long as the watcher lives, whatever settings it takes up.
package final class UnconfirmedSends: Sendable {
  private let bySink = Locked<[String: [OutboxEntry]]>([:])

  /// None.
  package init() {}

  /// Returns the notifications that a sink has received, in the order of sending.
  func of(_ sink: String) -> [OutboxEntry] { bySink.withLock { $0[sink] ?? [] } }

  func add(_ entry: OutboxEntry, to sink: String) { bySink.withLock { $0[sink, default: []].append(entry) } }

  func remove(_ entry: OutboxEntry, of sink: String) {
    bySink.withLock { $0[sink]?.removeAll { $0.id == entry.id } }
  }
}
