import ArgumentParser
import ExchangeSettings
import SystemPackage
import TriggerFiles

/// The options that every subcommand has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write the result as JSON.")
  var json = false

  @Flag(help: "Write only what went wrong, and JSON if asked for.")
  var quiet = false

  func validate() { if quiet { Output.becomeQuiet() } }
}

/// The option of subcommands that need settings.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The settings file; otherwise the one that FILSLUSE_CONFIG names, or the first of ./filsluse.yaml, ~/.config/filsluse/filsluse.yaml and /etc/filsluse/filsluse.yaml.",
      valueName: "file"))
  var config: String?

  /// The settings file that counts.
  ///
  /// - Throws: `CommandFailure` where there is none.
  var file: FilePath {
    get throws(CommandFailure) { try SettingsSearch(option: config).file(in: OutputLanguage.current) }
  }

  /// The settings; what is worth a look in them is said on standard error.
  func load() throws -> ExchangeSettings { try Self.load(try file) }

  static func load(_ file: FilePath) throws(SettingsError) -> ExchangeSettings {
    let settings = try ExchangeSettings.load(file)
    for warning in settings.warnings { Output.note(warning.description) }
    return settings
  }
}

/// The option for the language of the output.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The language of findings; by default that of LC_ALL, LC_MESSAGES or LANG.",
      "Fundenes sprog; som standard det i LC_ALL, LC_MESSAGES eller LANG."))
  var language: LanguageName?

  /// The language that was asked for, or the one that counts without.
  var chosen: ReportLanguage { language?.language ?? OutputLanguage.current }
}

/// The languages by the names that the command line has for them.
enum LanguageName: String, ExpressibleByArgument, CaseIterable {
  case da, en

  var language: ReportLanguage { self == .da ? .danish : .english }
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
