import FilsluseBase
import Testing

@Suite struct WallClockTests {
  @Test(
    "knows the days of the week",
    arguments: [
      ("2026-11-21", 6), ("1970-01-01", 4), ("2000-02-29", 2), ("1900-03-01", 4), ("2024-12-31", 2), ("0000-03-01", 3),
      ("9999-12-31", 5), ("1969-12-31", 3),
    ])
  func knowsTheDaysOfTheWeek(text: String, weekday: Int) throws {
    let day = try #require(CivilDay(text))
    #expect(day.weekday == weekday)
    #expect(day.description == text)
    #expect(day.later(byDays: 1).later(byDays: -1) == day)
  }

  @Test(
    "refuses a text that is no day",
    arguments: [
      "", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-04-31", "1900-02-29", "2026/01/01",
      "٢٠٢٦-01-01",
    ])
  func refusesWhatIsNoDay(text: String) { #expect(CivilDay(text) == nil) }

  @Test("goes on day by day")
  func goesOnDayByDay() throws {
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

  @Test("follows Danish daylight saving time")
  func mindsDaylightSavingInDenmark() throws {
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

  @Test("stamps a step with its second and the offset from UTC, in the night that has an hour twice too")
  func stamps() {
    let moments: [Int64] = [1_795_219_199, 1_792_888_205, 1_792_891_805]
    #expect(
      moments.map { WallClock.denmark.stamp(at: Timestamp(secondsSince1970: $0)) } == [
        "2026-11-21 00:59:59+01:00", "2026-10-25 02:30:05+02:00", "2026-10-25 02:30:05+01:00",
      ])
    let kept =
      "between \(Timestamp(secondsSince1970: moments[0])) and \(Timestamp(secondsSince1970: moments[1])), T02:00Z"
    #expect(
      WallClock.denmark.localizing(kept)
        == "between 2026-11-21 00:59:59+01:00 and 2026-10-25 02:30:05+02:00, T02:00Z")
  }

  /// Seconds since 1970 in UTC, and what the clock shows in Denmark.
  @Test(
    "shows Danish local time over changes of the clocks",
    arguments: [
      (1_795_219_199, "2026-11-21 00:59"),  // 2026-11-20T23:59:59Z
      (1_774_745_999, "2026-03-29 01:59"),  // 2026-03-29T00:59:59Z, the last second of winter time
      (1_774_746_000, "2026-03-29 03:00"),  // 2026-03-29T01:00:00Z: two o'clock never is
      (1_792_889_999, "2026-10-25 02:59"),  // 2026-10-25T00:59:59Z
      (1_792_890_000, "2026-10-25 02:00"),  // 2026-10-25T01:00:00Z: two o'clock comes a second time
      (0, "1970-01-01 01:00"), (-3601, "1969-12-31 23:59"),
    ])
  func showsWhatTheClockOnTheWallDoesInDenmark(seconds: Int, shown: String) {
    let moment = Timestamp(secondsSince1970: Int64(seconds))
    #expect(WallClock.denmark.reading(at: moment).description == shown)
    #expect(WallClock.denmark == WallClock(zone: "Europe/Copenhagen"))
  }

  @Test(
    "a day lasts from midnight to midnight",
    arguments: [
      ("2026-11-21", "2026-11-20T23:00:00.000Z", 24), ("2026-07-01", "2026-06-30T22:00:00.000Z", 24),
      // The clock goes forward, and back.
      ("2026-03-29", "2026-03-28T23:00:00.000Z", 23), ("2026-10-25", "2026-10-24T22:00:00.000Z", 25),
      ("2024-02-29", "2024-02-28T23:00:00.000Z", 24), ("2027-01-01", "2026-12-31T23:00:00.000Z", 24),
    ])
  func aDayLastsFromMidnightToMidnight(text: String, begin: String, hours: Int) throws {
    let day = try #require(CivilDay(text))
    let moments = WallClock.denmark.moments(of: day)
    #expect(moments.lowerBound.description == begin)
    #expect(moments.upperBound.since(moments.lowerBound) == .seconds(hours * 3600))
    #expect(WallClock.denmark.reading(at: moments.lowerBound).day == day)
    let last = Timestamp(millisecondsSince1970: moments.upperBound.millisecondsSince1970 - 1)
    #expect(WallClock.denmark.reading(at: last).day == day)
    #expect(WallClock.denmark.reading(at: moments.upperBound).day == day.later(byDays: 1))
  }

  @Test("knows other zones")
  func knowsOtherZones() throws {
    let newYork = try #require(WallClock(zone: "America/New_York"))
    #expect(newYork.moment(try #require(CivilDay("2026-07-01")), minute: 0).description == "2026-07-01T04:00:00.000Z")
    let utc = try #require(WallClock(zone: "UTC"))
    #expect(utc.reading(at: Timestamp(millisecondsSince1970: -1)).description == "1969-12-31 23:59")
    for name in ["", "CET", "Mars/Olympus", "Europe/", "../etc/localtime", "/etc/localtime"] {
      #expect(WallClock(zone: name) == nil, "\(name)")
    }
  }
}
