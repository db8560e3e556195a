import FilsluseBase
import Foundation
import Testing
import TriggerFiles

@testable import FilsluseHTTP
@testable import PickupWatch

/// The content of the page for each reader, and that no value from outside becomes markup.
@Suite struct StatusPageTests {
  private func page(_ status: WatchStatus, _ language: PageLanguage = .english, wall: Bool = false) -> String {
    let voice = PageVoice(language, now: status.taken, timeZone: status.timeZone)
    return StatusPage(
      status: status, voice: voice, forms: FormKeys(secret: PageSecret()), isWallDisplay: wall
    ).html().html
  }

  @Test("The first words say how bad it is, in the heading and in the browser's tab", arguments: PageLanguage.allCases)
  func verdict(language: PageLanguage) {
    let words =
      language == .danish
      ? "2 kritiske, 1 kritisk kvitteret, 1 advarsel" : "2 critical, 1 critical acknowledged, 1 warning"
    let html = page(ExampleStatus.night(), language)
    #expect(html.contains("<title>\(words) · Filsluse</title>"))
    #expect(html.contains("</span> \(words)</h1>"))
    #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
    #expect(page(ExampleStatus.quietNight()).contains("All is well"))
  }

  @Test("An inbox that cannot be seen is never shown as well, and its last files not as present")
  func blind() {
    var status = ExampleStatus.quietNight()
    status.inboxes[3].failure = LookFailure(since: status.taken, text: LocalizedText(da: "nede", en: "down"))
    status.inboxes[3].waiting = [WaitingFiles(infRef: nil, files: 7, bytes: 1)]
    let html = page(status)
    #expect(html.contains("1 inbox cannot be seen</h1>"))
    #expect(html.contains("unknown now<small>last 7 files</small>"))
    #expect(!html.contains("All is well"))
    status.inboxes[3].failure = nil
    status.inboxes[3].lastLook = ExampleStatus.hours(-2)
    #expect(page(status).contains("1 inbox cannot be seen</h1>"))
    status.inboxes = []
    #expect(page(status).contains("Rules are written under watch: in filsluse.yaml."))
  }

  @Test("An alert says what, where, since when, by which rule, what to do and whom to ask")
  func alert() {
    let html = page(ExampleStatus.night(), .danish)
    for words in [
      "Fil ikke afhentet i tide", "fakturahåndtering", "SortimentOverfør_2 (på formularen SF7002)", "fra fk-kla-prod",
      "i går kl.\u{A0}22.00", "5 t 13 min", "frist <time datetime=\"2026-11-21T01:00:59.000Z\">kl.\u{A0}02.00</time>",
      "skal hentes inden 4 timer", "Gør dette:", "helpdesk@serviceplatformen.dk",
      "Kvittér<span class=\"unseen\"> alarm 41</span>",
    ] { #expect(html.contains(words), "\(words)") }
    // Critical ones come first, and one that is over asks for no action.
    let order = [41, 43, 42, 38, 35].compactMap { html.range(of: "id=\"alert-\($0)\"")?.lowerBound }
    #expect(order == order.sorted() && order.count == 5)
    #expect(!html.contains("Spørg afsenderen."))
  }

  @Test(
    "Every text from outside is escaped, and invisible characters are shown", arguments: PageLanguage.allCases)
  func hostile(language: PageLanguage) {
    let html = page(LargeStatus.status(text: LargeStatus.hostile), language)
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u{FFFD}\u{FFFD}\u{FFFD}[31m"))
    for scalar in html.unicodeScalars {
      #expect(scalar == "\n" || scalar.properties.generalCategory != .control)
      #expect(scalar != "\u{202E}")
    }
    // The only markup there is, is ours: no attribute's value was ended early.
    #expect(html.matches(of: #/<[a-z][^<>]*>/#).allSatisfy { !$0.output.contains("alert(1)") })
  }

  @Test("CPR-like numbers in names are masked on the page even if they were not before")
  func masked() {
    var status = ExampleStatus.night()
    status.alerts[0].finding.fileName = "udtræk_010190-1234.csv"
    status.exchanges[0].fileName = "udtræk_0101901234.csv"
    #expect(!page(status).contains("1234"))
  }

  @Test(
    "The page stays below 200 kB with any content, and reports what is left out", arguments: PageLanguage.allCases
  )
  func size(language: PageLanguage) {
    for text in [String(repeating: "<&>\"", count: 400), String(repeating: "å", count: 2_000), "kort"] {
      let html = page(LargeStatus.status(text: text), language)
      #expect(html.utf8.count < 200_000)
      #expect(html.contains(language == .danish ? "til vises ikke her" : "more are not shown here"))
    }
  }

  @Test("98 inboxes with files waiting are all on the page")
  func allInboxes() {
    var status = WatchStatus(version: "0.1.0", taken: ExampleStatus.now, started: ExampleStatus.now)
    status.inboxes = (101..<199).map { number in
      InboxStatus(
        account: "kommune-0\(number)",
        waiting: [
          WaitingFiles(
            infRef: "\(ExampleStatus.aids)", files: 3, bytes: 10_000,
            oldest: OldestFile(ageSeconds: number * 60, since: ExampleStatus.hours(-3), limitSeconds: 14_400))
        ], lastLook: ExampleStatus.now)
    }
    let html = page(status)
    for inbox in status.inboxes { #expect(html.contains(">\(inbox.account)<")) }
  }

  @Test("No script, no inline style, nothing from elsewhere; the page reloads itself only on request")
  func selfContained() {
    for wall in [false, true] {
      let html = page(ExampleStatus.night(), wall: wall)
      for mark in ["<script", " style=", "<style", "http://", "https://", " on", "http-equiv", "javascript:"] {
        let tags = html.matches(of: #/<[^>]*>/#).map(\.output)
        #expect(!tags.contains { $0.contains(mark) && !$0.contains("class=") }, "\(mark)")
      }
    }
  }

  @Test("Headings go down one step at a time, every table has a caption and scopes, every field a label")
  func structure() throws {
    let html = page(ExampleStatus.night())
    let levels = html.matches(of: #/<h([1-6])/#).compactMap { Int($0.output.1) }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    #expect(html.matches(of: #/<table/#).count == html.matches(of: #/<caption/#).count)
    #expect(html.matches(of: #/<th[ >][^>]*>/#).allSatisfy { $0.output.contains("scope=") })
    #expect(html.matches(of: #/<svg[^>]*>/#).allSatisfy { $0.output.contains("aria-") })
    let ids = html.matches(of: #/ id="([^"]*)"/#).map(\.output.1)
    #expect(Set(ids).count == ids.count)
    #expect(html.matches(of: #/labelledby="([^"]*)"/#).allSatisfy { ids.contains($0.output.1) })
  }

  @Test("A page never says that all is well while alerts do not get through")
  func deafSinks() {
    var status = ExampleStatus.quietNight()
    status.sinkTroubles = (0..<7).map { SinkTrouble(sink: "webhook <\($0)>", waiting: 12) }
    let html = page(status)
    #expect(html.contains("alerts do not get through") && !html.contains("All is well"))
    #expect(
      html.contains("<li>webhook &lt;0&gt; (12)</li>") && html.contains("<li>and 2 more</li>"))
    #expect(StatusMetrics(status, at: status.taken).text().contains("\nfilsluse_failing_sinks 7\n"))
  }

  @Test("A gap in watching is shown with its times and why; an old one is not")
  func gaps() {
    var status = ExampleStatus.night()
    #expect(page(status).contains("the watcher was not running"))
    status.gaps[0].from = ExampleStatus.hours(-24 * 9)
    status.gaps[0].until = ExampleStatus.hours(-24 * 8)
    #expect(!page(status).contains("Not watched.</strong>"))
  }
}

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
