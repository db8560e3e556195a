public import FilsluseSystem

/// A finding that people are told of, from its first sight until it is over.
///
/// The same finding that comes back after it was over is a new alert with a number of its own.
public struct Alert: Sendable, Hashable, Identifiable {
  /// How far an alert has come.
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Seen, but not for long enough to tell anybody.
    case pending
    /// It is so, and nobody has said that they know.
    case firing
    /// Somebody has said that they know.
    case acknowledged
    /// It is over.
    case resolved
  }

  /// What people have been told of it.
  public struct Telling: Sendable, Hashable {
    /// How grave it was when it was first told.
    public var firstSeverity: Finding.Severity
    /// How grave it was at its gravest telling.
    public var severity: Finding.Severity
    /// When it was last told.
    public var at: Timestamp
    /// How many alerts it stood for then: 1, or more for a fold.
    public var count: Int
  }

  /// Somebody's word that they know.
  public struct Acknowledgement: Sendable, Hashable {
    /// Who.
    public var by: String
    /// What they had to say.
    public var why: String?
    /// When.
    public var at: Timestamp
    /// How grave it was then: something graver is told all the same.
    public var severity: Finding.Severity
  }

  /// Its number, never used twice in one store.
  public let id: Int64
  /// What it is about, as it was last seen.
  public internal(set) var finding: Finding
  /// How far it has come.
  public internal(set) var state: State
  /// When it was first seen.
  public internal(set) var firstSeen: Timestamp
  /// When it began to fire.
  public internal(set) var fired: Timestamp?
  /// When it was over.
  public internal(set) var resolved: Timestamp?
  /// Why it was over, where that is known.
  public internal(set) var ending: FindingEnding?
  /// What people have been told of it; `nil` when nothing, because it was silenced or folded.
  public internal(set) var told: Telling?
  /// How many notices were written for it.
  public internal(set) var notices: Int
  /// Who knows of it.
  public internal(set) var acknowledgement: Acknowledgement?
  /// The number of the alert that it is folded into and told by.
  public internal(set) var foldedInto: Int64?
  /// What it stands for, when it is a fold itself.
  public internal(set) var fold: AlertFold?

  init(id: Int64, finding: Finding, firstSeen: Timestamp) {
    self.id = id
    self.finding = finding
    self.firstSeen = firstSeen
    state = .pending
    notices = 0
  }

  /// Whether it is over.
  public var isOpen: Bool { state != .resolved }

  /// Whether it is over, and only because its time has passed.
  public var isExpired: Bool { state == .resolved && !(ending?.isMended ?? true) }
}

/// The many alerts of one inbox that one alert stands for.
public struct AlertFold: Sendable, Hashable {
  /// How many are still there.
  public var count: Int
  /// How many of them are critical.
  public var critical: Int
  /// How many there are of each sort.
  public var kinds: [Finding.Kind: Int]
  /// The oldest of them, a few at most.
  public var oldest: [Finding]

  /// How many there are of each sort, by its name.
  var kindCounts: [String: Int] { kinds.reduce(into: [:]) { $0[$1.key.rawValue] = $1.value } }

  /// How many are named.
  static let named = 10

  init(_ findings: [Finding]) {
    count = findings.count
    critical = findings.count { $0.severity == .critical }
    kinds = findings.reduce(into: [:]) { $0[$1.kind, default: 0] += 1 }
    oldest = Array(findings.sorted(by: Finding.isOlder).prefix(Self.named))
  }
}

extension Finding {
  /// What has been so for longer comes first; what nobody knows the age of comes last.
  static func isOlder(_ one: Finding, _ other: Finding) -> Bool {
    switch (one.since, other.since) {
    case (let one?, let other?) where one != other: one < other
    case (_?, nil): true
    case (nil, _?): false
    default: one.id.utf8.lexicographicallyPrecedes(other.id.utf8)
    }
  }
}
