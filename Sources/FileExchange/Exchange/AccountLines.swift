internal import FilsluseSystem

/// The connections that are kept for the accounts of a long-running exchange, by the accounts' names.
final class AccountLines: Sendable {
  private let lines = Locked<[String: AccountLine]>([:])

  func line(of account: String) -> AccountLine? { lines.withLock { $0[account] } }

  func set(_ line: AccountLine?, of account: String) { lines.withLock { $0[account] = line } }
}
