/// What is asked of an account's folders, whatever the files are. What is `nil` is not looked for.
public struct AccountRule: Sendable, Hashable {
  /// The names of the accounts.
  public var accounts: [String]
  /// How long a trigger may lie in OUT before the platform takes it.
  public var platformTakesWithin: Duration?
  /// How long a receipt may take after the trigger.
  public var receiptWithin: Duration?
  /// How long half a pair may lie: data without metadata, metadata without data, data in OUT without its trigger.
  public var halfPairAfter: Duration
  /// How long a file that is not whole may stand still.
  public var stalledAfter: Duration
  /// The age at which the platform removes what nobody fetched.
  public var cleanUpAfter: Duration?
  /// At how many hundredths of ``cleanUpAfter`` there is a warning.
  public var warnAt: Int
  /// How many data files may lie in IN.
  public var mostFiles: Int?
  /// How many bytes of data may lie in IN.
  public var mostBytes: UInt64?
  /// Where the rule stands.
  public var line: SettingsLine

  /// How long half a pair may lie unless said otherwise.
  public static let standardHalfPairAfter = Duration.seconds(600)
  /// How long a file that is not whole may stand still unless said otherwise.
  public static let standardStalledAfter = Duration.seconds(600)
  /// When a warning comes unless said otherwise.
  public static let standardWarnAt = 75

  /// Describes what is asked.
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
