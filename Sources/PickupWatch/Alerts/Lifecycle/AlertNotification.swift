internal import FilsluseSystem
internal import Foundation

/// A notification about an alert, as kept until every sink has it and as programs and webhooks get it: the same words
/// and the same ``id`` each time, so that a receiver recognises a repetition.
package struct AlertNotification: Sendable, Hashable, Codable, Identifiable {
  /// The reason for a notification.
  package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
    /// It has begun.
    case fired
    /// A warning has become critical.
    case graver
    /// A fold stands for at least twice as many as before.
    case grown
    /// It still fires, and is not acknowledged.
    case repeated
    /// It is over.
    case resolved
    /// Its time has passed without a repair, as when a file never came and the next one is due.
    case expired

    /// True if it is the last notification about the alert.
    package var isEnd: Bool { self == .resolved || self == .expired }
  }

  /// The members of a group.
  package struct Folded: Sendable, Hashable, Codable {
    /// The number of members.
    package var count: Int
    /// The number of critical members.
    package var critical: Int
    /// The number of members of each kind.
    package var kinds: [String: Int]
    /// The oldest, a few at most, in words.
    package var oldest: [String]
  }

  /// The same for the same notice, whenever and wherever it is sent; different for every other, in any store.
  package var id: String
  /// The same for every notice of one alert.
  package var episode: String
  /// The alert's number, as `filsluse alerts ack` takes it.
  package var alert: Int64
  /// 1 for the alert's first notice.
  package var number: Int
  /// The reason for the notification.
  package var reason: Reason
  /// The worst severity in any notification: `warning` or `critical`.
  package var severity: String
  /// The severity in the first notification.
  package var firstSeverity: String
  /// The sort of finding.
  package var kind: String
  /// The account.
  package var account: String
  /// The subject within the account.
  package var subject: String
  /// The InfRef as on the wire.
  package var infRef: String?
  /// The InfRef as KOMBIT's order forms print it, where that is another.
  package var orderForm: String?
  /// The file's name, CPR-like numbers masked.
  package var fileName: String?
  /// The SFTP user that sent it.
  package var sender: String?
  /// The CVR number of the authority that it is for.
  package var authority: String?
  /// The data's size in bytes.
  package var size: UInt64?
  /// Since when it is so.
  package var since: String?
  /// By whose clock that is known, where it is about a file's age: `watcher`, `server`, `server-unmeasured` or
  /// `first-sight`.
  package var ageBasis: String?
  /// The time at which its limit is, or was, reached.
  package var due: String?
  /// The rule in the words of the settings.
  package var rule: String?
  /// The line of the settings that it stands on.
  package var ruleLine: Int?
  /// More to know, in the language of the settings.
  package var detail: String?
  /// The reason for the resolution, in the language of the settings.
  package var ending: String?
  /// The time at which it began to fire.
  package var firedAt: String?
  /// The time at which it was resolved.
  package var resolvedAt: String?
  /// The time at which this notification was written.
  package var at: String
  /// The members, when it is about a group.
  package var folded: Folded?
  /// The alert, in one line.
  package var headline: String
  /// Everything a person needs, line by line, in the language of the settings.
  package var text: [String]
}

extension AlertNotification {
  /// The notice as JSON on one line, its keys in the order of the alphabet.
  func json() throws -> String {
    try JSONText().text(self)
  }

  init(_ event: AlertEvent, database: String, wording: AlertWording) {
    let alert = event.alert
    let finding = alert.finding
    episode = "\(database)-\(alert.id)"
    id = "\(episode)-\(alert.notices)"
    self.alert = alert.id
    number = alert.notices
    reason = event.reason
    severity = (alert.told?.severity ?? finding.severity).rawValue
    firstSeverity = (alert.told?.firstSeverity ?? finding.severity).rawValue
    kind = finding.kind.rawValue
    account = finding.account
    subject = AlertWording.plain(finding.subject)
    infRef = finding.infRef.map(AlertWording.plain)
    orderForm = AlertWording.orderForm(of: finding.infRef)
    fileName = finding.fileName.map(AlertWording.plain)
    sender = finding.sender.map(AlertWording.plain)
    authority = finding.authority.map(AlertWording.plain)
    size = finding.size
    since = finding.since?.description
    ageBasis = finding.ageBasis?.rawValue
    due = finding.due?.description
    rule = finding.rule.map(AlertWording.plain)
    ruleLine = finding.ruleLine
    detail = wording.detail(of: finding)
    ending = alert.ending.map(wording.text)
    firedAt = alert.fired?.description
    resolvedAt = alert.resolved?.description
    at = (alert.told?.at ?? alert.firstSeen).description
    folded = alert.fold.map { fold in
      Folded(
        count: fold.count, critical: fold.critical, kinds: fold.kindCounts, oldest: fold.oldest.map(wording.shortLine))
    }
    headline = wording.headline(alert, reason: event.reason)
    text = wording.lines(alert, reason: event.reason)
  }
}
