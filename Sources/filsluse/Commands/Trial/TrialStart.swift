import ExchangeSettings
import FilsluseBase
import LocalPlatform
import SystemPackage
import TriggerFiles

// The start of the local platform that a trial's settings belong to.
extension ExchangeSettings {
  /// The time for a platform that was started just before this command, on a busy machine.
  private static let longestStart = Duration.seconds(20)

  /// Waits until the trial's platform answers, so that the next command can follow its start without a pause. Other
  /// settings are not waited for.
  ///
  /// - Throws: `CommandFailure` with the command that starts it, if it does not answer in time.
  func waitForTrialPlatform() async throws(CommandFailure) {
    guard isTrial, !isTrialPlatformRunning else { return }
    Output.remark(
      LocalizedText(
        "waiting for the local platform; \(startOfTrialPlatform.en)",
        "venter på den lokale platform; \(startOfTrialPlatform.da)"
      ).shown)
    let end = ContinuousClock.now + Self.longestStart
    while ContinuousClock.now < end, await PlanSource.rest(for: .milliseconds(100)) {
      if isTrialPlatformRunning { return }
    }
    throw CommandFailure(.unreachable, Self.noTrialPlatform, remedy: startOfTrialPlatform)
  }

  /// True if the server of each of the trial's accounts listens, and its host keys are written.
  private var isTrialPlatformRunning: Bool {
    let trial = trialAccounts
    let knownHosts = LocalPlatform.knownHosts(in: TrialValues.folder(beside: source))
    return InputFile.exists(knownHosts)
      && accounts.filter { trial.contains($0.name) }.allSatisfy { Loopback.isListening(on: $0.port) }
  }

  /// The failure of a platform that does not answer, with its start.
  var missingTrialPlatform: LocalizedText {
    Self.noTrialPlatform + LocalizedText("; ") + startOfTrialPlatform
  }

  private static let noTrialPlatform = LocalizedText(
    "the local platform of this trial does not answer", "prøvens lokale platform svarer ikke")

  /// The end of a message about the platform: the command that starts it.
  private var startOfTrialPlatform: LocalizedText {
    let command = TrialCommands.platform(plan: source, directory: TrialValues.folder(beside: source))
    return LocalizedText(
      "unless it is just starting, start it: \(command)", "er den ikke ved at starte, så start den: \(command)")
  }
}
