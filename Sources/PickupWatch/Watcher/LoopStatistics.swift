internal import FileExchange
internal import FilsluseBase

/// The statistics of the watch loops: the last round of each, the number of rounds, and of failed ones.
final class LoopStatistics: Sendable {
  /// The statistics of one account's loop.
  struct Line: Sendable {
    /// By a monotonic clock.
    var lastTurn: ContinuousClock.Instant
    var looks = 0
    var failedLooks = 0
    var lookSeconds: Double?
    var failure: ExchangeError?
    var snapshot = InboxSnapshot()
    /// The reason why its folders cannot be listed, if the account has its own alert about that.
    var ownAlert: Finding.Kind?
  }

  private struct State: Sendable {
    var lines: [String: Line]
    /// The error for each account whose alerts could not be written at its last look.
    var storeTroubles: [String: String] = [:]
  }

  private let accounts: [String]
  private let state: Locked<State>

  /// The time limit of a loop's round, in seconds: listing, reading and evaluating a huge inbox over a slow line
  /// included.
  private let mayTakeSeconds: Int

  init(_ accounts: [String], lookEvery: Duration) {
    self.accounts = accounts
    mayTakeSeconds = 900 + Int(lookEvery / .seconds(1)) * 2
    state = Locked(State(lines: Dictionary(uniqueKeysWithValues: accounts.map { ($0, Line(lastTurn: .now)) })))
  }

  func note(_ report: AccountReport, took: Duration) {
    state.withLock { state in
      state.lines[report.account]?.lastTurn = .now
      state.lines[report.account]?.looks += 1
      state.lines[report.account]?.failedLooks += report.failure == nil ? 0 : 1
      state.lines[report.account]?.lookSeconds = took / .seconds(1)
      state.lines[report.account]?.failure = report.failure
      if state.lines[report.account]?.ownAlert != report.state?.failure?.kind {
        state.lines[report.account]?.ownAlert = nil
      }
    }
  }

  func note(_ snapshot: InboxSnapshot, of account: String) {
    state.withLock { $0.lines[account]?.snapshot = snapshot }
  }

  /// Returns the snapshot of an account for the status page.
  func snapshot(of account: String) -> InboxSnapshot { line(of: account)?.snapshot ?? InboxSnapshot() }

  /// Records the reason why an account's folders cannot be listed, if the account has its own alert about that.
  func noteOwnAlert(_ kind: Finding.Kind?, of account: String) {
    state.withLock { $0.lines[account]?.ownAlert = kind }
  }

  func ownAlert(of account: String) -> Finding.Kind? { line(of: account)?.ownAlert }

  /// Returns true if an account's folders could not be listed for this reason, and it has no alert of its own about
  /// that.
  func hasSharedFailure(_ account: String, _ kind: Finding.Kind) -> Bool {
    guard let line = line(of: account) else { return false }
    return line.snapshot.state?.failure?.kind == kind && line.ownAlert != kind
  }

  /// Records why an account's alerts could not be written; `nil` where they could.
  func noteStore(_ trouble: String?, of account: String) { state.withLock { $0.storeTroubles[account] = trouble } }

  /// The problem with the watcher's database; `nil` when there is none.
  var storeTrouble: String? { state.withLock { $0.storeTroubles.min { $0.key < $1.key }?.value } }

  func line(of account: String) -> Line? { state.withLock { $0.lines[account] } }

  /// Returns the reason why the account's folders cannot be seen, from the last try.
  func failure(of account: String) -> ExchangeError? { line(of: account)?.failure }

  /// Returns the loops with the time of each one's last completed round; `now` is the time by the watcher's clock.
  func loops(at now: Timestamp) -> [WatchHealth.Loop] {
    state.withLock { state in
      accounts.compactMap { name in
        state.lines[name].map {
          WatchHealth.Loop(
            name: name, lastTurn: now.earlier(by: .now - $0.lastTurn), mayTakeSeconds: mayTakeSeconds)
        }
      }
    }
  }
}
