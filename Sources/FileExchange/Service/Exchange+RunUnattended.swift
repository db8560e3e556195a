public import ExchangeSettings
internal import SystemPackage

extension Exchange {
  /// Exchanges files for all accounts until it is shut down: delivers the files of the routes' watched folders, looks
  /// for receipts, and collects arrivals.
  ///
  /// It runs as a service of swift-service-lifecycle: after the graceful shutdown of its service group it begins
  /// nothing new, and running work has ``Patience/stop`` to end. Cancelling the task ends it at once. The next run
  /// continues all unfinished work, also after a crash.
  ///
  /// New settings from `reloads` replace the previous ones, as a whole or not at all: settings with another journal or
  /// inbox, or with an unusable watched folder, are refused. Unchanged accounts, routes and arrivals go on undisturbed.
  /// A changed account is stopped and started again; the programs that take over its arrivals run to their end. Open
  /// work of a removed account stays as it is. Each reload also retries stopped accounts at once.
  ///
  /// - Parameters:
  ///   - reloads: new settings.
  ///   - monitor: shows the state of the run to a `StatusServer`.
  ///   - onEvent: receives the events of the run.
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` if another process does this with the same journal,
  ///   `local-file` if a watched folder cannot be used at the start, `journal` if the journal is no longer the opened
  ///   one.
  public func runUnattended(
    reloads: AsyncStream<SettingsReload> = AsyncStream { $0.finish() }, monitor: RunMonitor? = nil,
    onEvent: @escaping @Sendable (UnattendedEvent) -> Void
  ) async throws(ExchangeError) {
    let outcome: Void? = try await journal.withClaim(on: .unattendedRun) { () async throws(ExchangeError) -> Void in
      let run = try await UnattendedRun(self, onEvent: onEvent)
      guard let monitor else { return try await run.run(reloads: reloads) }
      try await monitor.during(run) { () async throws(ExchangeError) in try await run.run(reloads: reloads) }
    }
    if outcome == nil {
      throw ExchangeError(
        .claimedElsewhere, operation: "run", path: journal.name,
        message: "another unattended run is at work with this journal", remedy: "one is enough: end the other one first"
      )
    }
  }
}

/// An event of a long-running exchange.
public enum UnattendedEvent: Sendable {
  /// The run is set up and working: the journal is open and its own, the folders exist.
  case ready
  /// All its loops make progress; repeated while that is so.
  case alive
  /// Its status, in a line.
  case status(String)
  /// A person must look.
  case attention(OpenProblem)
  /// A problem for a person is resolved; the message says how it ended.
  case resolved(OpenProblem)
  /// New settings are being taken up; ``ready`` or ``reloadRefused(_:)`` follows.
  case reloading
  /// The new settings cannot be taken up, for that reason: those of before stay in force.
  case reloadRefused(String)
  /// The run was asked to stop, and finishes its work in progress.
  case stopping
}

/// The result of reading the settings again, for a running exchange.
public enum SettingsReload: Sendable {
  /// The settings could be read.
  case settings(ExchangeSettings)
  /// They cannot be read, for that reason: the former ones stay in force, and a person is alerted.
  case unusable(SettingsError)
}
