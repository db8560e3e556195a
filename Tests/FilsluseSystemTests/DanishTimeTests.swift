import FilsluseSystem
import Testing

@Suite struct DanishTimeTests {
  /// Seconds since 1970 in UTC, and what the clock shows in Denmark.
  @Test(arguments: [
    (1_795_219_199, "2026-11-21", 6, 59),  // 2026-11-20T23:59:59Z
    (1_774_745_999, "2026-03-29", 7, 119),  // 2026-03-29T00:59:59Z, the last second of winter time
    (1_774_746_000, "2026-03-29", 7, 180),  // 2026-03-29T01:00:00Z: two o'clock never is
    (1_792_889_999, "2026-10-25", 7, 179),  // 2026-10-25T00:59:59Z
    (1_792_890_000, "2026-10-25", 7, 120),  // 2026-10-25T01:00:00Z: two o'clock comes a second time
    (0, "1970-01-01", 4, 60), (-3601, "1969-12-31", 3, 1439),
  ])
  func showsWhatTheClockOnTheWallDoes(seconds: Int, day: String, weekday: Int, minute: Int) {
    let time = DanishTime(at: Timestamp(secondsSince1970: Int64(seconds)))
    #expect(time.day == day)
    #expect(time.weekday == weekday)
    #expect(time.minute == minute)
  }
}
