public import FileExchange
public import FilsluseSystem

/// What one look into one account's folders came to.
public struct AccountReport: Sendable {
  /// The name of the account.
  public var account: String
  /// When it was judged, by the watcher's clock.
  public var checked: Timestamp
  /// What is known of the watching; `nil` where even that cannot be read.
  public var state: InboxState?
  /// What somebody should look at: the gravest first, and of those what has been so longest.
  public var findings: [Finding]
  /// Why the folders could not be looked into, or not all of them; it is among the findings too.
  public var failure: ExchangeError?
  /// How many metadata and receipts the look has read.
  var notesRead = 0

  /// Describes a look.
  public init(
    account: String, checked: Timestamp, state: InboxState? = nil, findings: [Finding] = [],
    failure: ExchangeError? = nil
  ) {
    self.account = account
    self.checked = checked
    self.state = state
    self.findings = findings
    self.failure = failure
  }

  /// Whether nothing is known of what was sent, although there is a journal.
  var isJournalUnreadable: Bool { findings.contains { $0.kind == .journalUnreadable } }

  /// Whether everything about the account is known, so that what was not found is over.
  var isComplete: Bool {
    failure == nil && !isJournalUnreadable && !findings.contains { $0.kind == .sightsUnusable }
  }

  /// The gravity of the gravest finding, `nil` where there is none.
  public var gravity: Finding.Severity? { findings.map(\.severity).max() }
}
