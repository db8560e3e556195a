package import FilsluseBase
internal import TriggerFiles

/// A notification in words, as sinks send it: the alert at that time, and the reason.
///
/// Its ``id`` is the same in every try, so that a receiver recognises a repetition. Programs and webhooks get it as
/// JSON, with keys in alphabetical order.
package struct AlertNotification: Sendable, Hashable, Identifiable {
  /// The unique id of the notification, the same whenever and wherever it is sent.
  package let id: String
  /// The unique id of the alert among all databases, the same in all its notifications.
  package let episode: String
  /// The alert at that time.
  package let alert: Alert
  /// The reason for the notification.
  package let reason: NotificationReason
  /// The alert, in one line.
  package let headline: String
  /// Everything a person needs, line by line, in the language of the settings.
  package let text: [String]
  /// The machine that sends it, where that is known.
  package let machine: String?
  /// The address of the alert's page, where a console is known.
  package let link: String?
  /// Machine, link and the time zone of all times in words, line by line.
  let whereabouts: [String]
  /// More to know, the reason for the resolution, and the oldest members of a group, in the same language.
  private let (detail, ending): (String?, String?)
  private let oldest: [String]

  /// Words an event.
  ///
  /// - Parameters:
  ///   - database: the id of the database that saw the alert first.
  ///   - author: the id of the database that wrote the notification; `nil` for the same one.
  init(_ event: AlertEvent, database: String, author: String? = nil, wording: AlertWording) {
    id = event.id(from: database, by: author ?? database)
    episode = event.episode(from: database)
    (alert, reason) = (event.alert, event.reason)
    headline = wording.headline(alert, reason: reason)
    text = wording.lines(alert, reason: reason)
    machine = wording.machine
    link = wording.link(to: alert)
    whereabouts = wording.whereabouts(of: alert)
    detail = wording.detail(of: alert.finding)
    ending = alert.ending.map(wording.text)
    oldest = alert.group?.oldest.map(wording.shortLine) ?? []
  }

  /// 1 for the alert's first notification.
  package var number: Int { alert.notificationCount }
  /// The worst severity in any notification.
  var severity: Finding.Severity { alert.lastSent?.severity ?? alert.finding.severity }
  /// The severity in the first notification.
  var firstSeverity: Finding.Severity { alert.lastSent?.firstSeverity ?? alert.finding.severity }
  /// The time of writing.
  package var at: Timestamp { alert.lastSent?.at ?? alert.firstSeen }
}

extension AlertNotification: Encodable {
  private enum Key: String, CodingKey {
    case id, episode, alert, number, reason, severity, firstSeverity, detail, ending, firedAt, resolvedAt, at, group
    case headline, text, machine, link
  }

  private enum GroupKey: String, CodingKey {
    case count, critical, kinds, oldest
  }

  package func encode(to encoder: any Encoder) throws {
    let finding = alert.finding
    var json = encoder.container(keyedBy: Key.self)
    try json.encode(id, forKey: .id)
    try json.encode(episode, forKey: .episode)
    try json.encode(alert.id, forKey: .alert)
    try json.encode(number, forKey: .number)
    try json.encode(reason, forKey: .reason)
    try json.encode(severity, forKey: .severity)
    try json.encode(firstSeverity, forKey: .firstSeverity)
    try finding.encode(
      [
        .kind, .account, .subject, .infRef, .orderForm, .fileName, .sender, .authority, .size, .since, .ageBasis, .due,
        .rule, .ruleLine,
      ], to: encoder, text: AlertWording.plain)
    try json.encodeIfPresent(detail, forKey: .detail)
    try json.encodeIfPresent(ending, forKey: .ending)
    try json.encodeIfPresent(alert.fired, forKey: .firedAt)
    try json.encodeIfPresent(alert.resolved, forKey: .resolvedAt)
    try json.encode(at, forKey: .at)
    if let group = alert.group {
      var fields = json.nestedContainer(keyedBy: GroupKey.self, forKey: .group)
      try fields.encode(group.count, forKey: .count)
      try fields.encode(group.critical, forKey: .critical)
      try fields.encode(group.kinds, forKey: .kinds)
      try fields.encode(oldest, forKey: .oldest)
    }
    try json.encode(headline, forKey: .headline)
    try json.encode(text, forKey: .text)
    try json.encodeIfPresent(machine, forKey: .machine)
    try json.encodeIfPresent(link, forKey: .link)
  }
}
