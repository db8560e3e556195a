/// A rule for all files in an account's folders. A limit that is `nil` is not checked.
public struct AccountRule: Sendable, Hashable {
  /// The names of the accounts.
  public var accounts: [String]
  /// The time within which the platform must take a trigger from OUT.
  public var platformTakesWithin: Duration?
  /// The time within which a receipt must follow the trigger.
  public var receiptWithin: Duration?
  /// The longest time that a pair may stay incomplete: data without metadata, metadata without data, data in OUT
  /// without its trigger.
  public var halfPairAfter: Duration
  /// The longest time that an incomplete file may go without growing.
  public var stalledAfter: Duration
  /// The age at which the platform removes files that nobody fetched.
  public var cleanUpAfter: Duration?
  /// The age of a warning, in percent of ``cleanUpAfter``.
  public var warnAt: Int
  /// The maximum number of data files in IN.
  public var mostFiles: Int?
  /// The maximum number of data bytes in IN.
  public var mostBytes: UInt64?
  /// The position of the rule in the settings.
  public var line: SettingsLine

  /// The default of ``halfPairAfter``.
  public static let standardHalfPairAfter = Duration.seconds(600)
  /// The default of ``stalledAfter``.
  public static let standardStalledAfter = Duration.seconds(600)
  /// The default share of a limit, in percent, that causes a warning.
  public static let standardWarnAt = 75

  /// Creates a rule.
  public init(
    accounts: [String], platformTakesWithin: Duration? = nil, receiptWithin: Duration? = nil,
    halfPairAfter: Duration = standardHalfPairAfter, stalledAfter: Duration = standardStalledAfter,
    cleanUpAfter: Duration? = nil, warnAt: Int = standardWarnAt, mostFiles: Int? = nil, mostBytes: UInt64? = nil,
    line: SettingsLine = nil
  ) {
    self.accounts = accounts
    self.platformTakesWithin = platformTakesWithin
    self.receiptWithin = receiptWithin
    self.halfPairAfter = halfPairAfter
    self.stalledAfter = stalledAfter
    self.cleanUpAfter = cleanUpAfter
    self.warnAt = warnAt
    self.mostFiles = mostFiles
    self.mostBytes = mostBytes
    self.line = line
  }
}

/// The line of a rule in the settings file, so that a finding can point to it.
///
/// All lines are equal, so that equal rules compare as equal wherever they are written.
public struct SettingsLine: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
  /// The line, counted from 1; `nil` for a rule from no file.
  public var number: Int?

  /// Names a line.
  public init(_ number: Int?) { self.number = number }

  /// Names a line.
  public init(integerLiteral value: Int) { number = value }

  /// No line.
  public init(nilLiteral: ()) { number = nil }

  /// Always true: lines do not distinguish rules.
  public static func == (one: Self, other: Self) -> Bool { true }

  /// Hashes nothing.
  public func hash(into hasher: inout Hasher) {}
}
