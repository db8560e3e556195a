public import FileExchange
public import FilsluseBase

/// The result of one look into one account's folders.
public struct AccountReport: Sendable {
  /// The name of the account.
  public var account: String
  /// The time of the evaluation, by the watcher's clock.
  public var checked: Timestamp
  /// The state of the watching; `nil` where even that cannot be read.
  public var state: InboxState?
  /// The findings: the worst first, and of those the oldest.
  public var findings: [Finding] = []
  /// The reason why the folders could not be looked into, or not all of them; it is among the findings too.
  public var failure: ExchangeError?

  /// True if deliveries are unknown although there is a journal.
  var isJournalUnreadable: Bool { findings.contains { $0.kind == .journalUnreadable } }

  /// True if everything about the account is known, so that findings missing here have ended.
  var isComplete: Bool {
    failure == nil && !isJournalUnreadable && !findings.contains { $0.kind == .observationsUnusable }
  }

  /// The worst severity of the findings, `nil` where there are none.
  public var severity: Finding.Severity? { findings.map(\.severity).max() }
}
