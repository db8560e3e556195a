public import FilsluseSystem
public import TriggerFiles

/// One of the last deliveries and arrivals.
public struct ExchangeStatus: Sendable, Hashable, Codable {
  /// The way a file went.
  public enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    /// It came: it was in IN.
    case arrival
    /// It went: it was put into OUT.
    case delivery
  }

  /// The time at which it reached its state.
  public var at: Timestamp
  /// The account.
  public var account: String
  /// The way it went.
  public var direction: Direction
  /// The file's name, with CPR-like numbers masked.
  public var fileName: String
  /// The data classification as on the wire.
  public var infRef: String?
  /// The size of the data in bytes.
  public var bytes: UInt64?
  /// The name of its state, such as `accepted` or `picked-up`.
  public var state: String
  /// The same in words.
  public var outcome: LocalizedText
  /// True if a person should look at it.
  public var isTrouble: Bool

  /// Describes an exchange.
  public init(
    at: Timestamp, account: String, direction: Direction, fileName: String, infRef: String? = nil,
    bytes: UInt64? = nil, state: String, outcome: LocalizedText, isTrouble: Bool = false
  ) {
    self.at = at
    self.account = account
    self.direction = direction
    self.fileName = fileName
    self.infRef = infRef
    self.bytes = bytes
    self.state = state
    self.outcome = outcome
    self.isTrouble = isTrouble
  }
}
