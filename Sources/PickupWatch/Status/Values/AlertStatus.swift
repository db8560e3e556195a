package import FilsluseSystem

/// An alert as people are to see it.
package struct AlertStatus: Sendable, Hashable, Codable, Identifiable {
  /// The state of an alert.
  package enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// Seen, but not for long enough to tell anybody.
    case pending
    /// It fires, and is not acknowledged.
    case firing
    /// A person has acknowledged it.
    case acknowledged
    /// It is over.
    case resolved
  }

  /// Its number, as `filsluse alerts ack` takes it.
  package var id: Int64
  /// The sort of finding, such as `pick-up-late`.
  package var kind: String
  /// The severity.
  package var severity: Finding.Severity
  /// The state.
  package var state: State
  /// The account that it is about.
  package var account: String
  /// The data classification as on the wire.
  package var infRef: String?
  /// The data classification as KOMBIT's order forms print it, where that is another.
  package var orderForm: String?
  /// The file's name, with CPR-like numbers masked.
  package var fileName: String?
  /// The SFTP user that sent it.
  package var sender: String?
  /// Since when it is so.
  package var since: Timestamp?
  /// The time at which its limit is, or was, reached.
  package var due: Timestamp?
  /// The rule: in English in the words of the settings.
  package var rule: LocalizedText?
  /// The number of findings it stands for: 1, or more for a group.
  package var count: Int
  /// The headline, in a few words.
  package var headline: LocalizedText
  /// The meaning, in a sentence or two.
  package var text: LocalizedText
  /// The remedy.
  package var remedy: LocalizedText
  /// Whom to ask.
  package var ask: LocalizedText?
  /// More to know, such as what a receipt says.
  package var detail: LocalizedText?
  /// The reason for the resolution, where it is known.
  package var ending: LocalizedText?
  /// True if it ended without a repair.
  package var isExpired: Bool
  /// The person who acknowledged it.
  package var acknowledgedBy: String?
  /// The time of the acknowledgement.
  package var acknowledged: Timestamp?
  /// The time of the resolution.
  package var resolved: Timestamp?
  /// True if it can be acknowledged.
  package var canAcknowledge: Bool

  /// Describes an alert.
  package init(
    id: Int64, kind: String, severity: Finding.Severity, state: State, account: String, infRef: String? = nil,
    orderForm: String? = nil, fileName: String? = nil, sender: String? = nil, since: Timestamp? = nil,
    due: Timestamp? = nil, rule: LocalizedText? = nil, count: Int = 1, headline: LocalizedText, text: LocalizedText,
    remedy: LocalizedText, ask: LocalizedText? = nil, detail: LocalizedText? = nil,
    ending: LocalizedText? = nil, isExpired: Bool = false, acknowledgedBy: String? = nil,
    acknowledged: Timestamp? = nil, resolved: Timestamp? = nil, canAcknowledge: Bool
  ) {
    self.id = id
    self.kind = kind
    self.severity = severity
    self.state = state
    self.account = account
    self.infRef = infRef
    self.orderForm = orderForm
    self.fileName = fileName
    self.sender = sender
    self.since = since
    self.due = due
    self.rule = rule
    self.count = count
    self.headline = headline
    self.text = text
    self.remedy = remedy
    self.ask = ask
    self.detail = detail
    self.ending = ending
    self.isExpired = isExpired
    self.acknowledgedBy = acknowledgedBy
    self.acknowledged = acknowledged
    self.resolved = resolved
    self.canAcknowledge = canAcknowledge
  }
}
