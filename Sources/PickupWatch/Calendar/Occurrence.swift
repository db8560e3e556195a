package import ExchangeSettings
package import FilsluseBase

/// One deadline for expected files.
///
/// Of two deadlines a file counts for the nearer one: a late file is not counted for the next, nor an early one for the
/// last.
package struct Occurrence: Sendable, Hashable {
  /// The day.
  package let day: CivilDay
  /// The deadline, without any grace.
  package let deadline: Timestamp
  /// The moments at which what comes counts for it: from the middle after the last deadline to the middle before the
  /// next.
  package let window: Range<Timestamp>
  /// The next deadline.
  package let next: Timestamp
}

extension WatchCalendar {
  /// The occurrence whose deadline was the last before or at a moment; `nil` before there was any.
  package func lastOccurrence(of rhythm: Rhythm, at moment: Timestamp) -> Occurrence? {
    var day = clock.reading(at: moment).day
    if clock.moment(day, minute: rhythm.minute) > moment { day = day.later(byDays: -1) }
    guard let day = self.day(of: rhythm, from: day, step: -1),
      let before = self.day(of: rhythm, from: day.later(byDays: -1), step: -1),
      let after = self.day(of: rhythm, from: day.later(byDays: 1), step: 1)
    else { return nil }
    let deadlines = [before, day, after].map { clock.moment($0, minute: rhythm.minute) }
    return Occurrence(
      day: day, deadline: deadlines[1],
      window: Self.middle(deadlines[0], deadlines[1])..<Self.middle(deadlines[1], deadlines[2]), next: deadlines[2])
  }

  /// The occurrence whose deadline is the next after a moment.
  package func nextOccurrence(of rhythm: Rhythm, after moment: Timestamp) -> Occurrence? {
    lastOccurrence(of: rhythm, at: moment).flatMap { lastOccurrence(of: rhythm, at: $0.next) }
  }

  private static func middle(_ one: Timestamp, _ other: Timestamp) -> Timestamp {
    Timestamp(
      millisecondsSince1970: one.millisecondsSince1970
        + (other.millisecondsSince1970 - one.millisecondsSince1970) / 2)
  }

  /// The first day from `start`, going a day at a time, on which files are to come.
  private func day(of rhythm: Rhythm, from start: CivilDay, step: Int) -> CivilDay? {
    for offset in 0..<400 {
      let day = start.later(byDays: offset * step)
      if isDay(day, of: rhythm) { return day }
    }
    return nil
  }

  private func isDay(_ day: CivilDay, of rhythm: Rhythm) -> Bool {
    switch rhythm.days {
    case .daily: return true
    case .weekdays: return isWeekday(day)
    case .weekly(let weekday): return day.weekday == weekday.rawValue
    case .monthly(let number):
      let (year, month, dayOfMonth) = day.parts
      return dayOfMonth == min(number, CivilDay.length(ofMonth: month, year: year))
    }
  }
}
