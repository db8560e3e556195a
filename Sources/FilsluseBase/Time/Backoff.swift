/// Growing pauses between the retries of failing work. A pure value without a clock.
///
/// The first pause is ``first``, and each next one is ``factor`` times as long, up to ``longest``. A part of each pause
/// is random jitter, so that the clients of a lost server do not all come back at once; no pause is shorter than the
/// first one. Failures are counted here, by ``next(random:)`` and ``reset()``, or elsewhere, such as in the journal,
/// for ``pause(after:random:)``.
public struct Backoff: Sendable, Hashable {
  /// The pause after the first failure.
  public var first: Duration
  /// No pause is longer.
  public var longest: Duration
  /// The ratio of a pause to the one before.
  public var factor: Double
  /// The part of each pause that is random, from 0 (none) to 1 (all of it).
  public var jitter: Double
  /// The number of failures in a row.
  public private(set) var failures = 0

  /// Creates a back-off without failures.
  public init(first: Duration, longest: Duration, factor: Double = 2, jitter: Double = 0) {
    self.first = first
    self.longest = longest
    self.factor = factor
    self.jitter = jitter
  }

  /// Counts a failure, and returns the pause after it.
  ///
  /// - Parameter random: a random number from 0 up to 1.
  public mutating func next(random: Double = .random(in: 0..<1)) -> Duration {
    if failures < .max { failures += 1 }
    return pause(after: failures, random: random)
  }

  /// Begins again with the first pause, after a success.
  public mutating func reset() { failures = 0 }

  /// Returns the pause after a number of failures in a row.
  ///
  /// - Parameter random: a random number from 0 up to 1.
  public func pause(after failures: Int, random: Double = .random(in: 0..<1)) -> Duration {
    var whole = min(first, longest)
    for _ in 1..<max(1, min(failures, 64)) where whole < longest { whole = min(whole * factor, longest) }
    let drawn = whole * (1 - min(max(jitter, 0), 1) * (1 - min(max(random, 0), 1)))
    return min(max(drawn, first), longest)
  }
}
