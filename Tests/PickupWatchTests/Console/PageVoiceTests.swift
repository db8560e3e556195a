import FilsluseBase
import Testing

@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Times, sizes and languages.
@Suite struct PageVoiceTests {
  @Test(
    "The language is the one that the browser likes best",
    arguments: [
      (nil, PageLanguage.english), ("", .english), ("da", .danish), ("da-DK,da;q=0.9,en;q=0.8", .danish),
      ("en-GB,en;q=0.9,da;q=0.8", .english), ("sv, da;q=0.5", .danish), ("en;q=0.3, da;q=0.7", .danish),
      ("DA", .danish),
      ("da;q=0", .english), ("da;q=x", .english), ("da;q=9, en", .english), ("*", .english), (";;;,,,", .english),
      (" da ; q=0.9 , en;q=0.1", .danish),
    ] as [(String?, PageLanguage)])
  func language(header: String?, expected: PageLanguage) {
    #expect(PageLanguage(accepting: header) == expected)
  }

  @Test("Times are those of the wall, over a change of the clocks too")
  func times() {
    let danish = PageVoice(.danish, now: ExampleStatus.now, timeZone: "Europe/Copenhagen")
    let english = PageVoice(.english, now: ExampleStatus.now, timeZone: "Europe/Copenhagen")
    #expect(danish.timeText(ExampleStatus.now) == "kl.\u{A0}03.14")
    #expect(english.timeText(ExampleStatus.hours(-4)) == "yesterday 23:14")
    #expect(danish.timeText(ExampleStatus.hours(-40)) == "19. nov. kl.\u{A0}11.14")
    // Summer time until 25 October 2026.
    #expect(english.timeText(Timestamp(secondsSince1970: 1_792_836_000)) == "24 Oct 12:00")
    let newYork = PageVoice(.english, now: ExampleStatus.now, timeZone: "America/New_York")
    #expect(newYork.timeText(ExampleStatus.now) == "21:14" && newYork.lastDays(1) == ["2026-11-20"])
    #expect(english.lastDays(3) == ["2026-11-19", "2026-11-20", "2026-11-21"])
    #expect(english.weekday("2026-11-21") == "S" && danish.weekday("2026-11-21") == "L")
    #expect(english.date("nonsense") == "nonsense" && english.weekday("nonsense") == "")
  }

  @Test("Spans, sizes and numbers are short and as each language writes them")
  func numbers() {
    let danish = PageVoice(.danish, now: ExampleStatus.now, timeZone: "nowhere")
    let english = PageVoice(.english, now: ExampleStatus.now, timeZone: "UTC")
    let spans = [-5: "0 s", 45: "45 s", 720: "12 min", 3600: "1 h", 11_400: "3 h 10 min", 187_200: "2 d 4 h"]
    for (seconds, text) in spans { #expect(english.span(seconds) == text) }
    #expect(danish.span(11_400) == "3 t 10 min")
    #expect(english.size(0) == "0 B" && english.size(999) == "999 B" && english.size(4_100) == "4.1 kB")
    #expect(danish.size(4_100) == "4,1 kB" && english.size(.max) == "18446744 TB")
    #expect(english.number(1_234_567) == "1,234,567" && danish.number(1_000) == "1.000")
    #expect(english.files(1) == "1 file" && danish.files(2) == "2 filer")
  }
}
