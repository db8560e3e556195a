import ArgumentParser
import FilsluseBase
import PickupWatch

/// `filsluse alerts ack`: acknowledges an alert.
struct AlertsAcknowledge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: "Acknowledge alerts: they are not sent again until they become critical or are resolved.")

  @Argument(help: "The alerts' numbers, as alerts list shows them.")
  var alerts: [Int64]

  @Option(help: ArgumentHelp("What there is to say about it.", valueName: "text"))
  var why: String?

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let why { try Remark.check(why, as: "--why") }
  }

  func run() async throws {
    let store = try await settings.openAlerts()
    var lines: [AlertLine] = []
    var statuses: [ExitStatus] = []
    for id in alerts {
      switch try await store.acknowledge(id, by: speaker.name, why: why, at: .now) {
      case .success(let alert)?:
        lines.append(AlertLine(alert, silences: []))
        if !output.json {
          Output.print(
            Printable.text("alert \(id) (\(alert.finding.kind.rawValue), \(alert.finding.account)) is acknowledged"))
        }
      case .failure(let refusal)?:
        Output.note(refusal.explanation)
        statuses.append(refusal.exitStatus)
      case nil:
        Output.note("filsluse: there is no alert \(id); alerts list shows those that there are")
        statuses.append(.badData)
      }
    }
    if output.json { try Output.print(json: lines) }
    let worst = ExitStatus.worst(statuses)
    if worst != .done { throw CommandFailure(worst) }
  }
}
