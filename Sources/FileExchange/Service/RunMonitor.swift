internal import FilsluseBase

/// Shows the state of a running exchange to a `StatusServer`, which may begin before the exchange and end after it.
///
/// One monitor belongs to one process and to one call of ``Exchange/runUnattended(reloads:monitor:onEvent:)`` at a
/// time.
public final class RunMonitor: Sendable {
  private let version: String
  private let started = Timestamp.now
  private let source = Locked<Source?>(nil)

  /// The run that is shown.
  private struct Source: Sendable {
    let status: @Sendable (inout RunStatus) async -> Void
    let stuckLoops: @Sendable (ContinuousClock.Instant) -> [String]
  }

  /// A monitor of a run that is still to come.
  ///
  /// - Parameter version: the version of the program, as its metrics show it.
  public init(version: String) { self.version = version }

  /// Shows a run while `body` carries it out.
  func during(
    _ run: UnattendedRun, _ body: () async throws(ExchangeError) -> Void
  ) async throws(ExchangeError) {
    let shown = Source(status: { status in await run.fill(&status) }, stuckLoops: { run.stuckLoops(at: $0) })
    source.withLock { $0 = shown }
    defer { source.withLock { $0 = nil } }
    try await body()
  }

  /// The state of the run now.
  func status() async -> RunStatus {
    var status = RunStatus(version: version, taken: .now, started: started)
    guard let run = source.withLock({ $0 }) else { return status }
    status.isAtWork = true
    await run.status(&status)
    return status
  }

  /// The names of the loops that have made no progress for too long; none where there is no run.
  func stuckLoops(at now: ContinuousClock.Instant) -> [String] { source.withLock { $0 }?.stuckLoops(now) ?? [] }
}
