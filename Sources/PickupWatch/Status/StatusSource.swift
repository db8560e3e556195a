package import FilsluseBase

/// The source of the status page's content, and the receiver of its acknowledgements.
public struct StatusSource: Sendable {
  /// The result of an acknowledgement.
  package enum Acknowledgement: Sendable, Hashable {
    /// It is written down.
    case done
    /// There is nothing to acknowledge any more: it is resolved, or was acknowledged already.
    case nothingToDo
    /// There is no such alert.
    case unknown
    /// It could not be written down.
    case failed
  }

  /// The name in an alert for a user of the status page who acknowledges it.
  static let acknowledger = "status page"

  /// Returns the watcher's present knowledge.
  package var status: @Sendable () async -> WatchStatus
  /// Returns the last rounds of the watcher's loops.
  package var health: @Sendable () async -> WatchHealth
  /// Acknowledges the alert of that number.
  package var acknowledge: @Sendable (Int64) async -> Acknowledgement
  /// The watcher's clock.
  package var clock: @Sendable () -> Timestamp

  /// Names the sources.
  package init(
    status: @escaping @Sendable () async -> WatchStatus, health: @escaping @Sendable () async -> WatchHealth,
    acknowledge: @escaping @Sendable (Int64) async -> Acknowledgement,
    clock: @escaping @Sendable () -> Timestamp = { .now }
  ) {
    self.status = status
    self.health = health
    self.acknowledge = acknowledge
    self.clock = clock
  }
}
