import FilsluseBase
import TriggerFiles

@testable import FileExchange
@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// A page of the console, made from values that are made up.
struct ExamplePage: Sendable, CustomStringConvertible {
  let name: String
  let html: String

  var description: String { name }

  /// Every page there is, in a language.
  static func all(_ language: PageLanguage = .english) throws -> [ExamplePage] {
    try lists(language) + single(language) + messages(language) + states(language)
  }

  /// Pages of a watch that is in another state than usual: every kind of alert at once, a watcher that is starting, a
  /// machine that stands by, one that does not know which machine leads, an inbox that cannot be seen, an alert that is
  /// over.
  static func states(_ language: PageLanguage = .english, inboxes: Int = 98) -> [ExamplePage] {
    let context = ExampleConsole.context(language)
    let overviews = [
      Self(
        name: "every kind of alert",
        html: OverviewPage(content: ExampleConsole.nightOfEveryKind(inboxes: inboxes), context: context).html().html),
      Self(
        name: "overview while the watcher is starting",
        html: OverviewPage(content: ExampleConsole.starting, context: context).html().html),
      Self(
        name: "wall while the watcher is starting",
        html: WallPage(content: ExampleConsole.starting, voice: context.voice).html().html),
    ]
    var standby = ExampleConsole.overview(inboxes: inboxes, late: min(inboxes, ExampleConsole.lateInboxes))
    standby.status.standby = WatchDatabase.standbyNotice(under: "vagt-2")
    let overview = OverviewPage(content: standby, context: context).html()
    return overviews + troubled(context)
      + [Self(name: "overview where another machine leads", html: overview.html)]
      + refusals(language, "while the leader is unknown", inboxes)
  }

  /// An inbox that cannot be seen, with the files that lay there, and an alert that is over.
  private static func troubled(_ context: PageContext) -> [ExamplePage] {
    var status = ExampleConsole.status(inboxes: 1, late: 1)
    status.inboxes[0].failure = LookFailure(
      since: ExampleStatus.hours(-2),
      text: LocalizedText(da: "serveren svarer ikke", en: "the server does not answer"))
    let inbox = InboxPage.Content(
      detail: InboxDetail(row: InboxRow(status: status.inboxes[0])),
      waiting: Paged(items: [ExampleConsole.file()], total: 1), gone: Paged(items: [], total: 0),
      alerts: Paged(items: [], total: 0), trends: [])
    var life = ExampleConsole.life
    life.alert.resolve(at: ExampleStatus.hours(0), .unwatched)
    return [
      Self(
        name: "inbox that cannot be seen", html: InboxPage(content: inbox, status: status, context: context).html().html
      ),
      Self(name: "alert that is over", html: AlertPage(life: life, group: nil, context: context).html().html),
    ]
  }

  /// The pages that have forms for acts elsewhere.
  private static func refusals(_ language: PageLanguage, _ name: String, _ inboxes: Int) -> [ExamplePage] {
    var context = ExampleConsole.context(language)
    context.refusal = WatchDatabase.refusalOfActs(under: WatchDatabase.unknownLeader).text
    var overview = ExampleConsole.overview(inboxes: inboxes, late: min(inboxes, ExampleConsole.lateInboxes))
    overview.status.refusalOfActs = context.refusal
    var filter = AlertFilter()
    filter.group = ExampleConsole.key
    let alerts = Paged(items: [ExampleConsole.alert(), ExampleConsole.alert(42)], total: 2)
    let inbox = InboxPage.Content(
      detail: InboxDetail(row: overview.inboxes[0], gaps: [], municipalities: []),
      waiting: Paged(items: [ExampleConsole.file()], total: 1), gone: Paged(items: [], total: 0), alerts: alerts,
      trends: [])
    let pages = [
      ("overview", OverviewPage(content: overview, context: context).html()),
      (
        "alerts",
        AlertListPage(
          alerts: alerts, filter: filter, group: ExampleConsole.group(), status: overview.status, context: context
        ).html()
      ),
      ("alert", AlertPage(life: ExampleConsole.life, group: ExampleConsole.group(), context: context).html()),
      ("inbox", InboxPage(content: inbox, status: overview.status, context: context).html()),
      (
        "silences",
        SilencesPage(silences: ExampleConsole.silences, status: overview.status, context: context).html()
      ),
    ]
    return pages.map { Self(name: "\($0.0) \(name)", html: $0.1.html) }
  }

  private static func lists(_ language: PageLanguage) throws -> [ExamplePage] {
    let context = ExampleConsole.context(language)
    let status = ExampleConsole.status()
    let overview = ExampleConsole.overview()
    var filter = AlertFilter()
    filter.group = ExampleConsole.key
    let alerts = (1...50).map { number in
      ExampleConsole.alert(Int64(number)) { alert in
        if number > 45 { alert.acknowledgement = known }
        if number > 45 { alert.state = .acknowledged }
      }
    }
    let trends = TrendsPage.Content(
      days: 90, account: nil, trends: ExampleConsole.trends(days: 90), punctuality: ExampleConsole.punctuality)
    return [
      Self(name: "overview", html: OverviewPage(content: overview, context: context).html().html),
      Self(
        name: "sorted overview",
        html: OverviewPage(content: overview, context: context, order: InboxOrder.all.last).html().html),
      Self(name: "wall", html: WallPage(content: overview, voice: context.voice).html().html),
      Self(
        name: "alerts",
        html: AlertListPage(
          alerts: Paged(items: alerts, total: 120), filter: filter, group: ExampleConsole.group(), status: status,
          context: context
        ).html().html),
      Self(
        name: "matrix",
        html: MatrixPage(
          matrix: ExampleConsole.matrix(days: 14), number: 1, account: nil, infRef: nil, context: context
        ).html().html),
      Self(name: "trends", html: TrendsPage(content: trends, context: context).html().html),
      Self(
        name: "silences",
        html: SilencesPage(silences: ExampleConsole.silences, status: status, context: context).html().html),
    ]
  }

  private static let known = Alert.Acknowledgement(by: "KH", why: nil, at: ExampleStatus.hours(-1), severity: .critical)

  private static func single(_ language: PageLanguage) throws -> [ExamplePage] {
    let context = ExampleConsole.context(language)
    var acknowledged = ExampleConsole.life
    acknowledged.alert.state = .acknowledged
    acknowledged.alert.acknowledgement = known
    let files = Paged(items: [ExampleConsole.file(), ExampleConsole.file(813)], total: 90, size: 2)
    let detail = InboxDetail(
      row: InboxRow(status: ExampleConsole.status().inboxes[0]), watchedSince: ExampleStatus.hours(-900),
      gaps: [ExampleStatus.hours(-22)..<ExampleStatus.hours(-20)],
      municipalities: [MunicipalityLabel(code: "0101", title: "0101 København")])
    let inbox = InboxPage.Content(
      detail: detail, waiting: files, gone: files, alerts: Paged(items: [ExampleConsole.alert()], total: 1),
      trends: ExampleConsole.trends(days: 30, count: 2))
    let matrix = ExampleConsole.matrix(days: 30)
    let municipality = MunicipalityDetail(
      municipality: MunicipalityLabel(code: "0773", title: "0773 Morsø"), account: nil, accounts: ["kommune-0773"],
      matrix: Matrix(days: matrix.days, rows: matrix.rows.filter { $0.id == "0773" }),
      punctuality: [30: ExampleConsole.punctuality[0]], alertNames: ["0773", "41333014"])
    let cell = MatrixCellDetail(
      municipality: MunicipalityLabel(code: "0773", title: "0773 Morsø"), account: nil, day: "2026-11-20",
      expectations: [
        ExpectedCell(
          account: "kommune-0773", infRef: "\(ExampleStatus.aids)",
          day: ExpectedDay(
            day: "2026-11-20", state: .late, by: ExampleStatus.hours(-22), came: ExampleStatus.hours(-20), files: 1))
      ], files: files)
    return [
      Self(
        name: "alert",
        html: AlertPage(life: ExampleConsole.life, group: ExampleConsole.group(), context: context).html().html),
      Self(
        name: "acknowledged alert",
        html: AlertPage(
          life: acknowledged, group: nil, members: Paged(items: [ExampleConsole.alert(42)], total: 1), context: context
        ).html().html),
      Self(
        name: "inbox", html: InboxPage(content: inbox, status: ExampleConsole.status(), context: context).html().html),
      Self(name: "file", html: FilePage(history: ExampleConsole.history, context: context).html().html),
      Self(
        name: "municipality",
        html: MunicipalityPage(row: "0773", detail: municipality, files: files, context: context).html().html),
      Self(
        name: "day of a municipality",
        html: MunicipalityDayPage(row: "0773", day: "2026-11-20", detail: cell, context: context).html().html),
      Self(name: "journal", html: JournalPage(trail: ExampleConsole.trail, context: context).html().html),
    ]
  }

  /// A form that was sent.
  private static func sent() throws -> FormFields {
    guard let form = FormFields(query: "ticket=a&key=b&alert=41&by=KH&why=%3Cp%C3%A5+vej%3E&back=%2Falerts") else {
      throw PageProblem.noForm
    }
    return form
  }

  private static func messages(_ language: PageLanguage) throws -> [ExamplePage] {
    let context = ExampleConsole.context(language)
    var matches = ConsoleMatches()
    matches.files = [ExampleConsole.file(), ExampleConsole.file(813)]
    matches.journal = [ExampleConsole.trail.line]
    matches.alert = ExampleConsole.alert()
    matches.municipality = MunicipalityLabel(code: "0101", title: "0101 København")
    matches.accounts = ["kommune-0101"]
    matches.hasMoreFiles = true
    let address = DonePage.address(
      .acknowledged, count: 31, others: 1, number: 7, back: "/", tickets: context.tickets)
    let done = HTTPRequest(method: .get, path: "/done", query: String(address.dropFirst("/done?".count)))
    let asked = ConsoleRequest(request: done, values: [], voice: context.voice, tickets: context.tickets)
    let frame = PageFrame(voice: context.voice, title: context.voice.say("Findes ikke", "Not found"))
    return [
      Self(name: "search", html: SearchPage(found: nil, context: context).html().html),
      Self(name: "results", html: SearchPage(found: (text: "udtræk", matches: matches), context: context).html().html),
      Self(
        name: "no results",
        html: SearchPage(found: (text: "<b>", matches: ConsoleMatches()), context: context).html().html),
      Self(name: "done", html: try DonePage(asked: asked).html().html),
      Self(
        name: "names",
        html: NamesPage(names: [812: "udtræk_010190-1234.csv"], back: "/file/812", voice: context.voice).html().html),
      Self(
        name: "unrecorded",
        html: UnrecordedPage(
          words: PageProblem.storeFailed.words, action: .acknowledge, form: try sent(), voice: context.voice
        ).html().html),
      Self(name: "message", html: frame.message("…", to: "/alerts", "…").html),
      Self(name: "login", html: frame.login(.wrong).html),
      Self(name: "login in a pause", html: frame.login(.paused(seconds: 32)).html),
    ]
  }
}
