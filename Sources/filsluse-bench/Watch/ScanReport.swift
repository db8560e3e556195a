/// The cost of a scan of all inboxes.
struct ScanFigure: Codable {
  /// From its beginning to its end.
  let seconds: Double
  /// The watcher's own work on any core.
  let processorSeconds: Double
  /// The kilobytes written to disks for the watcher.
  let kilobytesWritten: Int
  /// The watcher's memory after it.
  let kilobytes: Int
  /// The number of data files seen.
  let files: Int
}

/// The scans of one watcher.
struct ScanReport: Codable {
  /// Making the connections that are kept, where they are.
  let connecting: Double?
  let first: ScanFigure
  let later: [ScanFigure]
  /// The most memory that the watcher ever had.
  let mostKilobytes: Int
  /// The share of a core used in a second without scans: kept connections are kept alive.
  let idleShare: Double

  /// The figures, and the goals beside them.
  func text(_ title: String, seconds goal: Double, megabytes: Int? = nil, share: Double? = nil) -> String {
    let seconds = later.map(\.seconds).median
    let work = later.map(\.processorSeconds).median
    let memory = (later.map(\.kilobytes).max() ?? 0) >> 10
    let scanShare = (work + idleShare * max(0, 60 - seconds)) / 60 * 100
    var lines = ["  \(title)"]
    if let connecting { lines.append("    connecting: \(BenchText.rounded(connecting, 2)) s, once") }
    lines += [
      "    first scan: \(BenchText.rounded(first.seconds, 2)) s, \(BenchText.rounded(first.processorSeconds, 2)) s of work",
      """
          later scans: \(BenchText.rounded(seconds, 2)) s \(list(later.map(\.seconds))); goal under \
      \(BenchText.rounded(goal, 0)) s
      """,
      """
          work of a later scan: \(BenchText.rounded(work, 2)) s; at one a minute, with what keeping connections takes, \
      \(BenchText.rounded(scanShare, 1)) % of a core\(share.map { "; goal under \(BenchText.rounded($0, 0)) %" } ?? "")
      """,
      "    written by a later scan: \(Int(later.map { Double($0.kilobytesWritten) }.median)) KiB",
      """
          memory after later scans: \(memory) MiB, the most ever \(mostKilobytes >> 10) MiB\
      \(megabytes.map { "; goal under \($0) MB" } ?? "")
      """,
    ]
    return lines.joined(separator: "\n")
  }

  private func list(_ numbers: [Double]) -> String {
    "(" + numbers.map { BenchText.rounded($0, 2) }.joined(separator: ", ") + ")"
  }
}
