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
    let change = try ListChange(settings: try settings.file, table: input.bytes, name: input.name, isTrial: dryRun)
    try change.show(json: output.json, in: language.chosen)
  }
}
