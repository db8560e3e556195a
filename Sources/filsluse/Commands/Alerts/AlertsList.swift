import ArgumentParser
import ExchangeSettings
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts list`: the alerts that are not over.
struct AlertsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: LocalizedText("List alerts, the most severe first.", "Vis alarmer, de alvorligste først.").shown,
    discussion: LocalizedText(
      "What was over for 90 days is forgotten.", "Det, der har været overstået i 90 dage, er glemt."
    ).shown)

  @Flag(help: ArgumentHelp("List those that are over too.", "Vis også dem, der er overstået."))
  var all = false

  @Option(
    help: ArgumentHelp("Only those of this account.", "Kun dem fra denne konto.", valueName: "name"),
    completion: Proposals.accounts)
  var account: String?

  @Option(
    name: .customLong("infref"),
    help: ArgumentHelp("Only those about this InfRef.", "Kun dem om denne InfRef.", valueName: "name"))
  var infRef: String?

  @Option(
    help: ArgumentHelp(
      "Only those of this severity: warning or critical.", "Kun dem af denne alvor: warning eller critical."),
    completion: .list(Finding.Severity.allCases.map(\.rawValue)), transform: ListedValue.parse)
  var severity: Finding.Severity?

  @Option(
    help: ArgumentHelp(
      "Only those in this state: \(AlertsList.states); unattended ones fire and are not silenced.",
      "Kun dem i denne tilstand: \(AlertsList.states); unattended er aktive og ikke dæmpet."),
    completion: .list(AlertFilter.State.allCases.map(\.rawValue)), transform: ListedValue.parse)
  var state: AlertFilter.State?

  @Option(
    help: ArgumentHelp(
      "Only those of this kind and rule, as alerts groups shows them.",
      "Kun dem af denne slags og regel, som alerts groups viser dem.", valueName: "group"),
    transform: AlertsCommand.group)
  var group: RuleGroup.Key?

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  private static var states: String { AlertFilter.State.allCases.map(\.rawValue).joined(separator: ", ") }

  func validate() throws {
    guard !all || state == nil else {
      throw ValidationError(
        "--all is for every state", "--all er for alle tilstande",
        remedy: LocalizedText("leave out --state", "udelad --state"))
    }
  }

  func run() async throws {
    let store = try await settings.openAlerts()
    let loaded = try settings.load()
    let rules = loaded.watch.alerts
    let now = Timestamp.now
    try AlertsCommand.check(account: account, loaded)
    try await AlertsCommand.check(infRef: infRef, loaded, store)
    let filter = AlertFilter(
      account: account, infRef: infRef.map { ShownInfRef(shown: $0) }, severity: severity, group: group)
    let alerts = try await store.alerts(matching: filter, in: state, all: all)
    if let group, alerts.isEmpty, try await !store.hasAlert(of: group) { throw AlertsCommand.missing(group) }
    let silences = try await store.silences(at: now)
    let lines = alerts.map { AlertLine($0, silences: silences) }
    if output.json { return try Output.print(json: lines) }
    var table = Table(
      header: (
        "ALERT|STATE|SEVERITY|ACCOUNT|FINDING|SINCE|INFREF|FILE", "ALARM|TILSTAND|ALVOR|KONTO|FUND|SIDEN|INFREF|FIL"
      ))
    for line in lines { table.add(line.row(by: rules.wallClock).map(Printable.text)) }
    if !table.isEmpty { Output.print(table.text) }
    Output.note(lines.count.counted(("alert", "alerts"), ("alarm", "alarmer")))
    if let window = rules.maintenance.first(where: { $0.contains(now, by: rules.wallClock) }) {
      let text = LocalizedText(
        "nothing new is sent now: maintenance, \(window)", "intet nyt sendes nu: vedligehold, \(window)")
      Output.note(text.shown)
    }
  }
}

/// An alert as lists show it.
struct AlertLine: Encodable {
  private let alert: Alert
  private let isSilenced: Bool

  init(_ alert: Alert, silences: [Silence]) {
    self.alert = alert
    isSilenced = silences.contains { $0.matcher.matches(alert.finding) }
  }

  private var finding: Finding { alert.finding }
  private var state: String { alert.stateTitle.en }

  private enum Key: CodingKey {
    case alert, state, isSilenced, groupedInto, detail, firstSeen, fired, lastSent, notifications, count, resolved
    case ending, acknowledgedBy, acknowledgedAt, acknowledgedWhy
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    try json.encode(alert.id, forKey: .alert)
    try json.encode(state, forKey: .state)
    try json.encode(isSilenced, forKey: .isSilenced)
    try json.encodeIfPresent(alert.groupedInto, forKey: .groupedInto)
    try finding.encode(
      [
        .severity, .kind, .account, .subject, .fileName, .infRef, .sender, .authority, .since, .due, .rule, .ruleLine,
      ], to: encoder, text: Masked.name)
    try json.encodeIfPresent((finding.detail?.shown).map(Masked.name), forKey: .detail)
    try json.encode(alert.firstSeen, forKey: .firstSeen)
    try json.encodeIfPresent(alert.fired, forKey: .fired)
    try json.encodeIfPresent(alert.lastSent?.at, forKey: .lastSent)
    try json.encode(alert.notificationCount, forKey: .notifications)
    try json.encodeIfPresent(alert.group?.count, forKey: .count)
    try json.encodeIfPresent(alert.resolved, forKey: .resolved)
    try json.encodeIfPresent(alert.ending.map { Masked.name($0.why.shown) }, forKey: .ending)
    try json.encodeIfPresent((alert.acknowledgement?.by).map(Masked.name), forKey: .acknowledgedBy)
    try json.encodeIfPresent(alert.acknowledgement?.at, forKey: .acknowledgedAt)
    try json.encodeIfPresent((alert.acknowledgement?.why).map(Masked.name), forKey: .acknowledgedWhy)
  }

  /// The cells of a table, for people: times are by the clock on the wall.
  func row(by clock: WallClock) -> [String] {
    var state = alert.stateTitle.shown
    if isSilenced { state += LocalizedText(", silenced", ", dæmpet").shown }
    if let group = alert.groupedInto { state += LocalizedText(", in \(group)", ", i \(group)").shown }
    let kind = finding.kind.rawValue + (alert.group.map { " (\($0.count))" } ?? "")
    return [
      "\(alert.id)", state, finding.severity.title.shown, finding.account.isEmpty ? "-" : finding.account, kind,
      clock.stamp(at: finding.since ?? alert.firstSeen), finding.infRef?.description ?? "-",
      finding.fileName.map(Masked.name) ?? "-",
    ]
  }
}
