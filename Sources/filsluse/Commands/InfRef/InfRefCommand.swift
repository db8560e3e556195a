import ArgumentParser
import ExchangeSettings
import SystemPackage
import TriggerFiles

/// `filsluse infref`: commands about InfRefs, the names that routes are ordered for.
struct InfRefCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infref",
    abstract: LocalizedText(
      "Check, explain, list and look for the names that routes are ordered for.",
      "Kontrollér, forklar, vis og søg efter de navne, som ruter bestilles til."
    ).shown,
    subcommands: [InfRefCheckCommand.self, InfRefExplain.self, InfRefList.self, InfRefAudit.self])
}

/// The option of subcommands that accept names of the user's own register unchecked.
struct RegisterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The settings file whose infrefs are taken as they stand.", "Indstillingsfilen, hvis infrefs tages, som de står.",
      valueName: "file"))
  var config: String?

  func load() throws(SettingsError) -> Set<String> {
    guard let config else { return [] }
    return try SettingsOptions.load(FilePath(config)).register
  }
}

/// The severity that makes a check end with 65.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
  case error, warning
}
