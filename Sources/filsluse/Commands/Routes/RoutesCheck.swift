import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes check`: everything that is wrong with the register, like a compiler.
struct RoutesCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: LocalizedText(
      "Check the register and its record, and say how to mend what is wrong.",
      "Kontrollér registret og dets optegnelse, og se, hvordan det forkerte rettes."
    ).shown,
    discussion: LocalizedText(
      """
      Verifies the list: run it after each new line. Before anything is ordered, a good line ends with 0 and the warning \
      that its InfRef is not assigned, and in production with an error. \
      Each finding has file, line, severity, code and remedy. Status 65 for an error, 0 where there are only warnings \
      (or --fail-on warning), 78 where the settings themselves cannot be read: their problems are findings then, too. \
      Entries that the record lacks are added by filsluse routes record and filsluse routes done.
      """,
      """
      Kontrollerer listen: kør den efter hver ny linje. Før noget er bestilt, slutter en god linje med 0 og den advarsel, at \
      dens InfRef ikke er tildelt, i produktion med en fejl. \
      Hvert fund har fil, linje, alvor, kode og udvej. Status 65 ved en fejl, 0 hvor der kun er advarsler (eller --fail-on \
      warning), 78 hvor indstillingerne selv ikke kan læses: deres problemer er så også fund. Det, optegnelsen mangler, \
      tilføjes med filsluse routes record og filsluse routes done.
      """
    ).shown)

  @Option(help: ArgumentHelp("How to show what was found.", "Formen, som fundene vises i."))
  var format: AuditFormat = .table

  @Option(
    help: ArgumentHelp(
      "What ends with 65: an error, or a warning already.",
      "Det, der slutter med 65: en fejl eller allerede en advarsel."))
  var failOn: FailOn = .error

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let file = try settings.file
    let reading = SettingsReading(file)
    OutputLanguage.take(reading.settings)
    let problems = reading.problems.map { RegisterFinding($0) }
    guard let register = reading.register else {
      guard !problems.isEmpty else { throw SettingsOptions.noRegister(file) }
      try show(problems)
      throw CommandFailure(.configuration)
    }
    let findings = problems + Self.findings(reading, register)
    try show(findings)
    let errors = findings.count { $0.severity == .error }
    let warnings = findings.count - errors
    let counts =
      Self.subject(of: register)
      + LocalizedText(
        "\(errors.counted("error")), \(warnings.counted("warning"))",
        "\(errors.counted("fejl", "fejl")), \(warnings.counted("advarsel", "advarsler"))")
    Output.note("filsluse: \(counts[language.chosen])")
    guard problems.isEmpty else { throw CommandFailure(.configuration) }
    if errors > 0 || (failOn == .warning && warnings > 0) { throw CommandFailure(.badData) }
  }

  /// The routes that the counts are about. One mistake keeps the whole list from being used, and the others are good.
  private static func subject(of register: RegisterReading) -> LocalizedText {
    let routes = register.readableRoutes
    guard register.register == nil else {
      return LocalizedText("\(routes.counted("route")): ", "\(routes.counted("rute", "ruter")): ")
    }
    return LocalizedText(
      "\(routes.counted("route")) can be read, and the list is not used before the others can, too: ",
      "\(routes.counted("rute", "ruter")) kan læses, og listen bruges ikke, før de øvrige også kan: ")
  }

  private static func findings(_ reading: SettingsReading, _ register: RegisterReading) -> [RegisterFinding] {
    guard let settings = reading.settings, let readable = register.register else { return register.findings }
    var check = RegisterCheck.ofToday(readable, settings: settings)
    check.positions = reading.positions
    return check.findings()
  }

  private func show(_ findings: [RegisterFinding]) throws {
    let language = language.chosen
    switch output.json ? .json : format {
    case .table: for finding in findings { Output.print(Printable.text(finding.line(in: language))) }
    case .json: try Output.print(json: findings.map { FindingJSON($0, language) })
    case .sarif: try Output.print(json: SARIFLog(findings, in: language))
    case .junit:
      let cases = findings.map { finding in
        let place = finding.position.map { ":\($0)" } ?? ""
        return JUnitReport.failure(
          name: "\(place.dropFirst()) \(finding.code.rawValue)", file: Printable.text(finding.file.string),
          line: finding.position?.line ?? 1, type: finding.code.rawValue,
          location: Printable.text("\(finding.file)\(place)"), severity: finding.severity.rawValue,
          text: finding.sentence(in: language))
      }
      Output.print(JUnitReport.text(of: "routes check", cases, failures: cases.count))
    }
  }
}

/// A finding as JSON shows it.
struct FindingJSON: Encodable {
  let file: String
  let line: Int?
  let column: Int?
  let severity: String
  let code: String
  let message: String
  let remedy: String

  init(_ finding: RegisterFinding, _ language: ReportLanguage) {
    file = finding.file.string
    line = finding.position?.line
    column = finding.position?.column
    severity = finding.severity.rawValue
    code = finding.code.rawValue
    message = finding.message[language]
    remedy = finding.remedy[language]
  }
}
