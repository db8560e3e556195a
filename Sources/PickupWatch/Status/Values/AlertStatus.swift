public import FilsluseSystem
public import TriggerFiles

/// An alert as people are to see it.
public struct AlertStatus: Sendable, Hashable, Codable, Identifiable {
  /// The state of an alert.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
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
  public var id: Int64
  /// The sort of finding, such as `pick-up-late`.
  public var kind: String
  /// The severity.
  public var severity: Finding.Severity
  /// The state.
  public var state: State
  /// The account that it is about.
  public var account: String
  /// The data classification as on the wire.
  public var infRef: String?
  /// The data classification as KOMBIT's order forms print it, where that is another.
  public var orderForm: String?
  /// The file's name, with CPR-like numbers masked.
  public var fileName: String?
  /// The SFTP user that sent it.
  public var sender: String?
  /// Since when it is so.
  public var since: Timestamp?
  /// The time at which its limit is, or was, reached.
  public var due: Timestamp?
  /// The rule: in English in the words of the settings.
  public var rule: LocalizedText?
  /// The number of findings it stands for: 1, or more for a group.
  public var count: Int
  /// The headline, in a few words.
  public var headline: LocalizedText
  /// The meaning, in a sentence or two.
  public var text: LocalizedText
  /// The remedy.
  public var remedy: LocalizedText
  /// Whom to ask.
  public var ask: LocalizedText?
  /// More to know, such as what a receipt says.
  public var detail: LocalizedText?
  /// The reason for the resolution, where it is known.
  public var ending: LocalizedText?
  /// True if it ended without a repair.
  public var isExpired: Bool
  /// The person who acknowledged it.
  public var acknowledgedBy: String?
  /// The time of the acknowledgement.
  public var acknowledged: Timestamp?
  /// The time of the resolution.
  public var resolved: Timestamp?
  /// True if it can be acknowledged.
  public var canAcknowledge: Bool

  /// Describes an alert.
  public init(
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

extension Finding.Severity: Codable {}
