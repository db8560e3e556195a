import ExchangeSettings
import FilsluseBase
import LocalPlatform
import SystemPackage
import TriggerFiles

// The start of the local platform that settings belong to: those of a trial beside it, or those that it wrote itself.
extension ExchangeSettings {
  /// The time for a platform that was started just before this command, on a busy machine.
  private static let longestStart = Duration.seconds(20)

  /// Waits until the local platform of the settings answers, so that the next command can follow its start without a
  /// pause. Other settings are not waited for.
  ///
  /// - Parameter isRequired: false for a command that does a part of its work without a connection, and goes on after
  ///   the wait.
  /// - Throws: `CommandFailure` with the command that starts it, if it is required and does not answer in time.
  func waitForLocalPlatform(isRequired: Bool = true) async throws(CommandFailure) {
    guard let platform = ownPlatform, !platform.isRunning else { return }
    Output.remark(
      LocalizedText(
        "waiting for the local platform; \(platform.start.en)", "venter på den lokale platform; \(platform.start.da)"
      ).shown)
    let end = ContinuousClock.now + Self.longestStart
    while ContinuousClock.now < end, await PlanSource.rest(for: .milliseconds(100)) {
      if platform.isRunning { return }
    }
    if isRequired { throw CommandFailure(.unreachable, OwnPlatform.silent, remedy: platform.start) }
    Output.note("filsluse: \(platform.missing.shown)")
  }

  /// The failure of the settings' local platform that does not answer, with its start; `nil` for other settings.
  var missingLocalPlatform: LocalizedText? { ownPlatform?.missing }

  /// The local platform that the settings belong to; `nil` for other settings.
  private var ownPlatform: OwnPlatform? {
    let trial = trialAccounts
    if !trial.isEmpty {
      return OwnPlatform(
        folder: TrialValues.folder(beside: source), plan: source, accounts: accounts.filter { trial.contains($0.name) })
    }
    guard accounts.count == 1, let account = accounts.first,
      let folder = LocalPlatform.folder(ofSettings: source, for: account)
    else { return nil }
    return OwnPlatform(folder: folder, plan: LocalPlatform.planFile(in: folder), accounts: [account])
  }
}

/// A local platform as settings see it.
private struct OwnPlatform {
  /// Its folder.
  let folder: FilePath
  /// The file of its plan; `nil` for the demo's plan.
  let plan: FilePath?
  /// The accounts that connect to it.
  let accounts: [Account]

  /// True if the server of each account listens, and its host keys are written.
  var isRunning: Bool {
    InputFile.exists(LocalPlatform.knownHosts(in: folder))
      && accounts.allSatisfy { Loopback.isListening(on: $0.port) }
  }

  /// The failure of a platform that does not answer, with its start.
  var missing: LocalizedText { Self.silent + LocalizedText("; ") + start }

  static let silent = LocalizedText(
    "the local platform of this trial does not answer", "prøvens lokale platform svarer ikke")

  /// The end of a message about the platform: the command that starts it.
  var start: LocalizedText {
    let command = TrialCommands.platform(plan: plan, directory: folder)
    return LocalizedText(
      "unless it is just starting, start it: \(command)", "er den ikke ved at starte, så start den: \(command)")
  }
}
