import ArgumentParser
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts unsilence`: ends silences before their time.
struct AlertsUnsilence: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unsilence",
    abstract: LocalizedText("End silences before their time.", "Slut dæmpninger før tiden.").shown)

  @Argument(
    help: ArgumentHelp(
      "The silences' numbers, as alerts silences shows them.", "Dæmpningernes numre, som alerts silences viser dem."),
    completion: Proposals.silences)
  var silences: [Int64]

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let store = try await settings.openAlertsToAct()
    let recorder = ActRecorder(store, of: try settings.load())
    var lines: [Line] = []
    var done: [String] = []
    for id in silences {
      switch try await recorder.endSilence(id, Act(by: speaker.name, at: .now)) {
      case .done:
        lines.append(Line(silence: id, isOver: true))
        done.append(LocalizedText("silence \(id) is over", "dæmpning \(id) er slut").shown)
      case .refused(let refusal):
        let failure = CommandFailure(
          .badData, code: .unknownSilence, refusal.reason,
          remedy: refusal.remedy
            ?? LocalizedText("alerts silences shows those that hold", "alerts silences viser dem, der gælder"))
        Output.note(failure.explanation)
        lines.append(Line(silence: id, isOver: false, error: failure.reported(by: "alerts unsilence")))
      }
    }
    if output.json {
      try Output.print(json: lines)
    } else {
      for text in done { Output.print(text) }
    }
    if !done.isEmpty { try await recorder.confirm() }
    if lines.contains(where: { !$0.isOver }) { throw CommandFailure(.badData) }
  }

  private struct Line: Encodable {
    let silence: Int64
    let isOver: Bool
    var error: ReportedError?
  }
}
