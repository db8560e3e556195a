internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase

extension WatchSession {
  /// The number of days back for which pick-up times are made where none are kept: observations are kept for longer.
  private static let pickUpDaysBack = 31

  /// Keeps the pick-up times of the days since the last one that is kept, that day included: a day's last file may have
  /// been picked up after its figures were made.
  func keepPickUps(of state: InboxState, at now: Timestamp) async throws(ExchangeError) {
    let clock = evaluator.calendar.clock
    let today = clock.reading(at: now).day
    let earliest = today.later(byDays: -Self.pickUpDaysBack)
    let last = try await database.lastPickUpDay(of: state.account) ?? earliest
    let begin = clock.moment(min(max(last, earliest), today), minute: 0)
    // What has just gone counts too.
    let span = begin..<max(begin, now.later(by: .milliseconds(1)))
    let days = try await database.foldPickUps(
      of: state.account, in: span, longestPause: evaluator.longestPause,
      into: PickUpDays(evaluator: evaluator, state: state)
    ) { days, pickUp in days.add(pickUp) }
    try await database.keep(days.series, of: state.account, today: today)
  }
}
