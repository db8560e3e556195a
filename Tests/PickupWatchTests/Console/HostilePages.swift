import FilsluseBase
import TriggerFiles

@testable import FileExchange
@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// Pages with everything there can be, in the greatest number and with the same text wherever a text comes from
/// outside.
enum HostilePages {
  static let script = "<script>alert(1)</script>\"'&\u{202E}\u{0}\u{1B}[31m"

  static func all(_ text: String, _ language: PageLanguage) throws -> [ExamplePage] {
    let context = ExampleConsole.context(language)
    let words = LocalizedText(text)
    let status = status(text, words)
    let alerts = (0..<200).map { alert(Int64($0 + 1), text, words) }
    let files = Paged(items: (0..<200).map { file(Int64($0 + 1), text) }, total: 100_000, size: 50)
    let overview = overview(status, text, words)
    let list = AlertListPage(
      alerts: Paged(items: Array(alerts.prefix(50)), total: 400), filter: filter(text), group: overview.groups[0],
      status: status, context: context)
    var life = ExampleConsole.life
    life.alert = alerts[0]
    life.events = (0..<1000).map {
      AlertLifeEvent(id: Int64($0), at: ExampleConsole.now, what: .sent, sink: text, by: text, why: words)
    }
    var own = status.inboxes[0]
    // Its name is in the address of its page.
    own.account = String(String.UnicodeScalarView(text.unicodeScalars.prefix(100)))
    let detail = InboxDetail(
      row: InboxRow(status: own), gaps: [],
      municipalities: (0..<98).map { _ in MunicipalityLabel(code: "0101", title: text) })
    let inbox = InboxPage.Content(
      detail: detail, waiting: files, gone: files,
      alerts: Paged(items: Array(alerts.prefix(20)), total: 400),
      trends: trends(text, words, days: 30))
    var matches = ConsoleMatches()
    matches.files = Array(files.items.prefix(50))
    matches.accounts = Array(repeating: text, count: 50)
    matches.alert = alerts[0]
    let trendPage = TrendsPage.Content(
      days: 90, account: own.account, trends: trends(text, words, days: 90),
      punctuality: (0..<500).map { Punctuality(id: "account.\($0)", municipality: nil, account: text, came: 1) })
    let lists = [
      ExamplePage(name: "overview", html: OverviewPage(content: overview, context: context).html().html),
      ExamplePage(
        name: "sorted overview",
        html: OverviewPage(content: overview, context: context, order: InboxOrder.all.last).html().html),
      ExamplePage(name: "alerts", html: list.html().html),
      ExamplePage(
        name: "alert", html: AlertPage(life: life, group: overview.groups[0], context: context).html().html),
      ExamplePage(name: "inbox", html: InboxPage(content: inbox, status: status, context: context).html().html),
      ExamplePage(name: "trends", html: TrendsPage(content: trendPage, context: context).html().html),
      ExamplePage(
        name: "matrix",
        html: MatrixPage(
          matrix: matrix(text, days: 30), number: 1, account: own.account, infRef: nil, context: context
        ).html().html),
      ExamplePage(
        name: "search", html: SearchPage(found: (text: text, matches: matches), context: context).html().html),
      ExamplePage(
        name: "silences",
        html: SilencesPage(silences: silences(text, words), status: status, context: context).html().html),
    ]
    return lists + details(text, words, context, alerts, files)
  }

  /// The pages of single things.
  private static func details(
    _ text: String, _ words: LocalizedText, _ context: PageContext, _ alerts: [Alert], _ files: Paged<FileRow>
  ) -> [ExamplePage] {
    let line = JournalLine(
      subject: .arrival(7), begun: ExampleConsole.now, state: .arrival(.quarantined),
      wireName: JournalledName(stringLiteral: text),
      counterpart: text,
      infRef: InfRef(unchecked: text), size: .max)
    let entries = (1...500).map {
      JournalTrail.Entry(id: Int64($0), at: ExampleConsole.now, title: words, detail: words)
    }
    var matches = ConsoleMatches()
    matches.journal = Array(repeating: line, count: 50)
    matches.files = Array(files.items.prefix(50))
    matches.hasMoreFiles = true
    matches.hasMoreInJournal = true
    var history = ExampleConsole.history
    history.row = files.items[0]
    history.transfer = text
    history.problem = words
    history.alerts = Array(alerts.prefix(100))
    history.disclosures = (0..<100).map { _ in NameDisclosure(by: text, why: text, at: ExampleConsole.now) }
    let matrix = Self.matrix(text, days: 30)
    let municipality = MunicipalityDetail(
      municipality: MunicipalityLabel(code: nil, cvr: text, title: text), account: text,
      accounts: Array(repeating: text, count: 98), matrix: Matrix(days: matrix.days, rows: [matrix.rows[0]]),
      punctuality: [30: ExampleConsole.punctuality[0]], alertNames: Array(repeating: "0101", count: 98))
    let cell = MatrixCellDetail(
      municipality: nil, account: text, day: "2026-11-20",
      expectations: (0..<400).map { _ in
        ExpectedCell(
          account: text, infRef: ShownInfRef(stringLiteral: text),
          day: ExpectedDay(day: "2026-11-20", state: .late, by: ExampleConsole.now, came: ExampleConsole.now, files: 1))
      }, files: files, hasMore: true)
    // A name has 255 bytes at most.
    let name = String(String.UnicodeScalarView(text.unicodeScalars.prefix(127)))
    let names = Dictionary(uniqueKeysWithValues: (1...Int64(WatchDatabase.mostShownNames)).map { ($0, name) })
    return [
      ExamplePage(
        name: "results of the journal",
        html: SearchPage(found: (text: text, matches: matches), context: context).html().html),
      ExamplePage(
        name: "journal",
        html: JournalPage(trail: JournalTrail(line: line, entries: entries), context: context).html().html),
      ExamplePage(name: "file", html: FilePage(history: history, context: context).html().html),
      ExamplePage(
        name: "municipality",
        html: MunicipalityPage(row: "0101", detail: municipality, files: files, context: context).html().html),
      ExamplePage(
        name: "day of a municipality",
        html: MunicipalityDayPage(row: "0101", day: "2026-11-20", detail: cell, context: context).html().html),
      ExamplePage(name: "names", html: NamesPage(names: names, back: "/file/1", voice: context.voice).html().html),
    ]
  }

  /// A filter comes from an address, which is no longer than a request's head.
  private static func filter(_ text: String) -> AlertFilter {
    let part = String(String.UnicodeScalarView(text.unicodeScalars.prefix(200)))
    return AlertFilter(account: part, infRef: ShownInfRef(stringLiteral: part), group: ExampleConsole.key)
  }

  private static func status(_ text: String, _ words: LocalizedText) -> WatchStatus {
    let moment = ExampleStatus.hours(-3)
    var status = WatchStatus(version: "0.1.0", taken: ExampleConsole.now, started: moment)
    status.storeTrouble = .failing(text)
    status.sinkTroubles = (0..<50).map { _ in SinkTrouble(sink: text, waiting: .max) }
    status.infRefs = (0..<50).map { ShownInfRef(stringLiteral: "\($0)\(text)") }
    status.inboxes = (0..<400).map { number in
      InboxStatus(
        account: "\(text)-\(number)",
        waiting: (0..<5).map { kind in
          WaitingFiles(
            infRef: "Data_\(kind)_\(text)", files: 1000, bytes: 1 << 40,
            oldest: OldestFile(ageSeconds: 9_000 + number, since: moment, limitSeconds: 7_200, warnAtSeconds: 5_400))
        }, lastLook: ExampleConsole.now, failure: number < 50 ? LookFailure(since: moment, text: words) : nil, looks: 10
      )
    }
    status.gaps = (0..<300).map { _ in
      WatchGap(from: moment, until: ExampleConsole.now, account: text, reason: words)
    }
    return status
  }

  private static func overview(_ status: WatchStatus, _ text: String, _ words: LocalizedText) -> Overview {
    var overview = Overview(status: status)
    overview.inboxes = status.inboxes.map { InboxRow(status: $0) }
    overview.groups = (0..<500).map { number in
      RuleGroup(
        key: RuleGroup.Key(kind: .pickUpLate, rule: "1f00ab34"), rule: words, alerts: 9_999, inboxes: number + 1,
        critical: 1, acknowledged: 1, silenced: 1, oldest: ExampleStatus.hours(-3))
    }
    overview.matrix = matrix(text, days: 7)
    var problems = OpenProblems()
    problems.problems = OpenProblem.Kind.allCases.flatMap { kind in
      (0..<20).map {
        OpenProblem(
          OpenProblem.Key(kind, account: text, subject: "D\($0)"), message: text, remedy: Remedy(text),
          since: ExampleStatus.hours(-3))
      }
    }
    overview.problems = problems
    return overview
  }

  private static func matrix(_ text: String, days count: Int) -> Matrix {
    let days = ExampleConsole.context().voice.lastDays(count)
    let rows = (0..<300).map { number in
      MatrixRow(
        id: "account.\(text)", municipality: nil, account: "\(text)\(number)",
        cells: days.map { _ in MatrixCell(state: .late, files: 1, expectedFiles: 2) })
    }
    return Matrix(days: days, rows: rows)
  }

  private static func alert(_ id: Int64, _ text: String, _ words: LocalizedText) -> Alert {
    let moment = ExampleStatus.hours(-3)
    let finding = Finding(
      kind: .pickUpLate, severity: .critical, account: text, subject: "\(id)", fileName: text,
      infRef: ShownInfRef(stringLiteral: text), sender: text, authority: text, since: moment, due: moment, rule: words,
      detail: words)
    var alert = Alert(id: id, finding: finding, firstSeen: moment)
    alert.state = id.isMultiple(of: 2) ? .acknowledged : .firing
    alert.group = AlertGroup([finding, finding, finding])
    alert.acknowledgement = Alert.Acknowledgement(by: text, why: text, at: moment, severity: .critical)
    return alert
  }

  private static func file(_ id: Int64, _ text: String) -> FileRow {
    var file = ExampleConsole.file(id, name: text)
    file.account = text
    file.infRef = ShownInfRef(stringLiteral: text)
    file.sender = text
    file.municipality = MunicipalityLabel(code: nil, title: text)
    return file
  }

  private static func trends(_ text: String, _ words: LocalizedText, days count: Int) -> [PickUpSeries] {
    let days = ExampleConsole.context().voice.lastDays(count)
    return (0..<98).map { _ in
      PickUpSeries(
        account: text, infRef: ShownInfRef(stringLiteral: text), title: words,
        days: days.map {
          PickUpDay(
            day: $0, count: 9_999, medianSeconds: 8_000, slowestSeconds: 90_000, limitSeconds: 7_200,
            watchedAllDay: false)
        })
    }
  }

  private static func silences(_ text: String, _ words: LocalizedText) -> Paged<SilenceRow> {
    let rows = (0..<50).map { number in
      SilenceRow(
        silence: Silence(
          id: Int64(number + 1), matcher: Silence.Matcher(account: text, kind: text, rule: words),
          from: ExampleConsole.now, until: ExampleStatus.hours(4), by: text, why: text), state: .holds, alerts: 9_999)
    }
    return Paged(items: rows, total: 400)
  }
}
