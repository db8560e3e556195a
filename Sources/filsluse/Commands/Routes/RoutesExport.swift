import ArgumentParser
import ExchangeSettings
import SystemPackage

/// `filsluse routes export`: the routes as a table, with templates filled in.
struct RoutesExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the routes as CSV with templates filled in, for spreadsheets and import.")

  @OptionGroup var settings: SettingsOptions

  func run() async throws {
    let csv = try settings.loadRegister().register.csv()
    Output.print(String(csv.dropLast()))
  }
}
