package import FilsluseBase

/// The result of one look at an account, for the alerts.
package struct AlertLook: Sendable {
  /// The account.
  package var account: String
  /// The time of the look.
  package var at: Timestamp
  /// The findings.
  package var findings: [Finding]
  /// True if everything about the account is known: alerts missing from the findings are then resolved. Otherwise, as
  /// when the server was not reached, nothing is resolved, and the findings give the reason.
  package var isComplete: Bool
  /// The reasons why findings have ended, by their ``Finding/id``, if known.
  package var endings: [Finding.ID: FindingEnding]
  /// The source of the findings: alerts of another source stay as they are.
  var source = FindingSource.inbox
  /// The findings that another process has already alerted people to.
  var alertedElsewhere: Set<Finding.ID> = []
  /// The findings whose resolution another process has already sent.
  var endedElsewhere: Set<Finding.ID> = []
  /// True if another process sends the alerts of this source.
  var isMute = false

  /// Describes a look.
  package init(
    account: String, at: Timestamp, findings: [Finding], isComplete: Bool = true,
    endings: [Finding.ID: FindingEnding] = [:]
  ) {
    self.account = account
    self.at = at
    self.findings = findings
    self.isComplete = isComplete
    self.endings = endings
  }
}

/// An alert event to notify: the alert in its state then, and the reason.
struct AlertEvent: Sendable, Hashable {
  let alert: Alert
  let reason: NotificationReason

  /// Returns an id of the alert that is unique among all databases.
  ///
  /// - Parameter origin: the id of the database that saw the alert first.
  func episode(from origin: String) -> String { "\(origin)-\(alert.id)" }

  /// Returns an id of the notification that is unique among all databases. Two machines that alert people at the same
  /// time, around a takeover or while they cannot reach each other, may each write the next notification of the same
  /// alert.
  ///
  /// - Parameter author: the id of the database that wrote the notification.
  func id(from origin: String, by author: String) -> String {
    let id = "\(episode(from: origin))-\(alert.notificationCount)"
    return author == origin ? id : "\(id).\(author)"
  }
}
