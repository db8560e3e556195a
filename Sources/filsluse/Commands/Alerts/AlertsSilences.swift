import ArgumentParser
import ExchangeSettings
import FilsluseBase
import PickupWatch
import TriggerFiles

/// `filsluse alerts silences`: the silences that hold.
struct AlertsSilences: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "silences",
    abstract: LocalizedText(
      "List the silences that hold, and whose they are.", "Vis de dæmpninger, der gælder, og hvem de er fra."
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let clock = try settings.load().watch.alerts.wallClock
    let lines = try await settings.openAlerts().silences(at: .now).map(SilenceLine.init)
    if output.json { return try Output.print(json: lines) }
    var table = Table(
      header: (
        "SILENCE|UNTIL|ACCOUNT|INFREF|FINDING|ABOUT|BY|WHY", "DÆMPNING|TIL|KONTO|INFREF|FUND|OM|AF|HVORFOR"
      ))
    for line in lines { table.add(line.row(by: clock).map(Printable.text)) }
    if !table.isEmpty { Output.print(table.text) }
    Output.note(lines.count.counted(("silence", "silences"), ("dæmpning", "dæmpninger")))
  }
}

/// A silence as lists show it.
struct SilenceLine: Encodable {
  private let silence: Int64
  private let account: String?
  private let infRef: String?
  private let kind: String?
  private let finding: String?
  private let rule: String?
  private let from: String
  private let until: Timestamp
  private let by: String
  private let why: String

  init(_ silence: Silence) {
    self.silence = silence.id
    account = silence.matcher.account
    infRef = (silence.matcher.infRef?.name).map(Masked.name)
    kind = silence.matcher.kind
    finding = silence.matcher.findingID.map(Masked.name)
    rule = silence.matcher.rule.map { Masked.name($0.shown) }
    from = silence.from.description
    until = silence.until
    by = Masked.name(silence.by)
    why = Masked.name(silence.why)
  }

  /// The cells of a table, for people: times are by the clock on the wall.
  func row(by clock: WallClock) -> [String] {
    let any = LocalizedText("any", "alle").shown
    return [
      "\(silence)", clock.stamp(at: until), account ?? any, infRef ?? any, kind ?? any,
      finding ?? rule ?? any, by, why,
    ]
  }
}
