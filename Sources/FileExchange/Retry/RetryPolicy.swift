internal import FilsluseSFTP
internal import FilsluseSystem

/// The retry policy, by the category of failure. A pure value: it knows neither clock nor connection.
///
/// A failure that may pass is retried after a back-off that doubles each time, between ``shortestPause`` and
/// ``longestPause``; a part of each pause is random jitter, so that many clients of a lost server do not come back at
/// once. An account whose key or host key was refused is stopped: a person is alerted, and it is retried after pauses
/// between ``shortestStop`` and ``longestStop``, or on request. A file that fails ``triesPerFile`` times for a reason
/// of its own is set aside.
public struct RetryPolicy: Sendable, Hashable {
  /// The pause after the first failure.
  public var shortestPause: Duration = .milliseconds(500)
  /// No pause is longer.
  public var longestPause: Duration = .seconds(300)
  /// The part of each pause that is drawn by lot, from 0 (none) to 1 (all of it).
  public var jitter = 0.5
  /// The number of failures of one file, for a reason of its own, after which it is set aside.
  public var triesPerFile = 5

  /// The pause before a stopped account is tried again for the first time.
  public var shortestStop: Duration = .seconds(60)
  /// A stopped account is tried again after this at the latest.
  public var longestStop: Duration = .seconds(3600)

  /// The policy that the platform is used with.
  public init() {}

  /// The reaction to a failure.
  public enum Verdict: Sendable, Hashable {
    /// It may pass by itself: try again after the pause.
    case tryAgain(after: Duration)
    /// The account is stopped: a person is alerted, and it is retried after ``pauseWhileStopped(after:lot:)``.
    case stopAccount
    /// The file has failed often enough: it is to be set aside, and the others go on.
    case setAside
    /// It will not pass by itself, and nothing is to be done but to say so.
    case giveUp
  }

  /// Returns the reaction to a failure that is the `failures`-th in a row (1 for the first).
  ///
  /// - Parameter lot: a random number from 0 up to 1.
  public func verdict(on error: ExchangeError, failures: Int, lot: Double) -> Verdict {
    switch error.category {
    case .passing, .local: .tryAgain(after: pause(after: failures, lot: lot))
    case .account: .stopAccount
    // Neither the file's name nor the route changes by waiting.
    case .file where error.code == .wrongMunicipality: .setAside
    case .file: failures >= triesPerFile ? .setAside : .tryAgain(after: pause(after: failures, lot: lot))
    case .request: .giveUp
    }
  }

  /// The pause after so many failures in a row.
  public func pause(after failures: Int, lot: Double) -> Duration {
    pause(after: failures, lot: lot, from: shortestPause, to: longestPause)
  }

  /// Returns true while the pause before a next try lasts. A pause longer than the longest means that the clock was set
  /// back; it does not count.
  func isPausing(until nextTry: Timestamp?, at now: Timestamp = .now) -> Bool {
    guard let nextTry else { return false }
    return now < nextTry && nextTry.since(now) <= longestPause
  }

  /// The pause before a stopped account is tried again, after so many refusals in a row: few enough tries that no server
  /// locks the account for them.
  public func pauseWhileStopped(after refusals: Int, lot: Double) -> Duration {
    pause(after: refusals, lot: lot, from: shortestStop, to: longestStop)
  }

  private func pause(after failures: Int, lot: Double, from shortest: Duration, to longest: Duration) -> Duration {
    var whole = shortest
    for _ in 1..<max(1, min(failures, 64)) where whole < longest { whole *= 2 }
    whole = min(whole, longest)
    let drawn = whole * (1 - min(max(jitter, 0), 1) * (1 - min(max(lot, 0), 1)))
    return min(max(drawn, shortest), longest)
  }
}
