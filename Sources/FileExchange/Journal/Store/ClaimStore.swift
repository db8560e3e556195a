/// Locks for workers: two of them never handle the same delivery or arrival.
protocol ClaimStore: Sendable {
  /// Runs `body` with the claim held; `nil` when another task or process holds it.
  ///
  /// - Parameter isNew: whether this process has just put the subject into the store, which was seen to be in its place
  ///   then. Each step that follows sees that again before it is committed.
  /// - Throws: what `body` throws, and ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func withClaim<Result>(
    on subject: ClaimSubject, isNew: Bool, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result?

  /// Returns true if a task or process holds the claim now.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func isClaimed(_ subject: ClaimSubject) throws(ExchangeError) -> Bool
}

extension ClaimStore {
  /// Runs `body` with the claim held; `nil` when another task or process holds it.
  ///
  /// - Throws: what `body` throws, and ``ExchangeError`` with code `local-file` when the machine gives no locks.
  func withClaim<Result>(
    on subject: ClaimSubject, _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result? {
    try await withClaim(on: subject, isNew: false, body)
  }
}

/// The subject of a claim.
enum ClaimSubject: Sendable, Hashable {
  case delivery(Int64)
  case arrival(Int64)
  /// On the journal as a whole, by the one process that runs for long.
  case unattendedRun
  /// The lease on alerting people to the journal's open problems: held by a watcher for as long as it runs, and by
  /// `filsluse run` while it compares.
  case alerting
}
