internal import FileExchange
internal import FilsluseBase
internal import Logging

/// Sends the notifications of one sink, one at a time; a failed one is retried later, and holds up neither the other
/// notifications nor the other sinks.
final class SinkWorker: Sendable {
  let sender: any AlertSender
  private let store: WatchDatabase
  private let clock: @Sendable () -> Timestamp
  private let pace: SinkBackoff
  private let wording: AlertWording
  private let logger: Logger
  private let nudge = AsyncSignal()
  private let unnoted: UnconfirmedSends
  private let state = Locked(State())

  private struct State {
    var isStopped = false
    var failures = 0
    var storeFailures = 0
  }

  init(
    _ sender: any AlertSender, store: WatchDatabase, clock: @escaping @Sendable () -> Timestamp, pace: SinkBackoff,
    wording: AlertWording, unnoted: UnconfirmedSends, logger: Logger
  ) {
    self.sender = sender
    self.store = store
    self.clock = clock
    self.pace = pace
    self.wording = wording
    self.unnoted = unnoted
    self.logger = logger
  }

  /// Says that there is something to bring.
  func call() { nudge.ring() }

  /// Stops it from beginning anything more.
  func stop() {
    state.withLock { $0.isStopped = true }
    nudge.ring()
  }

  private var mayWork: Bool { !Task.isCancelled && !state.withLock { $0.isStopped } }

  /// Works until it is stopped or cancelled.
  func run() async {
    while mayWork {
      do throws(ExchangeError) {
        let outcome = try await bringNext()
        state.withLock { $0.storeFailures = 0 }
        switch outcome {
        case .brought: continue
        case .failed: await rest()
        case .nothing:
          let next = try await store.nextDue(to: sender.name)
          let wait = next.map { max(.milliseconds(10), $0.since(clock())) } ?? pace.glance
          await nudge.wait(atMost: min(wait, pace.glance))
        }
      } catch {
        logger.error("\(error)")
        state.withLock { $0.storeFailures += 1 }
        await rest()
      }
    }
    let sent = unnoted.of(sender.name).map(\.id)
    if !sent.isEmpty {
      logger.warning(
        "\(sender.name) has \(sent.joined(separator: ", ")), which could not be noted: the next watcher sends it again"
      )
    }
  }

  /// Brings everything that is due, each notice once; a sink that takes none of three in a row is left alone.
  func bringAllDue() async throws(ExchangeError) {
    var failures = 0
    while mayWork, failures < 3 {
      switch try await bringNext() {
      case .nothing: return
      case .brought: failures = 0
      case .failed: failures += 1
      }
    }
  }

  private enum Outcome { case nothing, brought, failed }

  private func bringNext() async throws(ExchangeError) -> Outcome {
    // A failure to record does not keep the sink from its other notifications.
    let trouble = await noteWhatIsSent()
    let sent = Set(unnoted.of(sender.name).map(\.id))
    guard
      let owed = try await store.due(to: sender.name, at: clock(), longestPause: pace.retries.longest, besides: sent)
    else {
      if let trouble { throw trouble }
      return .nothing
    }
    do throws(SendingFailure) {
      try await sender.send(AlertNotification(owed.event, database: owed.database, wording: wording))
    } catch {
      state.withLock { $0.failures += 1 }
      let rest = error.retryAfter.map { min(max($0, pace.retries.first), SinkBackoff.longestRetryAfter) }
      let pause = rest ?? pace.retries.pause(after: owed.tries + 1)
      logger.warning(
        "\(sender.name) did not take notice \(owed.id): \(error); it is offered again in \(pause.visible)")
      let now = clock()
      try await store.noteFailure(
        owed, to: sender.name, at: now, reason: error.description,
        nextTry: now.later(by: min(pause, pace.retries.longest)),
        restUntil: rest.map(now.later))
      return .failed
    }
    state.withLock { $0.failures = 0 }
    unnoted.add(owed, to: sender.name)
    // A failure to record is logged when there is nothing else to send.
    _ = await noteWhatIsSent()
    return .brought
  }

  /// Notes what the sink has.
  ///
  /// - Returns: why that cannot be done.
  private func noteWhatIsSent() async -> ExchangeError? {
    do throws(ExchangeError) {
      for notice in unnoted.of(sender.name) {
        try await store.noteSent(notice, to: sender.name)
        unnoted.remove(notice, of: sender.name)
      }
      return nil
    } catch {
      return error
    }
  }

  /// A sink that fails, or a store that does, is not hammered; new notices do not shorten that.
  private func rest() async {
    let end = ContinuousClock.now + pace.rests.pause(after: state.withLock { max($0.failures, $0.storeFailures) })
    while mayWork, ContinuousClock.now < end { await nudge.wait(atMost: end - .now) }
  }
}
