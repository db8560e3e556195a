/// When to try again after a failure, by its kind. A pure value: it knows neither clock nor connection.
///
/// What may pass by itself is tried again after a pause that doubles each time, between ``shortestPause`` and
/// ``longestPause``; a part of each pause is drawn by lot, so that many who lost the same server do not come back at
/// once. An account whose key or host key was refused is left alone until a person has looked. A file that fails
/// ``triesPerFile`` times for a reason of its own is set aside.
public struct RetryPolicy: Sendable, Hashable {
  /// The pause after the first failure.
  public var shortestPause: Duration = .milliseconds(500)
  /// No pause is longer.
  public var longestPause: Duration = .seconds(300)
  /// The part of each pause that is drawn by lot, from 0 (none) to 1 (all of it).
  public var jitter = 0.5
  /// How often one file may fail for a reason of its own before it is set aside.
  public var triesPerFile = 5

  /// The policy that the platform is used with.
  public init() {}

  /// What to do about a failure.
  public enum Verdict: Sendable, Hashable {
    /// It may pass by itself: try again after the pause.
    case tryAgain(after: Duration)
    /// The account is to be left alone until a person has mended what is wrong, and somebody is to be told.
    case stopAccount
    /// The file has failed often enough: it is to be set aside, and the others go on.
    case setAside
    /// It will not pass by itself, and nothing is to be done but to say so.
    case giveUp
  }

  /// What to do after a failure that is the `failures`-th in a row (1 for the first).
  ///
  /// - Parameter lot: a number from 0 up to 1, drawn anew each time.
  public func verdict(on error: ExchangeError, failures: Int, lot: Double) -> Verdict {
    switch error.kind {
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
    var whole = shortestPause
    for _ in 1..<max(1, min(failures, 64)) where whole < longestPause { whole *= 2 }
    whole = min(whole, longestPause)
    let drawn = whole * (1 - min(max(jitter, 0), 1) * (1 - min(max(lot, 0), 1)))
    return min(max(drawn, shortestPause), longestPause)
  }
}
