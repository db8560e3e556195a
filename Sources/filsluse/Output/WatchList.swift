import ExchangeSettings
import FileExchange
import FilsluseBase
import PickupWatch
import TriggerFiles

/// The findings of `watch`, for people.
struct WatchList {
  let reports: [AccountReport]
  let clock: WallClock?

  init(_ reports: [AccountReport], clock: WallClock?) {
    self.reports = reports
    self.clock = clock
  }

  func print() {
    var table = Table(
      header: (
        "SEVERITY|ACCOUNT|FINDING|SINCE|FOR|LIMIT|RULE|INFREF|SENDER|FILE",
        "ALVOR|KONTO|FUND|SIDEN|VARIGHED|FRIST|REGEL|INFREF|AFSENDER|FIL"
      ))
    for report in reports {
      for finding in report.findings {
        table.add(
          [
            finding.severity.title.shown, finding.account, finding.kind.rawValue, shown(finding.since),
            finding.since.map { Readable.waited(report.checked.since($0)) } ?? "-", shown(finding.due),
            finding.rule?.shown ?? "-", finding.infRef?.description ?? "-", finding.sender ?? "-", subject(of: finding),
          ].map(Printable.text))
      }
    }
    if !table.isEmpty { Output.print(table.text) }
    for report in reports where report.failure == nil {
      let count = report.state?.files ?? 0
      let files = count.counted(
        ("file lies there", "files lie there"), ("fil ligger der", "filer ligger der"))
      let things = report.findings.count.counted(("finding", "findings"), ("fund", "fund"))
      Output.note("\(report.account): \(files), \(things); \(clockDifference(report.state).shown)")
    }
  }

  private func shown(_ moment: Timestamp?) -> String {
    guard let moment else { return "-" }
    return clock?.stamp(at: moment) ?? moment.description
  }

  private func subject(of finding: Finding) -> String {
    let age: LocalizedText? =
      switch finding.ageBasis {
      case .server:
        LocalizedText("by the server's time stamp, corrected", "efter serverens tidsstempel, rettet")
      case .serverUnmeasured:
        LocalizedText("by the server's time stamp, not corrected", "efter serverens tidsstempel, ikke rettet")
      case .firstSight:
        LocalizedText("since first seen; it was there before", "siden den først blev set; den var der før")
      case .watcher, nil: nil
      }
    let notes = [finding.detail?.shown, age?.shown].compactMap { $0 }.joined(separator: "; ")
    return [finding.fileName ?? finding.subject, notes.isEmpty ? nil : "(\(notes))"].compactMap { $0 }.joined(
      separator: " ")
  }

  private func clockDifference(_ state: InboxState?) -> LocalizedText {
    guard let difference = state?.clockDifference else {
      return LocalizedText("the server's clock is not measured", "serverens ur er ikke målt")
    }
    let isAhead = difference >= .zero
    // Time stamps of SFTP are in whole seconds.
    guard isAhead ? difference > .seconds(1) : difference < .seconds(-1) else {
      return LocalizedText("the clocks agree", "urene er enige")
    }
    let amount = DurationText.format(.seconds((isAhead ? difference : .zero - difference).components.seconds))
    return LocalizedText(
      "the server's clock is \(amount) \(isAhead ? "ahead" : "behind")",
      "serverens ur er \(amount) \(isAhead ? "foran" : "bagud")")
  }
}

/// A report as JSON shows it.
struct ReportedAccount: Encodable {
  private let account: String
  private let checked: String
  private let severity: String
  private let files: Int?
  private let bytes: UInt64?
  private let lastLook: String?
  private let watchedSince: String?
  private let clockDifferenceSeconds: Int64?
  private let findings: [ReportedFinding]
  private let failure: String?

  init(_ report: AccountReport) {
    account = report.account
    checked = report.checked.description
    severity = report.severity?.rawValue ?? "none"
    files = report.state?.files
    bytes = report.state?.bytes
    lastLook = report.state?.lastLook?.description
    watchedSince = report.state?.watchedSince?.description
    clockDifferenceSeconds = report.state?.clockDifference?.components.seconds
    findings = report.findings.map { ReportedFinding($0, at: report.checked) }
    failure = report.failure?.inBothLanguages.shown
  }
}

/// A finding as JSON shows it; periods in seconds.
private struct ReportedFinding: Encodable {
  private let finding: Finding
  private let forSeconds: Int64?

  private enum Key: CodingKey {
    case forSeconds, detail
  }

  init(_ finding: Finding, at moment: Timestamp) {
    self.finding = finding
    forSeconds = finding.since.map { moment.since($0).components.seconds }
  }

  func encode(to encoder: any Encoder) throws {
    try finding.encode(
      [
        .id, .kind, .severity, .fileName, .since, .ageBasis, .due, .infRef, .sender, .authority, .size, .rule,
        .ruleLine,
      ], to: encoder)
    var json = encoder.container(keyedBy: Key.self)
    try json.encodeIfPresent(forSeconds, forKey: .forSeconds)
    try json.encodeIfPresent(finding.detail?.shown, forKey: .detail)
  }
}
