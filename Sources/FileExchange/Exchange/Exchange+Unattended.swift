internal import ExchangeSettings
internal import SystemPackage

extension Exchange {
  /// Exchanges files for all accounts until it is asked to stop: delivers what appears in the watched folders of the
  /// routes, looks for receipts, and collects what comes.
  ///
  /// After a stop was asked for nothing new is begun; what is under way has ``Patience/stop`` to end, and is left after
  /// that. Whatever is left, and whatever a crash leaves, the next run goes on with.
  ///
  /// Settings that come on `reloads` take the place of those before, as a whole or not at all: those that name another
  /// journal or inbox, or a watched folder that cannot be used, are refused. Accounts, routes and arrivals that are
  /// unchanged go on undisturbed. A changed account is ended as by a stop and begun anew; the programs that take over its
  /// arrivals run to their end. What is open of a removed one stays as it is. Each reload also has stopped accounts tried
  /// again at once.
  ///
  /// - Parameters:
  ///   - stop: asks for the end.
  ///   - reloads: new settings.
  ///   - onEvent: hears how it goes.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` when another process does this with the same journal,
  ///   `local-file` when a watched folder cannot be used at the start, `journal` when the journal is no longer the one that
  ///   was opened.
  public func runUnattended(
    until stop: GracefulStop, reloads: AsyncStream<SettingsReload> = AsyncStream { $0.finish() },
    onEvent: @escaping @Sendable (UnattendedEvent) -> Void
  ) async throws(ExchangeError) {
    let outcome: Void? = try await journal.withClaim(on: .unattendedRun) { () async throws(ExchangeError) in
      let run = try await UnattendedRun(self, stop: stop, onEvent: onEvent)
      if let failure = await run.run(reloads: reloads) { throw failure }
    }
    if outcome == nil {
      throw ExchangeError(
        .claimedElsewhere, operation: "run", path: settings.journal.string,
        message: "another filsluse run is at work with this journal", remedy: "one is enough: end the other one first")
    }
  }
}
