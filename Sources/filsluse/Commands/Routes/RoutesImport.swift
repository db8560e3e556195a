import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes import`: takes the lines of a table into `routes.csv`.
struct RoutesImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: LocalizedText(
      "Take the lines of a CSV file into the list of routes.", "Tag linjerne fra en CSV-fil med i rutelisten."
    ).shown,
    discussion: LocalizedText(
      """
      The header of the file names columns of the list, by their own names or in Danish; ; , or tab is between them, and \
      the text is UTF-8 or windows-1252. Lines of a name that the list has are changed in their place, others are added at \
      the end. Comments, order and all other lines stay as they are. Where anything is wrong, nothing is changed.
      """,
      """
      Filens overskrift nævner listens kolonner, ved deres egne navne eller på dansk, med ; , eller tabulator imellem; \
      teksten er UTF-8 eller windows-1252. Linjer med et navn, som listen har, rettes på deres plads, andre tilføjes til \
      sidst. Kommentarer, rækkefølge og alle andre linjer bliver, som de er. Er noget forkert, ændres intet.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp("The CSV file (- for standard input).", "CSV-filen (- for standardinput)."), completion: .file())
  var file: String

  @Flag(help: ArgumentHelp("Only show what would change.", "Vis kun, hvad der ville blive ændret."))
  var dryRun = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  /// No list of routes comes near this many bytes.
  private static let limit = 64 << 20

  func run() async throws {
    let (name, table) = try file == "-" ? standardInput() : (file, content(of: FilePath(file)))
    let change = try ListChange(settings: settings, table: table, name: name, isTrial: dryRun)
    try change.show(json: output.json, in: language.chosen)
  }

  private func standardInput() throws -> (String, [UInt8]) {
    let input = try NamedInput(file, upTo: Self.limit + 1)
    guard input.bytes.count <= Self.limit else {
      throw CommandFailure(
        .badData, "\(Printable.text(input.name)) is larger than \(Self.limit >> 20) MiB",
        "\(Printable.text(input.name)) er større end \(Self.limit >> 20) MiB")
    }
    return (input.name, input.bytes)
  }

  private func content(of file: FilePath) throws -> [UInt8] {
    do {
      return try RouteRegister.table(in: file)
    } catch let error as RegisterError {
      throw error
    } catch {
      throw InputFile.failure(error, reading: file, NamedInput.remedy)
    }
  }
}
