import FilsluseSystem
import Testing

@Suite struct WallClockTests {
  @Test(arguments: [
    ("2026-11-21", 6), ("1970-01-01", 4), ("2000-02-29", 2), ("1900-03-01", 4), ("2024-12-31", 2), ("0000-03-01", 3),
    ("9999-12-31", 5), ("1969-12-31", 3),
  ])
  func knowsTheDaysOfTheWeek(text: String, weekday: Int) throws {
    let day = try #require(CivilDay(text))
    #expect(day.weekday == weekday)
    #expect(day.description == text)
    #expect(day.later(byDays: 1).later(byDays: -1) == day)
  }

  @Test(arguments: [
    "", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-04-31", "1900-02-29", "2026/01/01",
    "٢٠٢٦-01-01",
  ])
  func refusesWhatIsNoDay(text: String) { #expect(CivilDay(text) == nil) }

  @Test func goesOnDayByDay() throws {
    var day = try #require(CivilDay("1999-12-01"))
    for _ in 0..<1000 {
      let next = day.later(byDays: 1)
      #expect(CivilDay(next.description) == next)
      #expect(next > day)
      #expect(next.weekday == day.weekday % 7 + 1)
      day = next
    }
    #expect(day.description == "2002-08-27")
  }

  @Test func mindsDaylightSavingInDenmark() throws {
    let clock = try #require(WallClock(zone: "Europe/Copenhagen"))
    let spring = try #require(CivilDay("2026-03-29"))
    #expect(clock.moment(spring, minute: 119).description == "2026-03-29T00:59:00.000Z")
    // 02:30 is skipped and counts as 03:30.
    #expect(clock.moment(spring, minute: 150).description == "2026-03-29T01:30:00.000Z")
    #expect(clock.moment(spring, minute: 180).description == "2026-03-29T01:00:00.000Z")
    let autumn = try #require(CivilDay("2026-10-25"))
    // 02:30 comes twice; the first counts.
    #expect(clock.moment(autumn, minute: 150).description == "2026-10-25T00:30:00.000Z")
    #expect(clock.moment(autumn, minute: 180).description == "2026-10-25T02:00:00.000Z")
    #expect(clock.moment(autumn, minute: 1440).description == "2026-10-25T23:00:00.000Z")
    #expect(clock.reading(at: clock.moment(autumn, minute: 360)).description == "2026-10-25 06:00")
  }

  @Test func knowsOtherZones() throws {
    let newYork = try #require(WallClock(zone: "America/New_York"))
    #expect(newYork.moment(try #require(CivilDay("2026-07-01")), minute: 0).description == "2026-07-01T04:00:00.000Z")
    let utc = try #require(WallClock(zone: "UTC"))
    #expect(utc.reading(at: Timestamp(millisecondsSince1970: -1)).description == "1969-12-31 23:59")
    for name in ["", "CET", "Mars/Olympus", "Europe/", "../etc/localtime", "/etc/localtime"] {
      #expect(WallClock(zone: name) == nil, "\(name)")
    }
  }
}
