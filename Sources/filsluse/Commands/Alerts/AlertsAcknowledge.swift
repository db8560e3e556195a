import ArgumentParser
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts ack`: acknowledges an alert.
struct AlertsAcknowledge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: LocalizedText(
      "Acknowledge alerts: they are not sent again until they become critical or are resolved.",
      "Kvittér for alarmer: de sendes ikke igen, før de bliver kritiske eller er overstået."
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The alerts' numbers, as alerts list shows them.", "Alarmernes numre, som alerts list viser dem."),
    completion: Proposals.openAlerts, transform: AlertsCommand.number)
  var alerts: [Int64] = []

  @Option(
    help: ArgumentHelp(
      "All alerts of this kind and rule instead, as alerts groups shows them.",
      "I stedet alle alarmer af denne slags og regel, som alerts groups viser dem.", valueName: "group"),
    transform: AlertsCommand.group)
  var group: RuleGroup.Key?

  @Option(
    help: ArgumentHelp(
      "Of the group only those of this account.", "Af gruppen kun dem fra denne konto.", valueName: "name"),
    completion: Proposals.accounts)
  var account: String?

  @Option(help: ArgumentHelp("What there is to say about it.", "En bemærkning til den.", valueName: "text"))
  var why: String?

  @OptionGroup var speaker: SpeakerOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let why { try Remark.check(why, as: "--why") }
    guard alerts.isEmpty != (group == nil), group != nil || account == nil else {
      throw ValidationError(
        remedy: LocalizedText(
          "give the alerts' numbers, or --group, perhaps with --account",
          "angiv alarmernes numre eller --group, eventuelt med --account"))
    }
  }

  func run() async throws {
    let store = try await settings.openAlertsToAct()
    let recorder = ActRecorder(store, of: try settings.load())
    let act = Act(by: speaker.name, why: why, at: .now)
    if let group { return try await acknowledge(group, act, recorder, in: store) }
    let answers: [AcknowledgementAnswer]
    switch try await recorder.acknowledge(each: alerts, act) {
    case .done(let all): answers = all
    case .refused(let refusal): throw AlertsCommand.refused(refusal)
    }
    var lines: [Line] = []
    var done: [String] = []
    var statuses: [ExitStatus] = []
    func fail(_ id: Int64, _ failure: any HasExitStatus) {
      Output.note(failure.explanation)
      statuses.append(failure.exitStatus)
      lines.append(.failure(id, failure.reported(by: "alerts ack")))
    }
    for (id, answer) in zip(alerts, answers) {
      switch answer {
      case .done(let alert):
        lines.append(.alert(AlertLine(alert, silences: [])))
        let subject = "\(id) (\(alert.finding.kind.rawValue), \(alert.finding.account))"
        done.append(LocalizedText("alert \(subject) is acknowledged", "alarm \(subject) er kvitteret").shown)
      case .refused(let refusal): fail(id, refusal)
      case .unknown: fail(id, AlertsCommand.missing(id))
      }
    }
    if output.json {
      try Output.print(json: lines)
    } else {
      for text in done { Output.print(Printable.text(text)) }
    }
    if !done.isEmpty { try await recorder.confirm() }
    let worst = ExitStatus.worst(statuses)
    if worst != .done { throw CommandFailure(worst) }
  }

  /// Acknowledges all alerts of a group in one act.
  private func acknowledge(
    _ group: RuleGroup.Key, _ act: Act, _ recorder: ActRecorder, in store: WatchDatabase
  ) async throws {
    switch try await recorder.acknowledge(.group(group, account: account), act) {
    case .refused(let refusal): throw AlertsCommand.refused(refusal)
    case .done(let result):
      guard result.count > 0 else {
        guard try await store.example(of: group) != nil else { throw AlertsCommand.missing(group) }
        throw CommandFailure(
          .badData, code: .alertUnchanged,
          "no alert of the group \(group.id) fires, so nothing is acknowledged",
          "ingen alarm i gruppen \(group.id) melder, så intet er kvitteret",
          remedy: LocalizedText(
            "filsluse alerts show NUMBER shows by whom it was",
            "filsluse alerts show NUMMER viser, hvem der har kvitteret")
        )
      }
      try AlertsCommand.show(result, asJSON: output.json, danish: "kvitteret", "acknowledged")
      try await recorder.confirm()
    }
  }

  /// An alert that was acknowledged, or its number with the error.
  private enum Line: Encodable {
    case alert(AlertLine)
    case failure(Int64, ReportedError)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .alert(let alert): try alert.encode(to: encoder)
      case .failure(let number, let error): try Failure(alert: number, error: error).encode(to: encoder)
      }
    }
  }

  private struct Failure: Encodable {
    let alert: Int64
    let error: ReportedError
  }
}
