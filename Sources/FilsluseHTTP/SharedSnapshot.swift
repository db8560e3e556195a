/// One snapshot shared by all requests within a second: its source is read at most once a second.
package actor SharedSnapshot<Status: Sendable> {
  private let source: @Sendable () async -> Status
  private let freshFor: Duration
  private var latest: (status: Status, taken: ContinuousClock.Instant)?
  private var underWay: Task<Status, Never>?
  private var waiting = 0

  /// The greatest number of requests that wait for a snapshot. A cancelled request cannot leave before the snapshot
  /// comes, so their number could otherwise grow without limit.
  private let mostWaiting = 200

  /// Creates snapshots of a source, each valid for `freshFor`.
  package init(freshFor: Duration = .seconds(1), of source: @escaping @Sendable () async -> Status) {
    self.source = source
    self.freshFor = freshFor
  }

  /// The snapshot; `nil` when too many wait for it already.
  package func status() async -> Status? {
    if let latest, latest.taken.duration(to: .now) < freshFor { return latest.status }
    guard waiting < mostWaiting else { return nil }
    waiting += 1
    defer { waiting -= 1 }
    if let underWay { return await underWay.value }
    let task = Task { [source] in await source() }
    underWay = task
    let status = await task.value
    // The state may have changed; then this snapshot is only for the requests before.
    if underWay == task {
      underWay = nil
      latest = (status, .now)
    }
    return status
  }

  /// Drops the snapshot, so that the next request sees all changes.
  package func forget() {
    latest = nil
    underWay = nil
  }
}
