internal import FilsluseSystem

/// Whether the loops of a long-running exchange still move.
///
/// Each loop has a pulse and beats it whenever it gets on: at the end of a round, with each piece of data, while it
/// waits. A loop that has not beaten for longer than it may is stuck.
final class Pulse: Sendable {
  /// The pulse of the loop that the running task belongs to.
  @TaskLocal static var current: Pulse?

  let name: String
  private let allowed: Duration
  private let last = Locked(ContinuousClock.now)

  init(_ name: String, allowed: Duration) {
    self.name = name
    self.allowed = allowed
  }

  func beat() { last.withLock { $0 = .now } }

  /// Whether it has beaten lately.
  func isAlive(at now: ContinuousClock.Instant) -> Bool { now - last.withLock { $0 } <= allowed }
}
