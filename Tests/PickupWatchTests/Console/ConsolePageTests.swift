import FilsluseBase
import Foundation
import Testing
import TriggerFiles

@testable import FileExchange
@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The content of the pages for each reader, and that no value from outside becomes markup.
@Suite("Pages of the console") struct ConsolePageTests {
  private func overview(_ overview: Overview, _ language: PageLanguage = .english) -> String {
    OverviewPage(content: overview, context: ExampleConsole.context(language)).html().html
  }

  private func overview(_ status: WatchStatus, _ language: PageLanguage = .english) -> String {
    var content = Overview(status: status)
    content.inboxes = status.inboxes.map { InboxRow(status: $0) }
    return overview(content, language)
  }

  /// The text of a page as a reader sees it.
  private func text(_ html: String) -> String {
    html.replacing(/<[^>]*>/, with: "").replacing("\u{A0}", with: " ")
  }

  @Test("the first words say how bad it is, in the heading and in the browser's tab", arguments: PageLanguage.allCases)
  func summary(language: PageLanguage) {
    let words =
      language == .danish
      ? "2 kritiske, 1 kritisk kvitteret, 1 advarsel" : "2 critical, 1 critical acknowledged, 1 warning"
    let html = overview(ExampleStatus.night(), language)
    #expect(html.contains("<title>\(words) · Filsluse</title>"))
    #expect(html.contains("</span> \(words)</h1>"))
    #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
    #expect(overview(ExampleStatus.quietNight()).contains("All is well"))
  }

  @Test("the first screen groups what is wrong by kind and rule, and leads to the group")
  func groups() {
    let html = overview(ExampleConsole.overview())
    #expect(
      html.contains("<a href=\"/alerts?group=pick-up-late.1f00ab34\">File not picked up in time: <b>31 inboxes</b></a>")
    )
    #expect(text(html).contains("pick-up-within: 4h · oldest 5 h 12 min · 2 acknowledged · 1 silenced"))
    #expect(text(html).contains("A7") && html.contains("href=\"/journal/D12\""))
    let danish = overview(ExampleConsole.overview(), .danish)
    #expect(text(danish).contains("Fil ikke afhentet i tide: 31 indbakker"))
    #expect(text(danish).contains("skal hentes inden 4 timer · ældste 5 t 12 min · 2 kvitteret · 1 dæmpet"))
  }

  @Test(
    "lists of the first screen are cut, and lead on to the rest: heights of a night of every kind stay within the screen",
    arguments: PageLanguage.allCases)
  func everyKind(language: PageLanguage) throws {
    let content = ExampleConsole.everyKind
    let html = overview(content, language)
    let lists = html.matches(of: #/<ol class="groups dense">.*?<\/ol>/#.dotMatchesNewlines()).map { $0.output }
    try #require(lists.count == 2)
    // A line of a dense list is 21 pixels high with its margin, a heading 29, the line below 18: 467 and 257 pixels of
    // the 944 that the column has.
    let lines = lists.map { $0.matches(of: #/<li /#).count }
    #expect(lines == [20, 10])
    let all = language == .danish ? "Alle \(content.groups.count) står på listen" : "All \(content.groups.count) are in"
    let status = language == .danish ? "Kommandoen status viser alle" : "The status command shows all"
    #expect(html.contains("<a href=\"/alerts\">\(all)") && html.contains(status))
    // What waits leads on to the journal's pages, and the critical kinds come first.
    #expect(lists[1].matches(of: #/<a href="\/journal\/D[12]">/#).count == 20)
    let critical = OpenProblem.Kind.allCases.count { $0.isCritical }
    #expect(lists[1].matches(of: #/<li class="critical">/#).count == min(critical, 10))
    // On a usual night there is room for the facts.
    #expect(!overview(ExampleConsole.overview(), language).contains("groups dense"))
  }

  @Test("all 98 inboxes and all 98 municipalities are on the first screen, which stays below 200 kB")
  func allInboxes() {
    let html = overview(ExampleConsole.overview())
    for municipality in Municipality.all {
      #expect(html.contains("href=\"/inbox/kommune-\(municipality.code)\""), "\(municipality.code)")
      #expect(html.contains("href=\"/municipality/\(municipality.code)\""), "\(municipality.code)")
    }
    #expect(html.utf8.count < 200_000)
  }

  @Test("a municipality with missing files comes first in the matrix, and its cell leads to its files")
  func matrix() throws {
    let html = MatrixTable(matrix: ExampleConsole.matrix(days: 7).worstFirst, voice: ExampleConsole.context().voice)
      .html().html
    let first = try #require(html.firstMatch(of: #/<a href="(/municipality/[0-9]+)">([^<]*)</#))
    #expect(first.output.1 == "/municipality/0773" && first.output.2 == "0773 Morsø")
    // The only stops of the tabulator key are the names and the cell with trouble.
    let cell = "<td class=\"critical\"><a href=\"/municipality/0773/2026-11-20\" aria-label=\"missing\">✖</a></td>"
    #expect(html.contains(cell))
    #expect(html.matches(of: #/<a href="[^"]*"( tabindex="-1")? aria-label/#).count == 98 * 7)
    #expect(html.matches(of: #/tabindex="-1"/#).count == 98 * 7 - 1)
  }

  @Test("each state of a day has a symbol and words of its own in the matrix, and all but a day off lead to its files")
  func states() {
    let (states, voice) = (ExpectedDay.State.allCases, ExampleConsole.context().voice)
    let cells = states.map { MatrixCell(state: $0, files: 0, expectedFiles: 1) }
    let label = MunicipalityLabel(code: "0773", title: "0773 Morsø")
    let matrix = Matrix(
      days: voice.lastDays(cells.count),
      rows: [MatrixRow(id: "0773", municipality: label, account: nil, cells: cells)])
    let table = MatrixTable(matrix: matrix, voice: voice)
    let marks = states.map { StateMark($0, voice) }
    #expect(Set(marks.map(\.symbol)).count == states.count && Set(marks.map(\.words)).count == states.count)
    let (html, key) = (table.html().html, table.key().html)
    for mark in marks { #expect(html.contains(mark.words) && key.contains(mark.words), "\(mark.words)") }
    #expect(html.matches(of: #/href="\/municipality\/0773\/[0-9-]+"/#).count == states.count - 1)
  }

  @Test("an inbox that cannot be seen is never shown as well, and its last files not as present")
  func blind() {
    var status = ExampleStatus.quietNight()
    status.inboxes[3].failure = LookFailure(since: status.taken, text: LocalizedText(da: "nede", en: "down"))
    status.inboxes[3].waiting = [WaitingFiles(infRef: nil, files: 7, bytes: 1)]
    let html = overview(status)
    #expect(html.contains("1 inbox cannot be seen</h1>"))
    #expect(html.contains("unknown now, last 7") && text(html).contains("not seen for 0 s"))
    #expect(!html.contains("All is well"))
    status.inboxes[3].failure = nil
    status.inboxes[3].lastLook = ExampleStatus.hours(-2)
    #expect(overview(status).contains("1 inbox cannot be seen</h1>"))
    #expect(text(overview(status)).contains("not seen for 2 h"))
    status.inboxes = []
    #expect(overview(status).contains("Rules are written under watch: in filsluse.yaml."))
  }

  @Test("the inbox nearest to its limit comes first, with its age against the limit")
  func age() {
    let html = text(overview(ExampleConsole.overview()))
    #expect(html.contains("5 h 14 min of 4 h"))
    #expect(html.contains("past the limit") && html.contains("in order"))
  }

  /// Four inboxes in the order of the watch: one that cannot be seen, one past its limit with few files, one within it
  /// with many, and one without a limit.
  private static func unequalInboxes() -> Overview {
    func inbox(_ account: String, files: Int, age: Int, limit: Int?) -> InboxStatus {
      InboxStatus(
        account: account,
        waiting: [
          WaitingFiles(
            infRef: nil, files: files, bytes: 1,
            oldest: OldestFile(ageSeconds: age, since: ExampleConsole.now, limitSeconds: limit))
        ], lastLook: ExampleConsole.now)
    }
    var blind = inbox("b-blind", files: 900, age: 90_000, limit: 60)
    blind.failure = LookFailure(since: ExampleConsole.now, text: LocalizedText(da: "nede", en: "down"))
    var status = ExampleStatus.quietNight()
    status.inboxes = [
      blind, inbox("D-late", files: 2, age: 120, limit: 100), inbox("a-fine", files: 30, age: 40, limit: 100),
      inbox("c-free", files: 7, age: 90_000, limit: nil),
    ]
    var content = Overview(status: status)
    content.inboxes = status.inboxes.map { InboxRow(status: $0) }
    return content
  }

  @Test(
    "the inboxes are sorted by the column that the address names, and what is not known stands last in either direction",
    arguments: [
      (nil, ["b-blind", "D-late", "a-fine", "c-free"]), ("name", ["a-fine", "b-blind", "c-free", "D-late"]),
      ("-name", ["D-late", "c-free", "b-blind", "a-fine"]), ("files", ["D-late", "c-free", "a-fine", "b-blind"]),
      ("-files", ["a-fine", "c-free", "D-late", "b-blind"]), ("oldest", ["c-free", "a-fine", "D-late", "b-blind"]),
      ("-oldest", ["D-late", "a-fine", "c-free", "b-blind"]),
    ] as [(String?, [String])])
  func sortedInboxes(value: String?, accounts: [String]) {
    let order = InboxOrder.all.first { $0.value == value }
    for language in PageLanguage.allCases {
      let page = OverviewPage(
        content: Self.unequalInboxes(), context: ExampleConsole.context(language), order: order)
      let html = page.html().html
      let rows = html.matches(of: #/<a href="\/inbox\/([^"]*)">/#).map { String($0.output.1) }
      #expect(rows == accounts)
      let sorted = html.matches(of: #/<th scope="col" aria-sort="([a-z]+)"><a href="([^"]*)">/#)
      #expect(sorted.count == (order == nil ? 0 : 1))
      if let order, let heading = sorted.first {
        #expect(heading.output.1 == (order.isDescending ? "descending" : "ascending"))
        let other = (order.isDescending ? "" : "-") + order.column.rawValue
        #expect(heading.output.2 == "/?sort=\(other)#inboxes")
      }
      // The other headings lead to the order that is asked for first, and a link leads back.
      for first in ["name", "-files", "-oldest"] where order.map({ !first.hasSuffix($0.column.rawValue) }) ?? true {
        #expect(html.contains("<th scope=\"col\"><a href=\"/?sort=\(first)#inboxes\">"), "\(first)")
      }
      #expect(html.contains("<a href=\"/#inboxes\">") == (order != nil))
    }
  }

  @Test("inboxes that are equal in a column stay in the order of what is wrong, in both halves of a long table")
  func equalInboxes() throws {
    let order = try #require(InboxOrder.all.first { $0.value == "-files" })
    let content = ExampleConsole.overview()
    let html = OverviewPage(content: content, context: ExampleConsole.context(), order: order).html().html
    let rows = html.matches(of: #/<a href="\/inbox\/([^"]*)">/#).map { String($0.output.1) }
    #expect(rows == content.inboxes.map(\.id))
    #expect(html.matches(of: #/aria-sort="descending"/#).count == 2)
    #expect(html.contains("Inboxes, the most files first 1–49</caption>"))
  }

  @Test("an inbox with a firing alert is never shown in order: not in the table, on its page, or on the wall")
  func alertingInbox() {
    let status = ExampleStatus.quietNight()
    var alerts = WatchDatabase.OpenAlertCounts()
    alerts.warnings = 4
    var content = Overview(status: status)
    content.inboxes = status.inboxes.map { InboxRow(status: $0) }
    content.inboxes[0].alerts = alerts
    let context = ExampleConsole.context()
    let table = InboxTable(rows: [content.inboxes[0]], status: status, voice: context.voice).html().html
    #expect(table.contains("▲") && text(table).contains("warning") && !text(table).contains("in order"))
    let nothing = Paged<FileRow>(items: [], total: 0)
    let inbox = InboxPage.Content(
      detail: InboxDetail(row: content.inboxes[0], gaps: [], municipalities: []), waiting: nothing, gone: nothing,
      alerts: Paged(items: [], total: 0), trends: [])
    let page = InboxPage(content: inbox, status: status, context: context).html().html
    #expect(page.contains("</i> warning</b>") && !page.contains("in order"))
    let wall = WallPage(content: content, voice: context.voice).html().html
    #expect(wall.matches(of: #/<i class="warning"><\/i>/#).count == 1)
    #expect(text(wall).contains("1 warning, \(status.inboxes.count - 1) in order"))
  }

  @Test("an alert says what, where, since when, by which rule, what to do, whom to ask, and its whole life")
  func alert() {
    let html = text(
      AlertPage(life: ExampleConsole.life, group: ExampleConsole.group(), context: ExampleConsole.context(.danish))
        .html().html)
    for words in [
      "Alarm 41: Fil ikke afhentet i tide", "kommune-0101", "SortimentOverfør_2", "SF7002", "fk-kla-prod",
      "20. nov. kl. 22.00", "5 t 13 min", "skal hentes inden 4 timer", "Gør dette:", "hele gruppen, 31 alarmer",
      "set første gang", "sendt: mail til vagt@kommune.dk (gentagelse), 3 gange, senest 21. nov. kl. 02.14",
      "kvitteret af KH: leverandøren ringer", "kom med i en samlet alarm: alarm 40", "ikke længere dæmpet", "løst",
    ] { #expect(html.contains(words), "\(words)") }
  }

  @Test("an alert's page names its severity once, and offers to silence it also while it is acknowledged")
  func stateOfAlert() {
    var life = ExampleConsole.life
    life.alert.finding.severity = .warning
    let context = ExampleConsole.context()
    let firing = AlertPage(life: life, group: nil, context: context).html().html
    #expect(firing.contains("<p><b class=\"warning\"><i class=\"mark\" aria-hidden=\"true\">▲</i> warning</b></p>"))
    #expect(ExampleForm(.acknowledge, in: firing) != nil && ExampleForm(.silence, in: firing) != nil)
    life.alert.state = .acknowledged
    let acknowledged = AlertPage(life: life, group: nil, context: context).html().html
    #expect(acknowledged.contains("</i> acknowledged</b> <small>warning</small></p>"))
    #expect(ExampleForm(.undo, in: acknowledged) != nil && ExampleForm(.silence, in: acknowledged) != nil)
    life.silence = Silence(
      id: 1, matcher: Silence.Matcher(account: "a"), from: ExampleConsole.now, until: ExampleStatus.hours(1), by: "KH",
      why: "varslet")
    let silenced = AlertPage(life: life, group: nil, context: context).html().html
    #expect(ExampleForm(.silence, in: silenced) == nil)
  }

  @Test("a long life shows how it began and how it ended, and counts what is between")
  func longLife() throws {
    let voice = ExampleConsole.context().voice
    let events = (1...1000).map { number in
      AlertLifeEvent(
        id: Int64(number), at: ExampleConsole.now, what: number == 1 ? .seen : number == 1000 ? .resolved : .worse)
    }
    let list = AlertLifeList(events: events, voice: voice).html().html
    let words = text(list)
    #expect(words.contains("seen for the first time") && words.contains("700 more are not shown here."))
    #expect(words.hasSuffix("resolved\n") && list.matches(of: #/<li>/#).count == 300)
    var trail = ExampleConsole.trail
    trail.entries = (1...400).map {
      JournalTrail.Entry(id: Int64($0), at: ExampleConsole.now, title: LocalizedText("state-\($0)"))
    }
    let page = text(JournalPage(trail: trail, context: ExampleConsole.context()).html().html)
    #expect(page.contains("100 earlier ones are not shown here.") && page.contains("state-400"))
    #expect(!page.contains("state-100\n") && page.contains("state-101\n"))
  }

  @Test("the trail in the journal is in the page's language, with moments as the clock on the wall shows them")
  func trailWords() {
    var trail = ExampleConsole.trail
    let kept = JournalEntry(
      number: 3, at: ExampleConsole.now, subject: trail.line.subject, state: "removing-receipt",
      detail: "its receipt of 2026-11-20T23:05:06.789Z is removed from IN")
    trail.entries.append(JournalTrail.Entry(kept))
    let danish = text(JournalPage(trail: trail, context: ExampleConsole.context(.danish)).html().html)
    #expect(danish.contains("dens kvittering fra 2026-11-21 00:05:06+01:00 fjernes fra IN"))
    let english = text(JournalPage(trail: trail, context: ExampleConsole.context()).html().html)
    #expect(english.contains("its receipt of 2026-11-21 00:05:06+01:00 is removed from IN"))
  }

  @Test("an alert that is over asks for no action, and one that has only expired is not shown as repaired")
  func over() {
    var life = ExampleConsole.life
    life.alert.resolve(
      at: ExampleStatus.hours(0),
      FindingEnding(isMended: false, why: LocalizedText(da: "Filen kom ikke.", en: "it never came")))
    let expired = AlertPage(life: life, group: nil, context: ExampleConsole.context(.danish)).html().html
    #expect(expired.contains("afsluttet, ikke løst") && text(expired).contains("Filen kom ikke."))
    #expect(!expired.contains("Gør dette:") && !expired.contains("action=\"/acknowledge\""))
    life.alert.ending?.isMended = true
    let mended = AlertPage(life: life, group: nil, context: ExampleConsole.context(.danish)).html().html
    #expect(mended.contains("</i> overstået</b>"))
  }

  @Test("the list of a group ticks what fires, offers the rest of the group, and silences it together")
  func list() throws {
    let page = try #require(try ExamplePage.all().first { $0.name == "alerts" }).html
    #expect(page.contains("<h1>File not picked up in time: 31 inboxes</h1>"))
    #expect(page.matches(of: #/form="acknowledge"[^>]* checked>/#).count == 45)
    #expect(page.matches(of: #/form="undo"[^>]*>/#).count == 5)
    #expect(page.contains("The whole group, also the 70 that are not on this page"))
    #expect(
      page.contains("name=\"scope\" value=\"group\"")
        && page.contains("type=\"datetime-local\" value=\"2026-11-21T08:00\""))
    #expect(page.contains("href=\"/alerts?group=pick-up-late.1f00ab34&amp;page=2\""))
    // The name from the last act is there again.
    #expect(page.contains("value=\"Vagt &lt;Å&gt;\""))
  }

  @Test(
    "the whole group is only offered where the list shows the whole group", arguments: [nil, Finding.Severity.critical])
  func wholeGroup(severity: Finding.Severity?) {
    let page = AlertListPage(
      alerts: Paged(items: [ExampleConsole.alert()], total: 3, size: 1),
      filter: AlertFilter(severity: severity, group: ExampleConsole.key), group: ExampleConsole.group(),
      status: ExampleConsole.status(), context: ExampleConsole.context())
    #expect(page.html().html.contains("The whole group, also the 2 that are not on this page") == (severity == nil))
  }

  @Test("a file's page tells its history, and asks who wants to see its name and why")
  func file() {
    let html = text(
      FilePage(history: ExampleConsole.history, context: ExampleConsole.context()).html().html)
    for words in [
      "data seen for the first time, 48.2 kB", "was not there yet", "last seen", "gone", "5 h 13 min of 4 h",
      "0101 København",
      "Who sees the full name, and why, is recorded.", "shown to KH: sag 17", "A7",
    ] { #expect(html.contains(words), "\(words)") }
  }

  @Test(
    "CPR-like numbers in names are masked on every page even if they were not before", arguments: PageLanguage.allCases)
  func masked(language: PageLanguage) throws {
    let context = ExampleConsole.context(language)
    let name = "udtræk_010190-1234.csv"
    var history = ExampleConsole.history
    history.row = ExampleConsole.file(name: name)
    history.row.sender = name
    history.transfer = name
    history.problem = LocalizedText(name)
    history.alerts = [ExampleConsole.alert { $0.finding.fileName = name }]
    var life = ExampleConsole.life
    life.alert.finding.fileName = name
    life.alert.finding.sender = name
    life.alert.finding.detail = LocalizedText(name)
    life.events.append(
      AlertLifeEvent(id: 99, at: ExampleConsole.now, what: .acknowledged, by: "KH", why: LocalizedText(name)))
    let silence = Silence(
      id: 1, matcher: Silence.Matcher(infRef: InfRef(unchecked: name)), from: ExampleConsole.now,
      until: ExampleStatus.hours(1), by: "KH", why: name)
    life.silence = silence
    history.disclosures = [NameDisclosure(by: "KH", why: name, at: ExampleConsole.now)]
    let silences = Paged(items: [SilenceRow(silence: silence, state: .holds, alerts: 1)], total: 1)
    var matches = ConsoleMatches()
    matches.files = [history.row]
    var trail = ExampleConsole.trail
    trail.entries[1].detail = LocalizedText(name)
    let pages = [
      FilePage(history: history, context: context).html(),
      AlertPage(life: life, group: nil, context: context).html(),
      SearchPage(found: (text: "udtræk", matches: matches), context: context).html(),
      JournalPage(trail: trail, context: context).html(),
      SilencesPage(silences: silences, status: ExampleConsole.status(), context: context).html(),
    ]
    for page in pages { #expect(!page.html.contains("-1234.csv")) }
  }

  @Test("every text from outside is escaped, and invisible characters are shown", arguments: PageLanguage.allCases)
  func hostile(language: PageLanguage) throws {
    for page in try HostilePages.all(HostilePages.script, language) {
      #expect(!page.html.contains("<script"), "\(page)")
      #expect(
        page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u{FFFD}\u{FFFD}\u{FFFD}[31m"),
        "\(page)")
      for scalar in page.html.unicodeScalars {
        #expect(scalar == "\n" || scalar.properties.generalCategory != .control)
        #expect(scalar != "\u{202E}")
      }
      // The only markup there is, is ours: no attribute's value was ended early.
      #expect(
        page.html.matches(of: #/<[a-z][^<>]*>/#).allSatisfy {
          !$0.output.contains("alert(1)") || $0.output.contains("&lt;")
        })
    }
  }

  @Test(
    "every page stays below 200 kB whatever its texts are",
    arguments: [String(repeating: "<&>\"", count: 400), String(repeating: "å", count: 2_000), "kort"])
  func size(text: String) throws {
    for language in PageLanguage.allCases {
      for page in try HostilePages.all(text, language) {
        #expect(page.html.utf8.count < 200_000, "\(page): \(page.html.utf8.count)")
      }
    }
  }

  @Test("no script, no inline style, nothing from elsewhere on any page", arguments: PageLanguage.allCases)
  func selfContained(language: PageLanguage) throws {
    for page in try ExamplePage.all(language) {
      let tags = page.html.matches(of: #/<[^>]*>/#).map(\.output)
      for mark in ["<script", " style=", "<style", "http://", "https://", " on", "http-equiv", "javascript:"] {
        // Values are between quotation marks; a mark in one is text.
        let outside = tags.map { $0.replacing(#/"[^"]*"/#, with: "\"\"") }
        #expect(!outside.contains { $0.contains(mark) }, "\(page): \(mark)")
      }
      #expect(
        !tags.contains { $0.contains("=\"http") || $0.contains("=\"//") || $0.contains("=\"javascript") }, "\(page)")
    }
  }

  @Test("the wall has nothing to click, to type into or to scroll to")
  func wall() throws {
    let html = WallPage(content: ExampleConsole.overview(), voice: ExampleConsole.context().voice).html().html
    for control in ["<a ", "<button", "<input", "<form", "<select", "<summary"] { #expect(!html.contains(control)) }
    #expect(text(html).contains("31 inboxes File not picked up in time"))
    #expect(html.matches(of: #/<i class="(critical|calm)"><\/i>/#).count == 98)
    #expect(text(html).contains("31 past the limit, 67 in order"))
  }

  @Test(
    "the wall names the first five kinds that wait for a person, and counts the rest", arguments: PageLanguage.allCases)
  func wallOfEveryKind(language: PageLanguage) {
    var content = ExampleConsole.overview()
    content.groups = ExampleConsole.everyKind.groups
    let html = WallPage(content: content, voice: ExampleConsole.context(language).voice).html().html
    let left = content.groups.count { $0.unattended > 0 } - 5
    #expect(html.matches(of: #/<li /#).count == 6)
    #expect(text(html).contains(language == .danish ? "og \(left) andre ting" : "and \(left) other things"))
  }

  @Test("a page never says that all is well while alerts do not get through")
  func deafSinks() {
    var status = ExampleStatus.quietNight()
    status.sinkTroubles = (0..<7).map { SinkTrouble(sink: "webhook <\($0)>", waiting: 12) }
    let html = overview(status)
    #expect(html.contains("alerts do not get through") && !html.contains("All is well"))
    #expect(html.contains("<li>webhook &lt;0&gt; (12)</li>") && html.contains("<li>and 5 more</li>"))
    #expect(StatusMetrics(status, at: status.taken).text().contains("\nfilsluse_failing_sinks 7\n"))
  }

  @Test("a day whose files are forgotten does not say that none came", arguments: [0, 2])
  func forgottenFiles(came: Int) {
    let day = ExpectedDay(day: "2026-09-20", state: came == 0 ? .missing : .came, files: came)
    let detail = MatrixCellDetail(
      municipality: nil, account: "kommune-0773", day: day.day,
      expectations: [ExpectedCell(account: "kommune-0773", infRef: "\(ExampleStatus.aids)", day: day)],
      files: Paged(items: [], total: 0))
    let html = MunicipalityDayPage(row: "0773", day: day.day, detail: detail, context: ExampleConsole.context())
      .html().html
    #expect(html.contains("None came.") == (came == 0))
    #expect(html.contains("2 files came; the watcher has not seen them itself or has forgotten them.") == (came == 2))
  }

  @Test("a journal that cannot be read is told from one that is not there, and from one without open problems")
  func unreadableJournal() {
    var content = ExampleConsole.overview()
    content.problems = nil
    #expect(overview(content).contains("There is no journal to look into here."))
    content.isJournalUnreadable = true
    #expect(overview(content).contains("The journal cannot be read now, so what waits is not known."))
  }

  @Test("a gap in watching is shown with its times and why; an old one is not")
  func gaps() {
    var status = ExampleStatus.night()
    #expect(overview(status).contains("the watcher was not running"))
    status.gaps[0].from = ExampleStatus.hours(-24 * 9)
    status.gaps[0].until = ExampleStatus.hours(-24 * 8)
    #expect(!overview(status).contains("Not watched</strong>"))
  }

  @Test("criticals that are acknowledged count in the headline, as acknowledged")
  func headline() throws {
    let example = try #require(ExampleStatus.night().alerts.first)
    func summary(_ alerts: [(Alert.State, Finding.Severity)]) -> PageSummary {
      var status = ExampleStatus.quietNight()
      status.alerts = alerts.map { state, severity in
        var alert = example
        (alert.state, alert.finding.severity) = (state, severity)
        return alert
      }
      return PageSummary(status)
    }
    let (danish, english) = (ExampleConsole.context(.danish).voice, ExampleConsole.context().voice)
    let both = summary([
      (.firing, .critical), (.acknowledged, .critical), (.acknowledged, .critical), (.firing, .warning),
      (.acknowledged, .warning), (.resolved, .critical),
    ])
    #expect(both.headline(danish) == "1 kritisk, 2 kritiske kvitteret, 1 advarsel")
    #expect(both.headline(english) == "1 critical, 2 critical acknowledged, 1 warning")
    let known = summary([(.acknowledged, .critical)])
    #expect(known.headline(danish) == "1 kritisk kvitteret" && known.severity == .warning)
    let warned = summary([(.acknowledged, .warning)])
    #expect(warned.headline(danish) == "Intet nyt: 1 kvitteret" && warned.severity == .calm)
  }

  @Test(
    "silenced alerts count in the headline, as silenced: they alone make no screen red, and none say that all is well")
  func silencedHeadline() throws {
    var status = ExampleStatus.quietNight()
    var alert = try #require(ExampleStatus.night().alerts.first)
    alert.state = .firing
    alert.finding.severity = .critical
    alert.silencedBy = 7
    status.alerts = [alert]
    let voice = ExampleConsole.context(.danish).voice
    let critical = PageSummary(status)
    #expect(critical.headline(voice) == "1 kritisk dæmpet" && critical.severity == .warning)
    status.alerts[0].finding.severity = .warning
    let warning = PageSummary(status)
    #expect(warning.headline(voice) == "Intet nyt: 1 dæmpet" && warning.severity == .calm)
  }
}
