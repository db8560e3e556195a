internal import FilsluseSFTP
internal import FilsluseSystem

/// The connections that are kept for the accounts of a long-running exchange, by the accounts' names.
final class AccountLines: Sendable {
  private let lines = Locked<[String: AccountLine]>([:])

  func line(of account: String) -> AccountLine? { lines.withLock { $0[account] } }

  /// A connection for suspected files that waits for the next of them.
  private let spares = Locked<[String: SFTPClient]>([:])

  func takeSpare(of account: String) -> SFTPClient? { spares.withLock { $0.removeValue(forKey: account) } }

  func keepSpare(_ client: SFTPClient, of account: String) { spares.withLock { $0[account] = client } }

  func set(_ line: AccountLine?, of account: String) { lines.withLock { $0[account] = line } }
}
