import FilsluseBase
import FilsluseHTTP
import Testing

@testable import PickupWatch
@testable import WatchConsole

/// Moments as people read them.
@Suite("Moments in words") struct MomentTextTests {
  private static let denmark = MomentText(clock: .denmark)

  private static func text(_ moment: String) throws -> [String] {
    let moment = try #require(Timestamp(moment))
    return [denmark.danish(moment), denmark.english(moment)]
  }

  @Test("name their zone in the hour that the clock shows twice, and in no other")
  func doubledHour() throws {
    #expect(
      try Self.text("2026-10-25T00:30:00.000Z") == [
        "25. oktober 2026 kl. 02.30 (sommertid, UTC+02:00)", "2026-10-25 02:30 (UTC+02:00)",
      ])
    #expect(
      try Self.text("2026-10-25T01:30:00.000Z") == [
        "25. oktober 2026 kl. 02.30 (normaltid, UTC+01:00)", "2026-10-25 02:30 (UTC+01:00)",
      ])
    #expect(try Self.text("2026-10-24T23:59:59.000Z") == ["25. oktober 2026 kl. 01.59", "2026-10-25 01:59"])
    #expect(try Self.text("2026-10-25T02:00:00.000Z") == ["25. oktober 2026 kl. 03.00", "2026-10-25 03:00"])
    #expect(try Self.text("2026-03-29T01:00:00.000Z") == ["29. marts 2026 kl. 03.00", "2026-03-29 03:00"])
    // Only minutes between two and three are shown twice, from their first second to their last.
    let first = try #require(Timestamp("2026-10-25T00:00:00.000Z"))
    for second in stride(from: -3600, through: 10_800, by: 300) {
      let moment = first.later(by: .seconds(second))
      #expect((WallClock.denmark.doubled(at: moment) != nil) == (0..<7200).contains(second), "\(second)")
    }
  }

  @Test("name their zone on the page too, and in zones that set their clock back by half an hour")
  func elsewhere() throws {
    let now = try #require(Timestamp("2026-10-25T12:00:00.000Z"))
    let night = try #require(Timestamp("2026-10-25T01:30:00.000Z"))
    let danish = PageVoice(.danish, now: now, timeZone: "Europe/Copenhagen")
    #expect(danish.timeText(night) == "kl.\u{A0}02.30 (normaltid)")
    #expect(PageVoice(.english, now: now, timeZone: "Europe/Copenhagen").timeText(night) == "02:30 (UTC+01:00)")
    let lordHowe = try #require(WallClock(zone: "Australia/Lord_Howe"))
    // At 02:00 daylight time, which is UTC+11, the clock goes back to 01:30.
    let before = try #require(Timestamp("2026-04-04T14:45:00.000Z"))
    #expect(lordHowe.doubled(at: before)?.offset == 39_600)
    #expect(lordHowe.doubled(at: before.later(by: .seconds(1800)))?.offset == 37_800)
    #expect(lordHowe.doubled(at: before.earlier(by: .seconds(1800))) == nil)
    let utc = try #require(WallClock(zone: "UTC"))
    #expect(utc.doubled(at: night) == nil)
  }
}
