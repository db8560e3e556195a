internal import FilsluseSFTP

/// The exchange's record of files at which connections were lost.
protocol SuspectStore: Sendable {
  /// The account's files at which connections were lost.
  func suspects(of account: String) async throws(ExchangeError) -> [SuspectFile]

  /// Writes what is known of one.
  func record(_ suspect: SuspectFile, of account: String) async throws(ExchangeError)

  /// Forgets one: it got through, or is gone.
  func forgetSuspect(_ path: RemotePath, of account: String) async throws(ExchangeError)
}
