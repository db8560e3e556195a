internal import FilsluseBase

/// Files of a watched folder that could neither be taken nor set aside, each with its own growing pause. A pure value.
struct RefusedFiles: Sendable {
  private struct Refusal: Sendable {
    /// The mark for setting it aside, the same in every try.
    let mark: String
    var backoff: Backoff
    var nextTry: ContinuousClock.Instant
  }

  private var refusals: [[UInt8]: Refusal] = [:]
  /// The number of remembered files; others are tried with every look until some of these are gone.
  private static let mostRemembered = 1000

  /// Returns true if a file failed before.
  func contains(_ name: [UInt8]) -> Bool { refusals[name] != nil }

  /// Returns true if a file may be tried now.
  func isDue(_ name: [UInt8], at now: ContinuousClock.Instant) -> Bool {
    refusals[name].map { $0.nextTry <= now } ?? true
  }

  /// The mark that a file was given when it failed first.
  func mark(of name: [UInt8]) -> String? { refusals[name]?.mark }

  /// Notes that a file has failed.
  mutating func fail(_ name: [UInt8], mark: String, at now: ContinuousClock.Instant, _ policy: RetryPolicy) {
    guard refusals[name] != nil || refusals.count < Self.mostRemembered else { return }
    var refusal = refusals[name] ?? Refusal(mark: mark, backoff: policy.backoff, nextTry: now)
    refusal.nextTry = now + refusal.backoff.next()
    refusals[name] = refusal
  }

  /// Forgets a file. Returns whether it was known.
  mutating func remove(_ name: [UInt8]) -> Bool { refusals.removeValue(forKey: name) != nil }

  /// Returns their names, except some.
  func names(except others: Set<[UInt8]>) -> [[UInt8]] { refusals.keys.filter { !others.contains($0) } }
}
