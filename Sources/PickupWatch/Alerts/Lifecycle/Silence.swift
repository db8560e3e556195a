public import FilsluseSystem
internal import TriggerFiles

/// Somebody's wish that certain alerts are not told for a while. They are kept and listed all the same, and told if
/// they are still there when it ends.
public struct Silence: Sendable, Hashable, Identifiable {
  /// What alerts must be like to be silenced; what is `nil` may be anything.
  public struct Matcher: Sendable, Hashable {
    /// The account.
    public var account: String?
    /// The InfRef as on the wire; `SF7002` stands for both versions of SortimentOverfør.
    public var infRef: String?
    /// The sort of finding.
    public var kind: String?
    /// What the alert is about: ``Finding/id``.
    public var findingID: String?

    /// Describes alerts.
    public init(account: String? = nil, infRef: String? = nil, kind: String? = nil, findingID: String? = nil) {
      self.account = account
      self.infRef = infRef
      self.kind = kind
      self.findingID = findingID
    }

    /// Whether it would silence everything.
    public var isEmpty: Bool { account == nil && infRef == nil && kind == nil && findingID == nil }

    /// Whether a finding is like that.
    public func matches(_ finding: Finding) -> Bool {
      Self.isSame(account, finding.account) && Self.isSame(kind, finding.kind.rawValue)
        && Self.isSame(findingID, finding.id) && matchesInfRef(of: finding)
    }

    private func matchesInfRef(of finding: Finding) -> Bool {
      guard let infRef else { return true }
      guard let found = finding.infRef else { return false }
      let names = [infRef] + InfRef.monitored(by: infRef).map(\.name)
      return names.contains { $0.utf8.elementsEqual(found.utf8) }
    }

    private static func isSame(_ wanted: String?, _ found: String) -> Bool {
      wanted.map { $0.utf8.elementsEqual(found.utf8) } ?? true
    }
  }

  /// Its number.
  public let id: Int64
  /// What it silences.
  public let matcher: Matcher
  /// When it begins.
  public let from: Timestamp
  /// When it ends by itself.
  public let until: Timestamp
  /// Whose wish it is.
  public let by: String
  /// Why.
  public let why: String

  /// Whether it holds at a moment.
  public func holds(at moment: Timestamp) -> Bool { from <= moment && moment < until }
}
