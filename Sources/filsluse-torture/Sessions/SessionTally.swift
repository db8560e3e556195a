import FilsluseSFTP

/// The results of the disturbed sessions.
struct SessionTally: Sendable {
  private struct Count: Sendable {
    var points = 0
    var succeeded = 0
    var failed = 0
    var longest = Duration.zero
  }

  private var counts: [SessionFault.Kind: Count] = [:]
  private var codes: [String: Int] = [:]
  private var wrong: [String] = []

  /// Notes how a session ended.
  ///
  /// - Parameter limit: the time within which it had to end.
  mutating func note(
    _ fault: SessionFault, _ outcome: Result<[String], SFTPError>, took: Duration, limit: Duration
  ) {
    var count = counts[fault.kind] ?? Count()
    count.points += 1
    count.longest = max(count.longest, took)
    switch outcome {
    case .success(let differences):
      count.succeeded += 1
      wrong += differences.map { "\(fault): \($0)" }
    case .failure(let error):
      count.failed += 1
      codes[error.code.rawValue, default: 0] += 1
      if !fault.mayFail || !error.category.causePasses { wrong.append("\(fault): \(error)") }
    }
    if took > limit { wrong.append("\(fault): it took \(took), longer than \(limit)") }
    counts[fault.kind] = count
  }

  /// Notes a fault of another kind.
  mutating func note(wrong text: String) { wrong.append(text) }

  /// Adds the results of another line.
  mutating func add(_ other: SessionTally) {
    counts.merge(other.counts) {
      Count(
        points: $0.points + $1.points, succeeded: $0.succeeded + $1.succeeded, failed: $0.failed + $1.failed,
        longest: max($0.longest, $1.longest))
    }
    codes.merge(other.codes, uniquingKeysWith: +)
    wrong += other.wrong
  }

  /// True if each session got through, or ended in time with an error that says to try again.
  var isSound: Bool { wrong.isEmpty && !counts.isEmpty }

  /// The counts, and each session with another result.
  var text: String {
    let lines = SessionFault.Kind.allCases.compactMap { kind in
      counts[kind].map {
        "\(kind.rawValue): \($0.points) points, got through \($0.succeeded), clear errors \($0.failed), "
          + "longest \(Int($0.longest / .milliseconds(1))) ms"
      }
    }
    let kinds = codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return (lines + ["errors: \(kinds.isEmpty ? "none" : kinds)", "wrong: \(wrong.count)"] + wrong.map { "  " + $0 })
      .joined(separator: "\n")
  }
}
