import FilsluseBase
import Testing

@Suite struct TimestampTests {
  @Test(
    "shows UTC",
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (1_795_230_887_123, "2026-11-21T03:14:47.123Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    ])
  func showsUTC(milliseconds: Int64, text: String) {
    #expect(Timestamp(millisecondsSince1970: milliseconds).description == text)
  }

  @Test("measures the time between moments")
  func measuresTheTimeBetweenMoments() {
    let start = Timestamp(secondsSince1970: 100)
    #expect(Timestamp(secondsSince1970: 160).since(start) == .seconds(60))
    #expect(start.since(Timestamp(secondsSince1970: 160)) == .seconds(-60))
    #expect(start < .now)
  }
}
