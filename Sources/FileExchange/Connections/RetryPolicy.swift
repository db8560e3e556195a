internal import FilsluseSFTP
public import FilsluseBase

/// The retry policy, by the category of failure. A pure value: it knows neither clock nor connection.
///
/// A passing failure is retried after the pauses of ``backoff``. An account with a refused key or host key is stopped:
/// a person is alerted, and it is retried after the pauses of ``stopBackoff``, or on request. A file that fails
/// ``triesPerFile`` times for a reason of its own is set aside.
public struct RetryPolicy: Sendable, Hashable {
  /// The pauses between retries of a passing failure.
  public var backoff = Backoff(first: .milliseconds(500), longest: .seconds(300), jitter: 0.5)
  /// The pauses between retries of a stopped account; long enough that servers do not lock the account.
  public var stopBackoff = Backoff(first: .seconds(60), longest: .seconds(3600), jitter: 0.5)
  /// The number of failures of one file, for a reason of its own, after which it is set aside.
  public var triesPerFile = 5

  /// The policy that the platform is used with.
  public init() {}

  /// The reaction to a failure.
  public enum Verdict: Sendable, Hashable {
    /// It may pass by itself: try again after the pause.
    case tryAgain(after: Duration)
    /// The account is stopped: a person is alerted, and it is retried after the pauses of ``stopBackoff``.
    case stopAccount
    /// Too many failures: set the file aside and go on with the others.
    case setAside
    /// Report the failure; a retry would not help.
    case giveUp
  }

  /// Returns the reaction to a failure that is the `failures`-th in a row (1 for the first).
  ///
  /// - Parameter random: a random number from 0 up to 1, for the jitter of a pause.
  public func verdict(on error: ExchangeError, failures: Int, random: Double = .random(in: 0..<1)) -> Verdict {
    switch error.category {
    case .passing, .local: .tryAgain(after: backoff.pause(after: failures, random: random))
    case .account: .stopAccount
    // Neither the file's name nor the route changes by waiting.
    case .file where error.code == .wrongMunicipality || error.code == .routeNotCleared: .setAside
    case .file:
      failures >= triesPerFile ? .setAside : .tryAgain(after: backoff.pause(after: failures, random: random))
    case .request: .giveUp
    }
  }

  /// Returns true while the pause before a next try lasts. A pause longer than the longest means that the clock was set
  /// back; it does not count.
  func isPausing(until nextTry: Timestamp?, at now: Timestamp = .now) -> Bool {
    guard let nextTry else { return false }
    return now < nextTry && nextTry.since(now) <= backoff.longest
  }
}
