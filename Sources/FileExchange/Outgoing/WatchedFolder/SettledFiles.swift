/// Decides which files of a folder are complete, because they have not changed for long enough. A pure value: its
/// caller has eyes and a clock.
///
/// Only the time between two looks of this process counts, so that neither a clock that jumps nor a file with an old
/// date makes a half-written file look old.
struct SettledFiles: Sendable {
  private struct Observation: Sendable {
    var status: LocalFile.Status
    var since: ContinuousClock.Instant
    var look: Int
  }

  private let period: Duration
  private let limit: Int
  private var observations: [[UInt8]: Observation] = [:]
  private var look = 0

  /// - Parameter limit: the greatest number of files remembered at a time; others wait until some of these are gone.
  init(period: Duration, limit: Int = 20_000) {
    self.period = period
    self.limit = limit
  }

  /// Records a file's present status; returns true if it has stayed unchanged for long enough.
  mutating func see(_ entry: FolderEntry, at now: ContinuousClock.Instant) -> Bool {
    if let known = observations[entry.name], known.status == entry.status {
      observations[entry.name]?.look = look
      return now - known.since >= period
    }
    guard observations[entry.name] != nil || observations.count < limit else { return false }
    observations[entry.name] = Observation(status: entry.status, since: now, look: look)
    return period <= .zero
  }

  /// Restarts the time of a file.
  mutating func forget(_ name: [UInt8]) { observations[name] = nil }

  /// Ends a look. A complete look forgets the files that it did not see; a look that stopped early at its limit keeps
  /// them, so that they go on settling.
  mutating func endLook(sawAll: Bool = true) {
    let last = look
    if sawAll { observations = observations.filter { $0.value.look == last } }
    look += 1
  }
}
