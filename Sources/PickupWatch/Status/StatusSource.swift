public import FilsluseSystem

/// Where the status page has what it shows, and whom it tells that somebody knows of an alert.
public struct StatusSource: Sendable {
  /// What became of an acknowledgement.
  public enum Acknowledgement: Sendable, Hashable {
    /// It is written down.
    case done
    /// There is nothing to acknowledge any more: it is over, or somebody has done so already.
    case nothingToDo
    /// There is no such alert.
    case unknown
    /// It could not be written down.
    case failed
  }

  /// As whom the alerts name somebody at the status page who acknowledges one.
  static let acknowledger = "status page"

  /// What the watcher knows now.
  public var status: @Sendable () async -> WatchStatus
  /// When the watcher's loops last came round.
  public var health: @Sendable () async -> WatchHealth
  /// Takes somebody's word that they know of the alert of that number.
  public var acknowledge: @Sendable (Int64) async -> Acknowledgement
  /// The watcher's clock.
  public var clock: @Sendable () -> Timestamp

  /// Names the sources.
  public init(
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
