public import FileExchange
public import FilsluseSystem

/// What one look into one account's inbox came to.
public struct InboxReport: Sendable {
  /// The name of the account.
  public var account: String
  /// When its files were judged, by the watcher's clock.
  public var checked: Timestamp
  /// How many files with metadata lay in the inbox.
  public var waiting: Int
  /// What somebody should look at; what has lain longest comes first.
  public var findings: [PickupFinding]
  /// Why the inbox could not be looked into; nothing is known of it then.
  public var failure: ExchangeError?

  /// Describes a look into an inbox.
  public init(
    account: String, checked: Timestamp, waiting: Int = 0, findings: [PickupFinding] = [], failure: ExchangeError? = nil
  ) {
    self.account = account
    self.checked = checked
    self.waiting = waiting
    self.findings = findings
    self.failure = failure
  }
}
