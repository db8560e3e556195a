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

/// Periods on the command line, written as in the settings.
enum Period {
  /// Reads `90s`, `10m` or `1h30m`.
  static func parse(_ text: String) throws -> Duration {
    guard let period = DurationText.parse(text) else {
      throw ValidationError("“\(text)” is no period; write 90s, 10m, 4h or 1h30m")
    }
    return period
  }
}

extension SettingsError: HasExitStatus {
  var exitStatus: ExitStatus { .configuration }
  var explanation: String { description }
}
