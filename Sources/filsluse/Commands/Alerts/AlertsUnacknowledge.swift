import ArgumentParser
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts unack`: takes acknowledgements back.
struct AlertsUnacknowledge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unack",
    abstract: LocalizedText(
      "Take acknowledgements back: the alerts fire again, and are repeated when their time has come.",
      "Tag kvitteringer tilbage: alarmerne melder igen og gentages, når tiden er inde."
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The alerts' numbers, as alerts list shows them.", "Alarmernes numre, som alerts list viser dem."),
    completion: Proposals.openAlerts, transform: AlertsCommand.number)
  var alerts: [Int64] = []

  @Option(
    help: ArgumentHelp(
      "All that were acknowledged together instead, by the number that was given then.",
      "I stedet alle, der blev kvitteret sammen, ved det nummer, der blev givet dengang.", valueName: "number"))
  var act: Int64?

  @Option(help: ArgumentHelp("What there is to say about it.", "En bemærkning til den.", valueName: "text"))
  var why: String?

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let why { try Remark.check(why, as: "--why") }
    guard alerts.isEmpty != (act == nil) else {
      throw ValidationError(
        remedy: LocalizedText("give the alerts' numbers, or --act", "angiv alarmernes numre eller --act"))
    }
  }

  func run() async throws {
    let store = try await settings.openAlertsToAct()
    let selection: AlertSelection = act.map { AlertSelection.act($0) } ?? .alerts(alerts)
    let recorder = ActRecorder(store, of: try settings.load())
    let answer = try await recorder.undoAcknowledgement(selection, Act(by: speaker.name, why: why, at: .now))
    guard case .done(let result) = answer else {
      if case .refused(let refusal) = answer { throw AlertsCommand.refused(refusal) }
      return
    }
    if act != nil, result.count == 0 {
      throw CommandFailure(
        .badData, code: .alertUnchanged, "no alert is acknowledged by that act any more",
        "ingen alarm er længere kvitteret ved den handling")
    }
    try AlertsCommand.show(result, asJSON: output.json, danish: "ikke kvitteret mere", "not acknowledged any more")
    try await recorder.confirm()
    let left = alerts.filter { result.outcomes[$0] != .done }
    if left.isEmpty { return }
    let numbers = left.map(String.init).joined(separator: ", ")
    throw CommandFailure(.badData, code: .alertUnchanged, "not acknowledged: \(numbers)", "ikke kvitteret: \(numbers)")
  }
}

extension AlertsCommand {
  /// Shows the number of changed alerts, and the act's number for undoing it.
  static func show(_ result: ActResult, asJSON: Bool, danish: String, _ english: String) throws {
    if asJSON { return try Output.print(json: ActLine(act: result.act, alerts: result.count, left: result.left)) }
    let count = result.count.counted(("alert", "alerts"), ("alarm", "alarmer"))
    Output.print(
      LocalizedText(
        "\(count): \(english) (act \(result.act))", "\(count): \(danish) (handling \(result.act))"
      ).shown)
    if result.left > 0 {
      let text = LocalizedText(
        "\(result.left) more are left as they were; run the command again",
        "\(result.left) til er, som de var; kør kommandoen igen")
      Output.note(text.shown)
    }
  }

  /// An act about several alerts, as JSON.
  private struct ActLine: Encodable {
    let act: Int64
    let alerts: Int
    let left: Int
  }
}
