package import ExchangeSettings
package import FilsluseBase

/// The clock and calendar of the rules: a time zone, business hours, and the days without business.
package struct WatchCalendar: Sendable, Hashable {
  /// The wall clock.
  package let clock: WallClock
  /// The business hours, outside days off.
  package let businessHours: [WeeklyHours]
  /// Days without business beside the Danish public holidays.
  package let daysOff: [DayOff]

  /// A calendar.
  package init(clock: WallClock, businessHours: [WeeklyHours], daysOff: [DayOff] = []) {
    self.clock = clock
    self.businessHours = businessHours
    self.daysOff = daysOff
  }

  /// The calendar of settings; `nil` where the time zone is none.
  package init?(_ settings: WatchSettings) {
    guard let clock = WallClock(zone: settings.timeZone) else { return nil }
    self.init(clock: clock, businessHours: settings.businessHours, daysOff: settings.daysOff)
  }

  /// Returns the reason why there is no business on a day: the holiday's name, or `day off`; `nil` where there may be.
  package func holiday(on day: CivilDay) -> String? {
    DanishHolidays.name(of: day) ?? (daysOff.contains { $0.isOn(day) } ? "day off" : nil)
  }

  /// Returns true for a day from Monday to Friday, except holidays and days off.
  package func isWeekday(_ day: CivilDay) -> Bool { day.weekday <= 5 && holiday(on: day) == nil }

  /// Returns the business hours that begin on a day, in order and without overlaps.
  package func openings(on day: CivilDay) -> [Range<Timestamp>] {
    guard holiday(on: day) == nil, let weekday = WeeklyHours.Weekday(rawValue: day.weekday) else { return [] }
    let openings = businessHours.filter { $0.days.contains(weekday) }.compactMap { hours -> Range<Timestamp>? in
      let begin = clock.moment(day, minute: hours.from)
      // Hours that pass midnight end on the next day, whatever day that is.
      let end =
        hours.from < hours.to
        ? clock.moment(day, minute: hours.to) : clock.moment(day.later(byDays: 1), minute: hours.to)
      return begin < end ? begin..<end : nil
    }.sorted { $0.lowerBound < $1.lowerBound }
    return openings.reduce(into: []) { merged, next in
      if let last = merged.last, next.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
      } else {
        merged.append(next)
      }
    }
  }

  /// Returns the end of a period that begins at a moment.
  ///
  /// Business time that begins outside business hours begins with the next ones; where business never opens, the end is
  /// ten years away.
  package func end(of period: RulePeriod, from begin: Timestamp) -> Timestamp {
    guard period.isBusinessTime else { return begin.later(by: period.duration) }
    var left = period.duration
    var position = begin
    // Hours of the day before may pass midnight.
    let first = clock.reading(at: begin).day.later(byDays: -1)
    for offset in 0..<Self.farthest {
      for opening in openings(on: first.later(byDays: offset)) {
        let from = max(position, opening.lowerBound)
        guard from < opening.upperBound else { continue }
        let room = opening.upperBound.since(from)
        if left <= room { return from.later(by: left) }
        left -= room
        position = opening.upperBound
      }
    }
    return begin.later(by: .seconds(Self.farthest * 86_400))
  }

  /// Returns the moment at which a percentage of a period has passed since its beginning.
  package func end(ofHundredths share: Int, of period: RulePeriod, from begin: Timestamp) -> Timestamp {
    end(of: RulePeriod(period.duration * share / 100, isBusinessTime: period.isBusinessTime), from: begin)
  }

  /// The business time between two moments; none where the second is not later.
  package func businessTime(from begin: Timestamp, to end: Timestamp) -> Duration {
    var total = Duration.zero
    var day = clock.reading(at: begin).day.later(byDays: -1)
    let last = clock.reading(at: end).day
    var position = begin
    while day <= last {
      for opening in openings(on: day) {
        let from = max(position, opening.lowerBound)
        let to = min(end, opening.upperBound)
        guard from < to else { continue }
        total += to.since(from)
        position = to
      }
      day = day.later(byDays: 1)
    }
    return total
  }

  /// The number of days searched for business time: with one minute a week they have more than eight hours.
  private static let farthest = 3660
}
