import ArgumentParser
import ExchangeSettings
import SystemPackage

/// The options that every subcommand has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write the result as JSON.")
  var json = false
}

/// The option of subcommands that need settings.
struct SettingsOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The settings file.", valueName: "file"))
  var config = "filsluse.yaml"

  /// The settings; what is worth a look in them is said on standard error.
  func load() throws(SettingsError) -> ExchangeSettings { try Self.load(config) }

  static func load(_ file: String) throws(SettingsError) -> ExchangeSettings {
    let settings = try ExchangeSettings.load(FilePath(file))
    for warning in settings.warnings { Output.note(warning.description) }
    return settings
  }
}

extension SettingsError: HasExitStatus {
  var exitStatus: ExitStatus { .configuration }
  var explanation: String { description }
}
