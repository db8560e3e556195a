internal import FilsluseSystem

/// One snapshot for all who ask within a second: however many ask, the watcher's store is read once a second.
actor SharedSnapshot {
  private let source: StatusSource
  private var latest: (status: WatchStatus, taken: ContinuousClock.Instant)?
  private var underWay: Task<WatchStatus, Never>?

  init(_ source: StatusSource) { self.source = source }

  func status() async -> WatchStatus {
    if let latest, latest.taken.duration(to: .now) < .seconds(1) { return latest.status }
    if let underWay { return await underWay.value }
    let task = Task { [source] in await source.status() }
    underWay = task
    let status = await task.value
    // Something may have changed meanwhile; then this snapshot is for those alone who asked before.
    if underWay == task {
      underWay = nil
      latest = (status, .now)
    }
    return status
  }

  /// Lets the next one who asks see what has changed.
  func forget() {
    latest = nil
    underWay = nil
  }
}
