/// How long files of one kind may lie in an account's inbox before somebody must look.
///
/// There is no default period: how long "timely" is stands in no document, so every rule names it.
public struct PickupRule: Sendable, Hashable {
  /// The name of the account whose inbox is watched.
  public var account: String
  /// The data classification, or `SF7002` for both versions of SortimentOverfør.
  public var infRef: String
  /// How long a file may lie.
  public var pickUpWithin: Duration
  /// The line of the settings file that the rule stands on, so that a finding can point to it.
  public var line: Int?

  /// Describes a rule.
  public init(account: String, infRef: String, pickUpWithin: Duration, line: Int? = nil) {
    self.account = account
    self.infRef = infRef
    self.pickUpWithin = pickUpWithin
    self.line = line
  }

  /// Rules are equal when they ask for the same, wherever they are written.
  public static func == (one: Self, other: Self) -> Bool {
    one.account == other.account && one.infRef == other.infRef && one.pickUpWithin == other.pickUpWithin
  }

  /// Hashes what equality looks at.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(account)
    hasher.combine(infRef)
    hasher.combine(pickUpWithin)
  }
}
