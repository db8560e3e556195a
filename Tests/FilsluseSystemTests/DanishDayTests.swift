import FilsluseSystem
import Testing

@Suite struct DanishDayTests {
  @Test(arguments: [
    ("2026-11-21", "2026-11-20T23:00:00.000Z", 24),
    ("2026-07-01", "2026-06-30T22:00:00.000Z", 24),
    // The clock goes forward, and back.
    ("2026-03-29", "2026-03-28T23:00:00.000Z", 23),
    ("2026-10-25", "2026-10-24T22:00:00.000Z", 25),
    ("2024-02-29", "2024-02-28T23:00:00.000Z", 24),
    ("2027-01-01", "2026-12-31T23:00:00.000Z", 24),
  ])
  func lastsFromMidnightToMidnight(text: String, begin: String, hours: Int) throws {
    let day = try #require(DanishDay(text))
    #expect(day.begin.description == begin)
    #expect(day.end.since(day.begin) == .seconds(hours * 3600))
    #expect(DanishDay.containing(day.begin) == day)
    #expect(DanishDay.containing(Timestamp(millisecondsSince1970: day.end.millisecondsSince1970 - 1)) == day)
    #expect(DanishDay.containing(day.end) != day)
  }

  @Test(arguments: [
    "", "2026-02-29", "2026-13-01", "2026-00-10", "26-11-21", "2026-11-2", "2026-11-21T", "1969-12-31", "٢٠٢٦-11-21",
  ])
  func whatIsNoDayIsRefused(text: String) {
    #expect(DanishDay(text) == nil)
  }
}
