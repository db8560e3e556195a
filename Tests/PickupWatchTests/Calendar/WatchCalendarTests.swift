import ExchangeSettings
import FilsluseBase
import PickupWatch
import Testing

@Suite struct WatchCalendarTests {
  private static func calendar(
    _ hours: [String] = ["mon-fri 08:00-16:00"], daysOff: [String] = [], zone: String = "Europe/Copenhagen"
  ) throws -> WatchCalendar {
    WatchCalendar(
      clock: try #require(WallClock(zone: zone)), businessHours: try hours.map { try #require(WeeklyHours($0)) },
      daysOff: try daysOff.map { try #require(DayOff($0)) })
  }

  /// `2026-04-01 15:00` by the calendar's clock.
  private static func at(_ text: String, _ calendar: WatchCalendar) throws -> Timestamp {
    let day = try #require(CivilDay(String(text.prefix(10))))
    return calendar.clock.moment(day, minute: try #require(ClockText.parse(String(text.suffix(5)))))
  }

  private static func shown(_ moment: Timestamp, _ calendar: WatchCalendar) -> String {
    calendar.clock.reading(at: moment).description
  }

  @Test(
    "adds periods",
    arguments: [
      // Wednesday before Easter: two hours are left, then Tuesday after Easter Monday.
      ("2026-04-01 14:00", "4h business", "2026-04-07 10:00"), ("2026-04-01 14:00", "2h business", "2026-04-01 16:00"),
      ("2026-04-03 12:00", "1h business", "2026-04-07 09:00"), ("2026-04-01 07:00", "30m business", "2026-04-01 08:30"),
      // Over the weekend on which summer time begins, and ends.
      ("2026-03-27 15:30", "1h business", "2026-03-30 08:30"), ("2026-10-23 15:00", "8h business", "2026-10-26 15:00"),
      // By the clock an hour is an hour.
      ("2026-03-29 00:00", "4h", "2026-03-29 05:00"), ("2026-10-25 00:00", "4h", "2026-10-25 03:00"),
      // Christmas: the 24th is named off, 25th and 26th are holidays, then a weekend.
      ("2026-12-23 15:00", "2h business", "2026-12-28 09:00"),
    ])
  func addsPeriods(begin: String, period: String, end: String) throws {
    let calendar = try Self.calendar(daysOff: ["12-24"])
    let begin = try Self.at(begin, calendar)
    let period = try #require(RulePeriod(period))
    let found = calendar.end(of: period, from: begin)
    #expect(Self.shown(found, calendar) == end)
    if period.isBusinessTime { #expect(calendar.businessTime(from: begin, to: found) == period.duration) }
  }

  @Test("counts hours that pass midnight and the change of clocks")
  func countsHoursThatPassMidnightAndTheChangeOfClocks() throws {
    let night = try Self.calendar(["sat 22:00-04:00"])
    // 28 to 29 March 2026: 02:00 to 03:00 is not there, so the night has five hours.
    let from = try Self.at("2026-03-28 22:00", night)
    #expect(night.businessTime(from: from, to: try Self.at("2026-03-29 12:00", night)) == .seconds(5 * 3600))
    #expect(
      Self.shown(night.end(of: RulePeriod(.seconds(5 * 3600), isBusinessTime: true), from: from), night)
        == "2026-03-29 04:00")
    // 24 to 25 October: seven hours.
    #expect(
      night.businessTime(from: try Self.at("2026-10-24 12:00", night), to: try Self.at("2026-10-25 12:00", night))
        == .seconds(7 * 3600))
    // One that begins in the night belongs to the day before.
    #expect(
      Self.shown(
        night.end(of: RulePeriod(.seconds(3600), isBusinessTime: true), from: try Self.at("2026-04-12 01:00", night)),
        night)
        == "2026-04-12 02:00")
  }

  @Test("overlapping hours count once")
  func overlappingHoursCountOnce() throws {
    let calendar = try Self.calendar(["mon 08:00-12:00", "mon-tue 10:00-14:00", "mon 14:00-15:00"])
    let monday = try #require(CivilDay("2026-11-16"))
    #expect(calendar.openings(on: monday).count == 1)
    #expect(
      calendar.businessTime(
        from: calendar.clock.moment(monday, minute: 0), to: calendar.clock.moment(monday, minute: 1440))
        == .seconds(7 * 3600))
  }

  @Test("hours that never open end far away")
  func hoursThatNeverOpenEndFarAway() throws {
    let calendar = try Self.calendar([])
    let now = Timestamp(secondsSince1970: 1_800_000_000)
    #expect(
      calendar.end(of: RulePeriod(.seconds(1), isBusinessTime: true), from: now).since(now) > .seconds(9 * 365 * 86_400)
    )
    #expect(calendar.businessTime(from: now, to: now.earlier(by: .seconds(5))) == .zero)
  }

  @Test(
    "finds occurrences",
    arguments: [
      ("daily by 06:00", "2026-03-29 06:00", "2026-03-29 06:00", "2026-03-30 06:00"),
      ("daily by 06:00", "2026-03-29 05:59", "2026-03-28 06:00", "2026-03-29 06:00"),
      ("weekdays by 06:00", "2026-04-05 12:00", "2026-04-01 06:00", "2026-04-07 06:00"),
      ("weekly mon by 06:00", "2026-04-05 12:00", "2026-03-30 06:00", "2026-04-06 06:00"),
      ("monthly 31 by 06:00", "2026-03-05 12:00", "2026-02-28 06:00", "2026-03-31 06:00"),
      ("monthly 1 by 00:00", "2026-03-05 12:00", "2026-03-01 00:00", "2026-04-01 00:00"),
    ])
  func findsOccurrences(rhythm: String, moment: String, last: String, next: String) throws {
    let calendar = try Self.calendar()
    let rhythm = try #require(Rhythm(rhythm))
    let found = try #require(calendar.lastOccurrence(of: rhythm, at: try Self.at(moment, calendar)))
    #expect(Self.shown(found.deadline, calendar) == last)
    #expect(Self.shown(found.next, calendar) == next)
    #expect(calendar.nextOccurrence(of: rhythm, after: try Self.at(moment, calendar))?.deadline == found.next)
    #expect(found.window.contains(found.deadline))
  }
}
