import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// The options that every subcommand has.
struct OutputOptions: ParsableArguments {
  @Flag(help: ArgumentHelp("Write the result as JSON, and errors too.", "Skriv resultatet som JSON, fejl også."))
  var json = false

  @Flag(
    help: ArgumentHelp(
      "Write only what went wrong, and JSON if asked for.", "Skriv kun, hvad der gik galt, og JSON, hvis det ønskes."))
  var quiet = false

  @Flag(
    help: ArgumentHelp(
      "Write tables as wide as they are, and not as the terminal is.",
      "Skriv tabeller så brede, som de er, og ikke som terminalen er."))
  var wide = false

  func validate() {
    if quiet { Output.becomeQuiet() }
    if wide { Output.becomeWide() }
  }
}

/// The option of subcommands that need settings.
struct SettingsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The settings file; otherwise the one that FILSLUSE_CONFIG names, or the first of ./filsluse.yaml, ~/.config/filsluse/filsluse.yaml and /etc/filsluse/filsluse.yaml.",
      "Indstillingsfilen; ellers den, som FILSLUSE_CONFIG nævner, eller den første af ./filsluse.yaml, ~/.config/filsluse/filsluse.yaml og /etc/filsluse/filsluse.yaml.",
      valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var config: String?

  /// The settings file that counts.
  ///
  /// - Throws: `CommandFailure` where there is none, or where the environment names one that is missing.
  var file: FilePath { get throws(CommandFailure) { try SettingsSearch(option: config).existingFile() } }

  /// Loads the settings; writes their warnings to standard error.
  func load() throws -> ExchangeSettings { try Self.load(try file) }

  static func load(_ file: FilePath) throws(SettingsError) -> ExchangeSettings {
    let settings = try ExchangeSettings.load(file)
    OutputLanguage.take(settings)
    for warning in settings.warnings { Output.note(warning.shown) }
    return settings
  }
}

/// The option for the language of the output.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The language of what is said; by default language: of the settings, or that of LC_ALL, LC_MESSAGES or LANG.",
      "Sproget; som standard language: i indstillingerne eller det fra LC_ALL, LC_MESSAGES eller LANG."))
  var language: LanguageName?

  /// The requested language, or else the default one.
  var chosen: ReportLanguage { language?.language ?? OutputLanguage.current }
}

/// The languages by the names that the command line has for them.
enum LanguageName: String, ExpressibleByArgument, CaseIterable {
  case da, en

  // As the parser would give them, which makes them by reflection at each start.
  static var allValueStrings: [String] { ["da", "en"] }
  static var allValueDescriptions: [String: String] { [:] }

  var language: ReportLanguage { self == .da ? .danish : .english }
}

/// Periods on the command line, written as in the settings.
enum Period {
  /// Reads `90s`, `10m` or `1h30m`.
  static func parse(_ text: String) throws -> Duration {
    guard let period = DurationText.parse(text) else {
      throw ValidationError(
        "“\(text)” is no period", "„\(text)“ er ikke et tidsrum",
        remedy: LocalizedText("write 90s, 10m, 4h or 1h30m", "skriv 90s, 10m, 4h eller 1h30m"))
    }
    return period
  }
}

extension SettingsError: HasExitStatus {
  var exitStatus: ExitStatus { .configuration }
  var explanation: String { problems.map(\.shown).joined(separator: "\n") }

  func reported(by command: String) -> ReportedError {
    let first = problems.first
    return ReportedError(
      code: first?.code.rawValue ?? exitStatus.code, category: exitStatus.category, operation: command,
      path: first?.file.string, message: explanation, remedy: first?.shownRemedy, exitStatus: exitStatus)
  }
}

extension SettingsProblem {
  /// The problem in the language of the output.
  var shown: String {
    guard OutputLanguage.current == .danish else { return description }
    let place = line.flatMap { line in column.map { ":\(line):\($0)" } } ?? ""
    let word = severity == .error ? "fejl" : "advarsel"
    let start = "\(file.string)\(place): \(word): " + (keyPath.isEmpty ? "" : "\(keyPath): ")
    return start + (messageInDanish ?? message) + (shownRemedy.map { "; \($0)" } ?? "")
  }

  /// The remedy in the language of the output.
  var shownRemedy: String? {
    OutputLanguage.current == .danish ? remedyInDanish ?? remedy : remedy
  }
}

extension ValidationError {
  /// Wrong usage, in both languages. Without a remedy it is the help of the command.
  init(_ english: String, _ danish: String, remedy: LocalizedText? = nil) {
    self.init(LocalizedText(english, danish), remedy: remedy)
  }

  /// Wrong usage of which nothing is said beside its remedy.
  init(remedy: LocalizedText) { self.init(LocalizedText(""), remedy: remedy) }

  /// Wrong usage. The argument parser hands on one text, in which ``ParserText`` finds the remedy again.
  init(_ message: LocalizedText, remedy: LocalizedText?) {
    self.init(message.shown + (remedy.map { "\(ParserText.remedyMark)\($0.shown)" } ?? ""))
  }
}

extension ArgumentHelp {
  /// The help of an option or an argument in both languages.
  init(_ english: String, _ danish: String, valueName: String? = nil) {
    self.init(LocalizedText(english, danish).shown, valueName: valueName)
  }
}

extension Diagnostic {
  /// The finding in the language of the output.
  var shown: String { line(in: OutputLanguage.current) }
}
