internal import ExchangeSettings
internal import SystemPackage

extension Exchange {
  /// Exchanges files for all accounts until it is asked to stop: delivers what appears in the watched folders of the
  /// routes, looks for receipts, and collects what comes.
  ///
  /// After a stop was asked for nothing new is begun; what is under way has ``Patience/stop`` to end, and is left after
  /// that. Whatever is left, and whatever a crash leaves, the next run goes on with.
  ///
  /// - Parameters:
  ///   - stop: asks for the end.
  ///   - onEvent: hears how it goes.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` when another process does this with the same journal,
  ///   `local-file` when a watched folder cannot be used, `account-stopped` when no account is left that may be used.
  public func runUnattended(
    until stop: GracefulStop, onEvent: @escaping @Sendable (UnattendedEvent) -> Void
  ) async throws(ExchangeError) {
    let outcome: Void? = try await journal.withClaim(on: .unattendedRun) { () async throws(ExchangeError) in
      let run = try await UnattendedRun(self, stop: stop, onEvent: onEvent)
      if let failure = await run.run() { throw failure }
    }
    if outcome == nil {
      throw ExchangeError(
        .claimedElsewhere, operation: "run", path: settings.journal.string,
        message: "another filsluse run is at work with this journal", remedy: "one is enough: end the other one first")
    }
  }
}
