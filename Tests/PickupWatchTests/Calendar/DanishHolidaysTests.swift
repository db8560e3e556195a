import FilsluseBase
import PickupWatch
import Testing

/// Against tables written by hand from the almanac.
@Suite struct DanishHolidaysTests {
  private static let years: [(year: Int, days: [String])] = [
    (
      2019,
      ["01-01", "04-18", "04-19", "04-21", "04-22", "05-17", "05-30", "06-09", "06-10", "12-25", "12-26"]
    ),
    (
      2023,
      ["01-01", "04-06", "04-07", "04-09", "04-10", "05-05", "05-18", "05-28", "05-29", "12-25", "12-26"]
    ),
    (2024, ["01-01", "03-28", "03-29", "03-31", "04-01", "05-09", "05-19", "05-20", "12-25", "12-26"]),
    (2025, ["01-01", "04-17", "04-18", "04-20", "04-21", "05-29", "06-08", "06-09", "12-25", "12-26"]),
    (2026, ["01-01", "04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25", "12-25", "12-26"]),
    (2027, ["01-01", "03-25", "03-26", "03-28", "03-29", "05-06", "05-16", "05-17", "12-25", "12-26"]),
    (2038, ["01-01", "04-22", "04-23", "04-25", "04-26", "06-03", "06-13", "06-14", "12-25", "12-26"]),
  ]

  @Test("agrees with the almanac")
  func agreesWithTheAlmanac() throws {
    for (year, days) in Self.years {
      var found: [String] = []
      var day = try #require(CivilDay("\(year)-01-01"))
      while day.parts.year == year {
        if DanishHolidays.name(of: day) != nil { found.append(String(day.description.dropFirst(5))) }
        day = day.later(byDays: 1)
      }
      #expect(found == days, "\(year)")
    }
  }

  @Test(
    "knows Easter",
    arguments: [
      "1961-04-02", "1818-03-22", "1943-04-25", "2000-04-23", "2008-03-23", "2011-04-24", "2030-04-21", "2049-04-18",
      "2285-03-22",
    ])
  func knowsEaster(text: String) throws {
    let day = try #require(CivilDay(text))
    #expect(DanishHolidays.easterSunday(of: day.parts.year) == day)
  }

  @Test("store bededag was last a holiday in 2023")
  func storeBededagEndedWith2023() throws {
    #expect(DanishHolidays.name(of: try #require(CivilDay("2023-05-05"))) == "store bededag")
    #expect(DanishHolidays.name(of: try #require(CivilDay("2024-04-26"))) == nil)
    for text in ["2026-06-05", "2026-12-24", "2026-12-31"] {
      #expect(DanishHolidays.name(of: try #require(CivilDay(text))) == nil)
    }
  }
}
