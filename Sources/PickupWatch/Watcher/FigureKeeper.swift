internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase

/// Computes the figures of an account's last days, and stores them for longer than the observations behind them.
struct FigureKeeper: Sendable {
  let evaluator: RuleEvaluator
  let store: WatchDatabase

  /// The number of days back for computing missing pick-up times; observations are kept for longer.
  private static let pickUpDaysBack = 31

  /// Stores the pick-up times of the days since the last stored one, including that day: its last file may have been
  /// picked up after its figures were made.
  func keepPickUps(of state: InboxState, at now: Timestamp) async throws(ExchangeError) {
    let clock = evaluator.calendar.clock
    let today = clock.reading(at: now).day
    let earliest = today.later(byDays: -Self.pickUpDaysBack)
    let last = try await store.lastPickUpDay(of: state.account) ?? earliest
    let begin = clock.moment(min(max(last, earliest), today), minute: 0)
    // Includes files picked up at this very moment.
    let span = begin..<max(begin, now.later(by: .milliseconds(1)))
    let days = try await store.foldPickUps(
      of: state.account, in: span, longestPause: evaluator.longestPause,
      into: PickUpDays(evaluator: evaluator, state: state)
    ) { days, pickUp in days.add(pickUp) }
    try await store.keep(days.series, of: state.account, today: today)
  }

  /// Stores the outcome of the expected files on the last days.
  ///
  /// - Returns: the outcome by rule, for the status page.
  func keepExpected(
    of state: InboxState, journal: Journal?, at now: Timestamp
  ) async throws(ExchangeError) -> [ExpectedSeries] {
    let days = ExpectationHistory(evaluator: evaluator, state: state)
    let history = WatchHistory(evaluator: evaluator, store: store, journal: journal)
    var series: [ExpectedSeries] = []
    var figures: [ExpectedFigure] = []
    for rule in evaluator.rules(of: state.account).infRefRules {
      guard let expected = rule.expected else { continue }
      let arrivals = try await history.arrivals(for: rule, since: days.begin(before: now), in: state)
      series.append(days.series(of: rule, expected, arrivals: arrivals, at: now))
      figures += days.figures(of: rule, expected, arrivals: arrivals, at: now)
    }
    try await store.keep(figures, of: state.account, today: evaluator.calendar.clock.reading(at: now).day)
    return series
  }
}
