/// The heartbeat of a loop of a long-running exchange.
///
/// Each loop has one and beats it on every progress: at the end of a round, with each piece of data, during waits. A
/// loop whose heartbeat is overdue is stuck.
package final class Heartbeat: Sendable {
  /// The heartbeat of the loop that the running task belongs to.
  @TaskLocal package static var current: Heartbeat?

  package let name: String
  private let allowed: Duration
  private let last = Locked(ContinuousClock.now)

  package init(_ name: String, allowed: Duration) {
    self.name = name
    self.allowed = allowed
  }

  package func beat() { last.withLock { $0 = .now } }

  /// Returns true if the last heartbeat is recent.
  package func isAlive(at now: ContinuousClock.Instant) -> Bool { now - last.withLock { $0 } <= allowed }
}
