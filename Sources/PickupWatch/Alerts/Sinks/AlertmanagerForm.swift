internal import FilsluseBase
internal import Foundation

/// A notification in the format of `POST /api/v2/alerts` of Prometheus Alertmanager.
///
/// Alertmanager identifies alerts by their labels. A warning that became critical is another alert to it, so the
/// warning is ended along with it. It ends an alert that is not repeated by itself at `endsAt`: two repetitions and an
/// hour from the notification.
struct AlertmanagerForm: Sendable {
  private struct Entry: Encodable {
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: Timestamp
    let endsAt: Timestamp
    let generatorURL: String?
  }

  private let entries: [Entry]

  init(_ notice: AlertNotification, repeatEvery: Duration) {
    let finding = notice.alert.finding
    let starts = notice.alert.fired ?? notice.at
    let isOver = notice.reason.isEnd
    // A test is nothing that anybody would end.
    let holds = finding.kind == .test ? .seconds(300) : repeatEvery * 2 + .seconds(3600)
    let ends = isOver ? notice.alert.resolved ?? notice.at : notice.at.later(by: holds)
    func entry(_ severity: Finding.Severity, endsAt: Timestamp) -> Entry {
      var labels = [
        "alertname": finding.kind.rawValue, "severity": severity.rawValue, "account": finding.account,
        "alert": "\(notice.alert.id)",
        "episode": notice.episode,
      ]
      if let infRef = finding.infRef, notice.alert.fold == nil { labels["infref"] = AlertWording.plain(infRef) }
      let annotations = [
        "summary": notice.headline, "description": notice.text.joined(separator: "\n"), "notice": notice.id,
      ]
      // Alertmanager refuses an alert that ends before it starts, as one may after our clock was set back.
      return Entry(
        labels: labels, annotations: annotations, startsAt: min(starts, endsAt), endsAt: endsAt, generatorURL: nil)
    }
    var entries = [entry(notice.severity, endsAt: ends)]
    if notice.firstSeverity != notice.severity { entries.append(entry(notice.firstSeverity, endsAt: notice.at)) }
    self.entries = entries
  }

  func json() throws(SendingFailure) -> String {
    do { return try JSONText().text(entries) } catch {
      throw SendingFailure(description: "the notice cannot be written as JSON: \(error)")
    }
  }
}
