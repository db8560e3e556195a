internal import FilsluseSystem
internal import Logging

/// Brings one sink what it is owed, one notice at a time; what it does not take is offered again later, and holds up
/// neither the other notices nor the other sinks.
final class AlertCourier: Sendable {
  let sender: any AlertSender
  private let store: AlertStore
  private let clock: @Sendable () -> Timestamp
  private let pace: AlertPace
  private let logger: Logger
  private let nudge = Nudge()
  private let state = Locked(State())

  private struct State {
    var isStopped = false
    var failures = 0
    var storeFailures = 0
    /// The notice that the sink has, although it could not be noted: the disk was full, say. It is not sent once more.
    var unnoted: String?
  }

  init(
    _ sender: any AlertSender, store: AlertStore, clock: @escaping @Sendable () -> Timestamp, pace: AlertPace,
    logger: Logger
  ) {
    self.sender = sender
    self.store = store
    self.clock = clock
    self.pace = pace
    self.logger = logger
  }

  /// Says that there is something to bring.
  func call() { nudge.ring() }

  /// Lets it begin nothing more.
  func stop() {
    state.withLock { $0.isStopped = true }
    nudge.ring()
  }

  private var mayWork: Bool { !Task.isCancelled && !state.withLock { $0.isStopped } }

  /// Works until it is stopped or cancelled.
  func run() async {
    while mayWork {
      do throws(AlertStoreError) {
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
  }

  /// Brings everything that is due, each notice once; a sink that takes none of three in a row is left alone.
  func bringAllDue() async throws(AlertStoreError) {
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

  private func bringNext() async throws(AlertStoreError) -> Outcome {
    guard let owed = try await store.due(to: sender.name, at: clock(), longestPause: pace.longest) else {
      return .nothing
    }
    if state.withLock({ $0.unnoted }) == owed.notice.id {
      try await noteSent(owed)
      return .brought
    }
    do throws(SendingFailure) {
      try await sender.send(owed)
    } catch {
      state.withLock { $0.failures += 1 }
      let pause = pace.pause(after: owed.tries + 1)
      logger.warning(
        "\(sender.name) did not take notice \(owed.notice.id): \(error); it is offered again in \(pause)")
      try await store.noteFailure(
        owed.notice, to: sender.name, reason: error.description, nextTry: clock().later(by: pause))
      return .failed
    }
    state.withLock { state in
      state.failures = 0
      state.unnoted = owed.notice.id
    }
    try await noteSent(owed)
    return .brought
  }

  private func noteSent(_ owed: OwedNotice) async throws(AlertStoreError) {
    try await store.noteSent(owed.notice, to: sender.name)
    state.withLock { $0.unnoted = nil }
  }

  /// A sink that fails, or a store that does, is not hammered; new notices do not shorten that.
  private func rest() async {
    let end = ContinuousClock.now + pace.rest(after: max(1, state.withLock { max($0.failures, $0.storeFailures) }))
    while mayWork, ContinuousClock.now < end { await nudge.wait(atMost: end - .now) }
  }
}
