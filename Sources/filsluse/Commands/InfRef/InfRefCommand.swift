import ArgumentParser
import ExchangeSettings
import Glibc
import SystemPackage
import TriggerFiles

/// `filsluse infref`: what has to do with the names that routes are ordered for.
struct InfRefCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infref", abstract: "Check, explain, list and look for the names that routes are ordered for.",
    subcommands: [InfRefCheckCommand.self, InfRefExplain.self, InfRefList.self, InfRefAudit.self])
}

/// The option of subcommands that accept names of the user's own register unchecked.
struct RegisterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The settings file whose infrefs are taken as they stand.", valueName: "file"))
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

/// The option of subcommands that report findings.
struct LanguageOptions: ParsableArguments {
  @Option(help: "The language of findings; by default that of LC_ALL, LC_MESSAGES or LANG.")
  var language: LanguageName?

  /// The language that was asked for, or the environment's.
  var chosen: ReportLanguage { language?.language ?? Self.ofEnvironment }

  /// The language of the environment; English where it names none of ours.
  static var ofEnvironment: ReportLanguage {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      guard let value = getenv(name), value.pointee != 0 else { continue }
      return String(cString: value).hasPrefix("da") ? .danish : .english
    }
    return .english
  }
}

/// The languages by the names that the command line has for them.
enum LanguageName: String, ExpressibleByArgument, CaseIterable {
  case da, en

  var language: ReportLanguage { self == .da ? .danish : .english }
}
