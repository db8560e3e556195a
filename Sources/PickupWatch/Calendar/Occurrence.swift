package import ExchangeSettings
package import FilsluseBase

/// One deadline for expected files.
///
/// A file counts for the nearest deadline: a late file is not counted for the next one, nor an early file for the last
/// one.
package struct Occurrence: Sendable, Hashable {
  /// The day.
  package let day: CivilDay
  /// The deadline, without any grace.
  package let deadline: Timestamp
  /// The time span of files that count for it: from the middle after the last deadline to the middle before the next.
  package let window: Range<Timestamp>
  /// The next deadline.
  package let next: Timestamp
}

extension WatchCalendar {
  /// Returns the occurrence with the last deadline at or before a moment; `nil` before the first one.
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

  /// Returns the occurrence with the next deadline after a moment.
  package func nextOccurrence(of rhythm: Rhythm, after moment: Timestamp) -> Occurrence? {
    lastOccurrence(of: rhythm, at: moment).flatMap { lastOccurrence(of: rhythm, at: $0.next) }
  }

  private static func middle(_ one: Timestamp, _ other: Timestamp) -> Timestamp {
    Timestamp(
      millisecondsSince1970: one.millisecondsSince1970
        + (other.millisecondsSince1970 - one.millisecondsSince1970) / 2)
  }

  /// Returns the first day with a deadline, from `start` on, a day at a time.
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
