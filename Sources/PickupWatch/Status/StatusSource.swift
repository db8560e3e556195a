package import FilsluseBase

/// The source of the watcher's present status, for the first screen, the metrics and the JSON.
package struct StatusSource: Sendable {
  /// Returns the watcher's present status.
  package var status: @Sendable () async -> WatchStatus
  /// Returns the last rounds of the watcher's loops.
  package var health: @Sendable () async -> WatchHealth
  /// The watcher's clock.
  package var clock: @Sendable () -> Timestamp

  /// Names the sources.
  package init(
    status: @escaping @Sendable () async -> WatchStatus, health: @escaping @Sendable () async -> WatchHealth,
    clock: @escaping @Sendable () -> Timestamp = { .now }
  ) {
    self.status = status
    self.health = health
    self.clock = clock
  }
}
