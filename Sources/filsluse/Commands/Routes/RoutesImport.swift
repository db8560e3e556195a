import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes import`: takes the lines of a table into `routes.csv`.
struct RoutesImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take the lines of a CSV file into the list of routes.",
    discussion: """
      The header of the file names columns of the list; ; , or tab is between them, and the text is UTF-8 or \
      windows-1252. Lines of a name that the list has are changed in their place, others are added at the end. \
      Comments, order and all other lines stay as they are. Where anything is wrong, nothing is changed.
      """)

  @Argument(help: "The CSV file (- for standard input).")
  var file: String

  @Flag(help: "Only show what would change.")
  var dryRun = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  /// No list of routes comes near this many bytes.
  private static let limit = 64 << 20

  func run() async throws {
    let input = try NamedInput(file, upTo: Self.limit + 1)
    guard input.bytes.count <= Self.limit else {
      throw CommandFailure(.badData, "\(Printable.text(input.name)) is larger than \(Self.limit >> 20) MiB")
    }
    let change = try ListChange(config: settings.config, table: input.bytes, name: input.name, isTrial: dryRun)
    try change.show(json: output.json, in: language.chosen)
  }
}

/// `filsluse routes new`: adds one route.
struct RoutesNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Add a route to the list, or change the one of that name.",
    discussion: """
      Values are given as COLUMN=VALUE, with the columns of the list:

      \(RegisterColumn.allCases.map { "\($0.rawValue): \($0.meaning.en)" }.joined(separator: "\n"))
      """)

  @Argument(help: "The values, such as template=flis municipality=0751 authority=55133018.")
  var values: [String]

  @Flag(help: "Only show what would change.")
  var dryRun = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let pairs = try values.map { text -> (String, String) in
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw ValidationError("“\(text)” is no value; write COLUMN=VALUE, such as municipality=0751")
      }
      return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
    func cell(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
    let table = [pairs.map(\.0), pairs.map(\.1)].map { $0.map(cell).joined(separator: ";") + "\n" }.joined()
    let change = try ListChange(
      config: settings.config, table: Array(table.utf8), name: "routes new", isTrial: dryRun)
    try change.show(json: output.json, in: language.chosen)
  }
}

/// A change of the list by a table, carried out or tried, and its effect on the routes.
private struct ListChange {
  private let list: FilePath
  private let edit: ListEdit
  private let routes: [RouteChange]
  private let isTrial: Bool

  init(config: String, table: [UInt8], name: String, isTrial: Bool) throws {
    let reading = SettingsReading(FilePath(config))
    guard let list = reading.list else {
      guard reading.problems.isEmpty else { throw SettingsError(problems: reading.problems) }
      throw SettingsOptions.noRegister(config)
    }
    guard let settings = reading.settings else { throw SettingsError(problems: reading.problems) }
    let surroundings = RegisterSurroundings(settings)
    let old = reading.register?.register ?? RouteRegister(source: list, routes: [])
    edit = try RouteRegister.change(
      list, by: table, from: FilePath(name), settings: surroundings, isTrial: isTrial)
    let after = RegisterReading(edit.bytes, list: list, settings: surroundings).register
    routes = after.map { RouteChange.between(old, $0) } ?? []
    (self.list, self.isTrial) = (list, isTrial)
  }

  func show(json: Bool, in language: ReportLanguage) throws {
    if json { return try Output.print(json: ChangeJSON(self, language)) }
    for change in routes { Output.print(change.sentence(in: language)) }
    let counts = "\(edit.added.count) + \(edit.changed.count) ~ \(edit.unchanged) ="
    let summary =
      language == .danish
      ? "\(list): \(edit.added.count) linjer \(isTrial ? "ville blive " : "")tilføjet, \(edit.changed.count) ændret, \(edit.unchanged) som før (\(counts))"
      : "\(list): \(Readable.count(edit.added.count, "line")) \(isTrial ? "would be " : "")added, \(edit.changed.count) changed, \(edit.unchanged) as before (\(counts))"
    Output.note("filsluse: \(Printable.text(summary))")
  }

  private struct ChangeJSON: Encodable {
    let list: String
    let isDryRun: Bool
    let added: [String]
    let changed: [String]
    let unchanged: Int
    let routes: [RouteChangeJSON]

    init(_ change: ListChange, _ language: ReportLanguage) {
      (list, isDryRun) = (change.list.string, change.isTrial)
      (added, changed, unchanged) = (change.edit.added, change.edit.changed, change.edit.unchanged)
      routes = change.routes.map { RouteChangeJSON($0, language) }
    }
  }
}
