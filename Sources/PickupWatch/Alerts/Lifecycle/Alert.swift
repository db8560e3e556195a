public import FilsluseBase

/// A finding with notifications, from the first sighting to its resolution.
///
/// If the finding comes back after it was resolved, that is a new alert with a new number.
public struct Alert: Sendable, Hashable, Identifiable, Codable {
  /// The state of an alert.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// Seen, but not for long enough to send a notification.
    case pending
    /// The finding lasts, and is not acknowledged.
    case firing
    /// A person has acknowledged it.
    case acknowledged
    /// The finding is over.
    case resolved
  }

  /// The notifications sent about an alert.
  public struct SentNotification: Sendable, Hashable, Codable {
    /// The severity in the first notification.
    public var firstSeverity: Finding.Severity
    /// The worst severity in any notification.
    public var severity: Finding.Severity
    /// The time of the last notification.
    public var at: Timestamp
    /// The number of alerts in that notification: 1, or the members of a group.
    public var count: Int
  }

  /// The acknowledgement of an alert by a person.
  public struct Acknowledgement: Sendable, Hashable, Codable {
    /// The person.
    public var by: String
    /// The person's comment.
    public var why: String?
    /// The time.
    public var at: Timestamp
    /// The severity at that time; a worse one is notified in spite of it.
    public var severity: Finding.Severity
    /// The number of the act in the watch's database; undoing the act undoes this.
    public internal(set) var act: Int64?
  }

  /// Its number, never used twice in one store.
  public let id: Int64
  /// The finding, as last seen.
  public internal(set) var finding: Finding
  /// The state.
  public internal(set) var state: State
  /// The time of the first sighting.
  public internal(set) var firstSeen: Timestamp
  /// The time of firing.
  public internal(set) var fired: Timestamp?
  /// The time of the resolution.
  public internal(set) var resolved: Timestamp?
  /// The reason for the resolution, if known.
  public internal(set) var ending: FindingEnding?
  /// The notifications sent about it; `nil` for none, because it was silenced or grouped.
  public internal(set) var lastSent: SentNotification?
  /// The number of notifications written for it.
  public internal(set) var notificationCount: Int
  /// The acknowledgement.
  public internal(set) var acknowledgement: Acknowledgement?
  /// The number of the group that it belongs to and is notified by.
  public internal(set) var groupedInto: Int64?
  /// The members, when it is a group itself.
  public internal(set) var group: AlertGroup?
  /// The number of the silence that suppresses its notifications.
  public internal(set) var silencedBy: Int64?

  init(id: Int64, finding: Finding, firstSeen: Timestamp) {
    self.id = id
    self.finding = finding
    self.firstSeen = firstSeen
    state = .pending
    notificationCount = 0
  }

  /// The time since which its cause lasts, as lists and pages show it: a file's age where it is about one; where the
  /// finding has no beginning, the first sighting.
  package var since: Timestamp { finding.since ?? firstSeen }

  /// True unless it is resolved.
  public var isOpen: Bool { state != .resolved }

  /// True if it ended only because its time has passed.
  public var isExpired: Bool { state == .resolved && !(ending?.isMended ?? true) }
}

/// The findings of one inbox that one alert covers together.
public struct AlertGroup: Sendable, Hashable, Codable {
  /// The number of members that are still there.
  public var count: Int
  /// The number of critical members.
  public var critical: Int
  /// The number of members of each kind.
  public var kinds: [Finding.Kind: Int]
  /// The oldest of them, a few at most.
  public var oldest: [Finding]

  /// The number of members that are named.
  static let named = 10

  init(_ findings: [Finding]) {
    count = findings.count
    critical = findings.count { $0.severity == .critical }
    kinds = findings.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    oldest = Array(findings.sorted(by: Finding.isOlder).prefix(Self.named))
  }
}

extension Finding {
  /// Orders findings by age, the oldest first; those of unknown age come last.
  static func isOlder(_ one: Finding, _ other: Finding) -> Bool {
    switch (one.since, other.since) {
    case (let one?, let other?) where one != other: one < other
    case (_?, nil): true
    case (nil, _?): false
    default: one.id.utf8.lexicographicallyPrecedes(other.id.utf8)
    }
  }
}
