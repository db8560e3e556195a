internal import FileExchange
internal import FilsluseSystem

/// What the loops of a watch have come to: when each last came round, how often, and how often in vain.
final class WatchTally: Sendable {
  /// What one account's loop has come to.
  struct Line: Sendable {
    /// By a clock that nobody sets.
    var lastTurn: ContinuousClock.Instant
    var looks = 0
    var failedLooks = 0
    var lookSeconds: Double?
    var failure: ExchangeError?
    var picture = InboxPicture()
  }

  private struct Book: Sendable {
    var lines: [String: Line]
    /// Of the accounts whose alerts could not be written at their last look.
    var storeTroubles: [String: String] = [:]
  }

  private let accounts: [String]
  private let book: Locked<Book>

  /// How long a loop may take to come round, in seconds: listing, reading and judging a huge inbox over a slow line
  /// included.
  private let mayTakeSeconds: Int

  init(_ accounts: [String], lookEvery: Duration) {
    self.accounts = accounts
    mayTakeSeconds = 900 + Int(lookEvery / .seconds(1)) * 2
    book = Locked(Book(lines: Dictionary(uniqueKeysWithValues: accounts.map { ($0, Line(lastTurn: .now)) })))
  }

  func note(_ report: AccountReport, took: Duration) {
    book.withLock { book in
      book.lines[report.account]?.lastTurn = .now
      book.lines[report.account]?.looks += 1
      book.lines[report.account]?.failedLooks += report.failure == nil ? 0 : 1
      book.lines[report.account]?.lookSeconds = took / .seconds(1)
      book.lines[report.account]?.failure = report.failure
    }
  }

  func note(_ picture: InboxPicture, of account: String) {
    book.withLock { $0.lines[account]?.picture = picture }
  }

  /// What the status page shows of an account.
  func picture(of account: String) -> InboxPicture { line(of: account)?.picture ?? InboxPicture() }

  /// Notes why an account's alerts could not be written; `nil` where they could. One that had nothing to write says
  /// nothing of the others.
  func noteStore(_ trouble: String?, of account: String) { book.withLock { $0.storeTroubles[account] = trouble } }

  /// What is the matter with the file that alerts are kept in; `nil` when nothing is.
  var storeTrouble: String? { book.withLock { $0.storeTroubles.min { $0.key < $1.key }?.value } }

  func line(of account: String) -> Line? { book.withLock { $0.lines[account] } }

  /// Why the account's folders cannot be seen, as the last try told.
  func failure(of account: String) -> ExchangeError? { line(of: account)?.failure }

  /// The loops, and when each last came round; `now` is what the watcher's clock says.
  func loops(at now: Timestamp) -> [WatchHealth.Loop] {
    book.withLock { book in
      accounts.compactMap { name in
        book.lines[name].map {
          WatchHealth.Loop(
            name: name, lastTurn: now.earlier(by: .now - $0.lastTurn), mayTakeSeconds: mayTakeSeconds)
        }
      }
    }
  }
}
