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
  /// The reasons why findings have ended, by their ``Finding/id``, as far as they are known.
  package var endings: [Finding.ID: FindingEnding]
  /// The source of the findings: alerts of another source stay as they are.
  var source = FindingSource.inbox
  /// The findings that people were alerted to already, by another process.
  var alertedElsewhere: Set<Finding.ID> = []
  /// The findings whose end people were sent already, by another process.
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

/// An alert event that is to be notified: the alert in its state then, and the reason.
struct AlertEvent: Sendable, Hashable {
  let alert: Alert
  let reason: NotificationReason

  /// Names the alert among those of all databases.
  ///
  /// - Parameter origin: the id of the database in which the alert was seen first.
  func episode(from origin: String) -> String { "\(origin)-\(alert.id)" }

  /// Names the notification among those of all databases. Two machines that alert people at the same time, around a
  /// takeover or while they do not reach each other, may each write the next notification of the same alert.
  ///
  /// - Parameter author: the id of the database in which the notification was written.
  func id(from origin: String, by author: String) -> String {
    let id = "\(episode(from: origin))-\(alert.notificationCount)"
    return author == origin ? id : "\(id).\(author)"
  }
}
