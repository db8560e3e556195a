internal import ExchangeSettings
public import FilsluseBase
public import TriggerFiles

/// A silence: matching alerts are not notified for a while. They are still kept and listed, and notified if they fire
/// at its end.
public struct Silence: Sendable, Hashable, Identifiable, Codable {
  /// The criteria of silenced alerts; a criterion that is `nil` matches all.
  public struct Matcher: Sendable, Hashable, Codable {
    /// The account.
    public var account: String?
    /// The InfRef as on the wire; `SF7002` means both versions of SortimentOverfør.
    public var infRef: InfRef?
    /// The sort of finding.
    public var kind: String?
    /// The alert's finding: ``Finding/id``.
    public var findingID: String?
    /// The rule that is broken, in words: ``Finding/rule``. Its English words are compared.
    public var rule: LocalizedText?

    /// Describes alerts.
    public init(
      account: String? = nil, infRef: InfRef? = nil, kind: String? = nil, findingID: String? = nil,
      rule: LocalizedText? = nil
    ) {
      self.account = account
      self.infRef = infRef
      self.kind = kind
      self.findingID = findingID
      self.rule = rule
    }

    /// True if it would silence everything.
    public var isEmpty: Bool { account == nil && infRef == nil && kind == nil && findingID == nil && rule == nil }

    /// Returns true if a finding fits the criteria.
    public func matches(_ finding: Finding) -> Bool {
      Self.isSame(account, finding.account) && Self.isSame(kind, finding.kind.rawValue)
        && Self.isSame(findingID, finding.id) && matchesInfRef(of: finding) && matchesRule(of: finding)
    }

    private func matchesInfRef(of finding: Finding) -> Bool {
      guard let infRefs = shownInfRefs else { return true }
      return finding.infRef.map { infRefs.contains($0) } ?? false
    }

    /// The InfRefs that findings have which fit; `nil` where all do.
    var shownInfRefs: [ShownInfRef]? {
      infRef.map { infRef in ([infRef] + InfRef.monitored(by: infRef)).map { ShownInfRef($0) } }
    }

    private func matchesRule(of finding: Finding) -> Bool {
      guard let rule else { return true }
      return finding.rule.map { Self.isSame(rule.en, $0.en) } ?? false
    }

    private static func isSame(_ wanted: String?, _ found: String) -> Bool {
      wanted.map { $0.utf8.elementsEqual(found.utf8) } ?? true
    }
  }

  /// Its number.
  public let id: Int64
  /// The criteria.
  public let matcher: Matcher
  /// The time of its beginning.
  public let from: Timestamp
  /// The time of its end.
  public let until: Timestamp
  /// The person who created it.
  public let by: String
  /// The reason.
  public let why: String

  /// Returns true if it is active at a moment.
  public func holds(at moment: Timestamp) -> Bool { from <= moment && moment < until }
}

/// The active silences at a moment: a maintenance window silences everything, a person certain alerts.
struct ActiveSilences: Sendable {
  private let isMaintenance: Bool
  private let silences: [Silence]

  init(at moment: Timestamp, settings: AlertSettings, silences: [Silence]) {
    isMaintenance = settings.maintenance.contains { $0.contains(moment, by: settings.wallClock) }
    self.silences = silences.filter { $0.holds(at: moment) }
  }

  func covers(_ finding: Finding) -> Bool { isMaintenance || silence(of: finding) != nil }

  /// The number of the first silence that a finding is silenced by.
  func silence(of finding: Finding) -> Int64? { silences.first { $0.matcher.matches(finding) }?.id }
}
