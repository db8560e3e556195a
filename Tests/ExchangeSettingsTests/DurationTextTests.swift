import ExchangeSettings
import Testing

@Suite struct DurationTextTests {
  @Test(
    "reads periods",
    arguments: [
      ("4h", Duration.seconds(14_400)), ("10m", .seconds(600)), ("90s", .seconds(90)), ("2d", .seconds(172_800)),
      ("1h30m", .seconds(5400)), ("500ms", .milliseconds(500)), ("1d1h1m1s1ms", .milliseconds(90_061_001)),
      ("0h5m", .seconds(300)), ("36500d", .seconds(3_153_600_000)),
    ])
  func readsPeriods(text: String, expected: Duration) {
    #expect(DurationText.parse(text) == expected)
  }

  @Test(
    "refuses everything else",
    arguments: [
      "", "4", "h", "4 h", " 4h", "4h ", "-4h", "+4h", "1.5h", "1,5h", "30m1h", "1h1h", "4H", "4t", "0s", "٤h", "4h\n",
      "99999999999999999999d", "999999999999d", "40000d", "4hm", "1e3s",
    ])
  func refusesEverythingElse(text: String) {
    #expect(DurationText.parse(text) == nil)
  }

  @Test(
    "writes periods",
    arguments: [
      (Duration.seconds(14_400), "4h"), (.seconds(5400), "1h30m"), (.seconds(59), "59s"),
      (.milliseconds(1500), "1s500ms"),
      (.zero, "0s"), (.seconds(-90), "-1m30s"), (.seconds(90_000), "1d1h"),
    ])
  func writesPeriods(duration: Duration, expected: String) {
    #expect(DurationText.format(duration) == expected)
  }
}
