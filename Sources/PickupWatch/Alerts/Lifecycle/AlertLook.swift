public import FilsluseSystem

/// What one look at an account came to, as the alerts see it.
public struct AlertLook: Sendable {
  /// The account.
  public var account: String
  /// When it was looked at.
  public var at: Timestamp
  /// What is so.
  public var findings: [Finding]
  /// Whether everything about the account is known: what is not among the findings is then over. Otherwise, as when the
  /// server was not reached, nothing is over, and the findings say why.
  public var isComplete: Bool
  /// Why findings are there no more, by their ``Finding/id``, as far as that is known.
  public var endings: [Finding.ID: FindingEnding]
  /// Where the findings come from: alerts of another source stay as they are.
  var source = FindingSource.inbox
  /// The findings that people were alerted to already, by another process.
  var alertedElsewhere: Set<Finding.ID> = []
  /// Whether another process alerts people to findings of this source.
  var isMute = false

  /// Describes a look.
  public init(
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

/// A notice that is to be written: the alert as it stood, and why people are told of it now.
struct Tiding: Sendable, Hashable {
  let alert: Alert
  let reason: AlertNotice.Reason
}
