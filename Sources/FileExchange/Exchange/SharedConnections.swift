internal import FilsluseSystem

/// The connections that are kept for the accounts of a long-running exchange, by the accounts' names.
final class SharedConnections: Sendable {
  private let lines = Locked<[String: SharedConnection]>([:])

  func line(of account: String) -> SharedConnection? { lines.withLock { $0[account] } }

  func set(_ line: SharedConnection?, of account: String) { lines.withLock { $0[account] = line } }
}
