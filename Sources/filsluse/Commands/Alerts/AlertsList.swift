import ArgumentParser
import ExchangeSettings
import FilsluseSystem
import PickupWatch
import TriggerFiles

/// `filsluse alerts list`: the alerts that are not over.
struct AlertsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List alerts, the gravest first.",
    discussion: "What was over for 90 days is forgotten.")

  @Flag(help: "List those that are over too.")
  var all = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let store = try await settings.openAlerts()
    let rules = try settings.load().watch.alerts
    let now = Timestamp.now
    let alerts = try await store.alerts(all: all)
    let silences = try await store.silences(at: now)
    let lines = alerts.map { AlertLine($0, silences: silences) }
    if output.json { return try Output.print(json: lines) }
    var table = Table(header: ["ALERT", "STATE", "GRAVITY", "ACCOUNT", "FINDING", "SINCE", "INFREF", "FILE"])
    for line in lines { table.add(line.row(by: rules.wallClock).map(Printable.text)) }
    if !table.isEmpty { Output.print(table.text) }
    Output.note(lines.count == 1 ? "1 alert" : "\(lines.count) alerts")
    if let window = rules.maintenance.first(where: { $0.contains(now, by: rules.wallClock) }) {
      Output.note("nothing new is told now: maintenance, \(window)")
    }
  }
}

/// An alert as lists show it.
struct AlertLine: Encodable {
  private let alert: Int64
  private let state: String
  private let isSilenced: Bool
  private let foldedInto: Int64?
  private let severity: String
  private let kind: String
  private let account: String
  private let subject: String
  private let file: String?
  private let infRef: String?
  private let sender: String?
  private let authority: String?
  private let since: Timestamp?
  private let due: String?
  private let rule: String?
  private let ruleLine: Int?
  private let detail: String?
  private let firstSeen: Timestamp
  private let fired: String?
  private let told: String?
  private let notices: Int
  private let count: Int?
  private let resolved: String?
  private let ending: String?
  private let acknowledgedBy: String?
  private let acknowledgedAt: String?
  private let acknowledgedWhy: String?

  init(_ alert: Alert, silences: [Silence]) {
    let finding = alert.finding
    self.alert = alert.id
    state = alert.isExpired ? "expired" : alert.state.rawValue
    isSilenced = silences.contains { $0.matcher.matches(finding) }
    foldedInto = alert.foldedInto
    severity = finding.severity.rawValue
    kind = finding.kind.rawValue
    account = finding.account
    subject = Masked.name(finding.subject)
    file = finding.fileName.map(Masked.name)
    infRef = finding.infRef
    sender = finding.sender
    authority = finding.authority
    since = finding.since
    due = finding.due?.description
    rule = finding.rule
    ruleLine = finding.ruleLine
    detail = finding.detail.map(Masked.name)
    firstSeen = alert.firstSeen
    fired = alert.fired?.description
    told = alert.told?.at.description
    notices = alert.notices
    count = alert.fold?.count
    resolved = alert.resolved?.description
    ending = alert.ending.map { Masked.name($0.why.en) }
    acknowledgedBy = alert.acknowledgement?.by
    acknowledgedAt = alert.acknowledgement?.at.description
    acknowledgedWhy = alert.acknowledgement?.why
  }

  /// The cells of a table, for people: times are by the clock on the wall.
  func row(by clock: WallClock) -> [String] {
    var state = state
    if isSilenced { state += ", silenced" }
    if let foldedInto { state += ", in \(foldedInto)" }
    let finding = kind + (count.map { " (\($0))" } ?? "")
    return [
      "\(alert)", state, severity, account.isEmpty ? "-" : account, finding, clock.text(at: since ?? firstSeen),
      infRef ?? "-",
      file ?? "-",
    ]
  }
}
