import ExchangeSettings
import FileExchange
import FilsluseSystem
import PickupWatch

/// What `watch` found, for people.
struct WatchList {
  let reports: [InboxReport]

  init(_ reports: [InboxReport]) { self.reports = reports }

  func print() {
    var table = Table(header: [
      "ACCOUNT", "FINDING", "SINCE (SERVER)", "WAITED", "ALLOWED", "INFREF", "SENDER", "SIZE", "FILE",
    ])
    for finding in reports.flatMap(\.findings) {
      table.add(
        [
          finding.account, finding.kind.rawValue, finding.since?.description ?? "-",
          finding.waited.map(Readable.waited) ?? "-", finding.period.map(DurationText.format) ?? "-",
          finding.infRef ?? "-", finding.sender ?? "-", finding.size.map(String.init) ?? "-",
          finding.fileName + (finding.detail.map { " (\($0))" } ?? ""),
        ].map(Printable.text))
    }
    if !table.isEmpty { Output.print(table.text) }
    for report in reports where report.failure == nil {
      let files = report.waiting == 1 ? "1 file waits" : "\(report.waiting) files wait"
      let things = report.findings.count == 1 ? "1 finding" : "\(report.findings.count) findings"
      Output.note("\(report.account): \(files), \(things)")
    }
  }
}

/// A report as JSON shows it.
struct ReportedInbox: Encodable {
  private let account: String
  private let checked: String
  private let waiting: Int
  private let findings: [ReportedFinding]
  private let failure: String?

  init(_ report: InboxReport) {
    account = report.account
    checked = report.checked.description
    waiting = report.waiting
    findings = report.findings.map(ReportedFinding.init)
    failure = report.failure?.description
  }
}

/// A finding as JSON shows it; periods in seconds.
private struct ReportedFinding: Encodable {
  let kind: String
  let file: String
  let since: String?
  let waitedSeconds: Int64?
  let allowedSeconds: Int64?
  let infRef: String?
  let sender: String?
  let size: UInt64?
  let ruleLine: Int?
  let detail: String?

  init(_ finding: PickupFinding) {
    kind = finding.kind.rawValue
    file = finding.fileName
    since = finding.since?.description
    waitedSeconds = finding.waited?.components.seconds
    allowedSeconds = finding.period?.components.seconds
    infRef = finding.infRef
    sender = finding.sender
    size = finding.size
    ruleLine = finding.ruleLine
    detail = finding.detail
  }
}
