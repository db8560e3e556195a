package import FilsluseBase
package import TriggerFiles

/// One of the last deliveries and arrivals.
package struct ExchangeStatus: Sendable, Hashable, Codable {
  /// The way a file went.
  package enum Direction: String, Sendable, Hashable, Codable, CaseIterable {
    /// It came: it was in IN.
    case arrival
    /// It went: it was put into OUT.
    case delivery
  }

  /// The time of its last change of state.
  package var at: Timestamp
  /// The account.
  package var account: String
  /// The way it went.
  package var direction: Direction
  /// The file's name, with CPR-like numbers masked.
  package var fileName: String
  /// The data classification as on the wire.
  package var infRef: ShownInfRef?
  /// The size of the data in bytes.
  package var bytes: UInt64?
  /// The name of its state, such as `accepted` or `picked-up`.
  package var state: String
  /// The outcome in words.
  package var outcome: LocalizedText
  /// True if a person should look at it.
  package var isTrouble = false
}
