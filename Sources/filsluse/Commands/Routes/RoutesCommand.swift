import ArgumentParser
import ExchangeSettings
import SystemPackage
import TriggerFiles

/// `filsluse routes`: the register of all routes.
struct RoutesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "routes",
    abstract: LocalizedText(
      "List, check, change and compare the routes of the register, and show their readiness.",
      "Vis, kontrollér, ret og sammenlign registrets ruter, og se, om de er klar."
    ).shown,
    discussion: LocalizedText(
      """
      The register is one list beside the settings, routes.csv or routes.yaml, named by routes-file: in the settings, \
      with a record of states, orders and tasks beside it (routes.record).
      """,
      """
      Registret er én liste ved siden af indstillingerne, routes.csv eller routes.yaml, som routes-file: i indstillingerne \
      nævner, med en optegnelse af tilstande, bestillinger og opgaver ved siden af (routes.record).
      """
    ).shown,
    subcommands: [
      RoutesList.self, RoutesCheck.self, RoutesImport.self, RoutesExport.self, RoutesNew.self, RoutesDiff.self,
      RoutesReady.self, RoutesDone.self, RoutesRecord.self, RoutesPlatform.self,
    ])
}

extension SettingsOptions {
  /// The settings and their register.
  ///
  /// - Throws: `CommandFailure` where the settings name no register.
  func loadRegister() throws -> (settings: ExchangeSettings, register: RouteRegister) {
    let file = try file
    let (settings, register) = try ExchangeSettings.loadWithRegister(file)
    OutputLanguage.take(settings)
    for warning in settings.warnings { Output.note(warning.shown) }
    guard let register else { throw Self.noRegister(file) }
    return (settings, register)
  }

  /// The register to look at, also one that cannot be used because lines of its list have mistakes.
  ///
  /// - Returns: the register, and the refusal of a list with mistakes, whose register has the routes that can be read.
  /// - Throws: `CommandFailure` where the settings name no register, `SettingsError` where the settings, the list as a
  ///   whole, or its record cannot be read.
  func loadReadableRegister() throws -> (register: RouteRegister, refusal: SettingsError?) {
    do {
      return (try loadRegister().register, nil)
    } catch let refusal as SettingsError {
      let reading = SettingsReading(try file)
      guard reading.settings != nil, reading.problems.isEmpty, let list = reading.register,
        let register = list.readable, !register.routes.isEmpty,
        list.findings.allSatisfy({ $0.severity != .error || $0.file == register.source })
      else { throw refusal }
      OutputLanguage.take(reading.settings)
      return (register, refusal)
    }
  }

  /// The failure of settings without a register.
  static func noRegister(_ file: FilePath) -> CommandFailure {
    CommandFailure(
      .configuration,
      "\(Printable.text(file.string)) names no register", "\(Printable.text(file.string)) nævner intet register",
      remedy: LocalizedText(
        "add routes-file: routes.csv and make that file, with a first line such as name;template;municipality;authority",
        "tilføj routes-file: routes.csv, og lav den fil med en første linje som name;template;municipality;authority")
    )
  }
}

extension RegisterFinding {
  /// The finding and its remedy, on one line.
  func sentence(in language: ReportLanguage) -> String {
    Printable.text("\(message[language]); \(remedy[language])")
  }
}

extension RegisterError: HasExitStatus {
  var exitStatus: ExitStatus { .badData }
  var explanation: String { findings.map { $0.line(in: OutputLanguage.current) }.joined(separator: "\n") }
  var reportedRemedy: String? { findings.count == 1 ? findings.first?.remedy.shown : nil }
}
