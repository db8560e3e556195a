internal import FilsluseBase

/// One snapshot for all who ask within a second: however many ask, the watcher's store is read once a second.
actor SharedSnapshot {
  private let source: StatusSource
  private let freshFor: Duration
  private var latest: (status: WatchStatus, taken: ContinuousClock.Instant)?
  private var underWay: Task<WatchStatus, Never>?
  private var waiting = 0

  /// The maximum number of requests that wait for a snapshot. A cancelled one cannot leave before it comes, and if it
  /// never came their number would grow for ever.
  private static let mostWaiting = 200

  init(_ source: StatusSource, freshFor: Duration = .seconds(1)) {
    self.source = source
    self.freshFor = freshFor
  }

  /// The snapshot; `nil` when too many wait for it already.
  func status() async -> WatchStatus? {
    if let latest, latest.taken.duration(to: .now) < freshFor { return latest.status }
    guard waiting < Self.mostWaiting else { return nil }
    waiting += 1
    defer { waiting -= 1 }
    if let underWay { return await underWay.value }
    let task = Task { [source] in await source.status() }
    underWay = task
    let status = await task.value
    // The state may have changed; then this snapshot is only for the requests before.
    if underWay == task {
      underWay = nil
      latest = (status, .now)
    }
    return status
  }

  /// Makes the next request see all changes.
  func forget() {
    latest = nil
    underWay = nil
  }
}
