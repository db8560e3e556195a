internal import FilsluseBase
internal import Foundation

/// A notification in the format of `POST /api/v2/alerts` of Prometheus Alertmanager.
///
/// Alertmanager identifies alerts by their labels. A warning that becomes critical is a second alert there, so the
/// payload also resolves the warning. Alertmanager resolves an alert at `endsAt` unless it is repeated; `endsAt` is two
/// repeat intervals and one hour after the notification.
struct AlertmanagerPayload: Sendable {
  private struct Entry: Encodable {
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: Timestamp
    let endsAt: Timestamp
    let generatorURL: String?
  }

  private let entries: [Entry]

  init(_ notification: AlertNotification, repeatEvery: Duration) {
    let finding = notification.alert.finding
    let starts = notification.alert.fired ?? notification.at
    let isOver = notification.reason.isEnd
    // A test is never resolved by a person.
    let holds = finding.kind == .test ? .seconds(300) : repeatEvery * 2 + .seconds(3600)
    let ends = isOver ? notification.alert.resolved ?? notification.at : notification.at.later(by: holds)
    func entry(_ severity: Finding.Severity, endsAt: Timestamp) -> Entry {
      var labels = [
        "alertname": finding.kind.rawValue, "severity": severity.rawValue, "account": finding.account,
        "alert": "\(notification.alert.id)",
        "episode": notification.episode,
      ]
      if let infRef = finding.infRef, notification.alert.group == nil {
        labels["infref"] = AlertWording.plain(infRef.description)
      }
      var annotations = [
        "summary": notification.headline, "description": notification.text.joined(separator: "\n"),
        "notice": notification.id,
      ]
      annotations["machine"] = notification.machine
      // Alertmanager refuses an alert that ends before it starts, as one may after our clock was set back.
      return Entry(
        labels: labels, annotations: annotations, startsAt: min(starts, endsAt), endsAt: endsAt,
        generatorURL: notification.link)
    }
    var entries = [entry(notification.severity, endsAt: ends)]
    if notification.firstSeverity != notification.severity {
      entries.append(entry(notification.firstSeverity, endsAt: notification.at))
    }
    self.entries = entries
  }

  func json() throws(SendingFailure) -> String {
    do { return try JSONText().text(entries) } catch {
      throw SendingFailure(
        "the notice cannot be written as JSON: \(error)", "beskeden kan ikke skrives som JSON: \(error)")
    }
  }
}
