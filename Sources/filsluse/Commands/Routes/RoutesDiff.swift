import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes diff`: compares two lists for the approver of the change.
struct RoutesDiff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: LocalizedText(
      "Say what differs between two lists of routes, and what each difference means.",
      "Vis forskellene på to rutelister, og hvad hver af dem betyder."
    ).shown)

  @Argument(help: ArgumentHelp("The list before.", "Listen før."), completion: .file())
  var old: String

  @Argument(help: ArgumentHelp("The list after.", "Listen efter."), completion: .file())
  var new: String

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let reading = SettingsReading(try settings.file)
    OutputLanguage.take(reading.settings)
    guard let settings = reading.settings else { throw SettingsError(problems: reading.problems) }
    let surroundings = RegisterSurroundings(settings)
    let differences = RouteChange.between(
      try Self.register(old, surroundings), try Self.register(new, surroundings))
    let changes = settings.isTrial ? differences.map(\.inTrial) : differences
    if output.json { return try Output.print(json: changes.map { RouteChangeJSON($0, language.chosen) }) }
    for change in changes { Output.print(change.sentence(in: language.chosen)) }
    if changes.isEmpty {
      Output.note(language.chosen == .danish ? "filsluse: ingen forskel" : "filsluse: no difference")
    }
  }

  private static func register(_ list: String, _ settings: RegisterSurroundings) throws -> RouteRegister {
    let reading = RegisterReading(FilePath(list), settings: settings)
    guard let register = reading.register else { throw RegisterError(reading.findings) }
    return register
  }
}

extension RouteChange {
  /// The difference on a line: `~ flis-0101: municipality 0101 → 0751: …`.
  func sentence(in language: ReportLanguage) -> String {
    let sign =
      switch kind {
      case .added: "+"
      case .removed: "-"
      case .changed: "~"
      }
    let none = language == .danish ? "intet" : "nothing"
    let value = column.map { column in
      " \(column.rawValue) \(before.map(column.shown) ?? none) → \(after.map(column.shown) ?? none):"
    }
    return Printable.text("\(sign) \(route):\(value ?? "") \(meaning[language])")
  }
}

/// A difference as JSON shows it.
struct RouteChangeJSON: Encodable {
  let kind: String
  let route: String
  let column: String?
  let before: String?
  let after: String?
  let meaning: String

  init(_ change: RouteChange, _ language: ReportLanguage) {
    (kind, route, column) = (change.kind.rawValue, change.route, change.column?.rawValue)
    let shown = { (cell: String) -> String in change.column?.shown(cell) ?? cell }
    (before, after, meaning) = (change.before.map(shown), change.after.map(shown), change.meaning[language])
  }
}
