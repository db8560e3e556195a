import ArgumentParser
import ExchangeSettings
import SystemPackage
import TriggerFiles

/// `filsluse routes export`: the routes as a table, with templates filled in.
struct RoutesExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: LocalizedText(
      "Write the routes as CSV with templates filled in, for spreadsheets and import.",
      "Skriv ruterne som CSV med skabelonerne udfyldt, til regneark og import."
    ).shown)

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let register = try settings.loadRegister().register
    if output.json { return try Output.print(json: register.rows) }
    Output.print(String(register.csv().dropLast()))
  }
}
