import ArgumentParser
import ExchangeSettings
import FileExchange
import Logging
import PickupWatch
import TriggerFiles

/// `filsluse alerts test`: whether alerts come through.
struct AlertsTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: LocalizedText(
      "Send every sink a notice that is only a test, and tell how each took it.",
      "Send en prøve til hver kanal, og fortæl, hvordan hver tog imod den."
    ).shown,
    discussion: LocalizedText(
      "Exit status 0: all took it, 75: not all did.", "Slutstatus 0: alle tog imod den, 75: ikke alle gjorde."
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    let alerts = settings.watch.alerts
    guard !alerts.sinks.isEmpty else {
      throw CommandFailure(
        .configuration, "\(settings.source): no sinks stand under watch: alerts:, so no alert would be sent",
        "\(settings.source): der står ingen kanaler under watch: alerts:, så ingen alarm ville blive sendt")
    }
    let trial = AlertTest(
      settings: alerts, withholding: settings.passphraseVariables, logger: CommandLogger.make(from: .info))
    let outcomes = await trial.run()
    if output.json {
      try Output.print(json: outcomes.map { Line(sink: $0.sink, failure: $0.failure) })
    } else {
      for outcome in outcomes {
        let text =
          outcome.text.map { LocalizedText("failed: \($0.en)", "mislykkedes: \($0.da)") }
          ?? LocalizedText("took it", "tog imod den")
        Output.print(Printable.text("\(SinkName.title(of: outcome.sink).shown): \(text.shown)"))
      }
    }
    if outcomes.contains(where: { $0.failure != nil }) { throw CommandFailure(.notDoneYet) }
  }

  private struct Line: Encodable {
    let sink: String
    let failure: String?
  }
}
