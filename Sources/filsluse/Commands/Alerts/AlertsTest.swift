import ArgumentParser
import ExchangeSettings
import FileExchange
import Logging
import PickupWatch

/// `filsluse alerts test`: whether alerts come through.
struct AlertsTest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Send every sink a notice that is only a test, and tell how each took it.",
    discussion: "Exit status 0: all took it, 75: not all did.")

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let settings = try settings.load()
    let alerts = settings.watch.alerts
    guard !alerts.sinks.isEmpty else {
      throw CommandFailure(
        .configuration, "\(try self.settings.file): no sinks stand under watch: alerts:, so no alert would be sent")
    }
    let trial = AlertTest(
      settings: alerts, withholding: settings.passphraseVariables, logger: CommandLogger.make(from: .info))
    let outcomes = await trial.run()
    if output.json {
      try Output.print(json: outcomes.map { Line(sink: $0.sink, failure: $0.failure) })
    } else {
      for outcome in outcomes {
        Output.print(Printable.text("\(outcome.sink): \(outcome.failure.map { "failed: \($0)" } ?? "took it")"))
      }
    }
    if outcomes.contains(where: { $0.failure != nil }) { throw CommandFailure(.notDoneYet) }
  }

  private struct Line: Encodable {
    let sink: String
    let failure: String?
  }
}
