import FilsluseBase
import ArgumentParser
import ExchangeSettings
import LocalPlatform
import SystemPackage
import TriggerFiles

/// `filsluse routes platform`: a plan of the local platform, made of the settings' own routes.
struct RoutesPlatform: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "platform",
    abstract: LocalizedText(
      "Write a plan for the local platform, to try your own routes before anything is ordered.",
      "Skriv en plan til den lokale platform, så egne ruter kan prøves, før noget bestilles."
    ).shown,
    discussion: LocalizedText(
      """
      The plan has the systems and routes of the settings and their register, nothing of their keys and hosts. Then: \
      filsluse platform --plan plan.yaml --directory trial. Each system has its own settings there, such as \
      trial/clients/fagsystem/filsluse.yaml.
      """,
      """
      Planen har systemerne og ruterne fra indstillingerne og registret, intet om nøgler og værter. Derefter: filsluse \
      platform --plan plan.yaml --directory trial. Hvert system har sine egne indstillinger dér, fx \
      trial/clients/fagsystem/filsluse.yaml.
      """
    ).shown)

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write the plan into a file.", "Skriv planen til en fil.", valueName: "file"))
  var output: String?

  @Flag(help: ArgumentHelp("Replace the file where there is one.", "Erstat filen, hvis den findes."))
  var force = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var format: OutputOptions

  /// The plan as JSON shows it: its text, or the file that it was written to.
  private struct Report: Encodable {
    let systems: Int
    let routes: Int
    var plan: String?
    var file: String?
  }

  func run() async throws {
    let file = try settings.file
    let (loaded, register) = try ExchangeSettings.loadWithRegister(file)
    OutputLanguage.take(loaded)
    let plan = PlatformPlan(of: loaded, register: register)
    guard !plan.systems.isEmpty else {
      throw CommandFailure(
        .configuration, "\(Printable.text(file.string)) names no IT-system; add it-system: to the account",
        "\(Printable.text(file.string)) nævner intet it-system; tilføj it-system: til kontoen")
    }
    let text = PlatformPlanFile(plan: plan).yaml()
    var report = Report(systems: plan.systems.count, routes: plan.routes.count)
    guard let output else {
      guard format.json else { return Output.print(String(text.dropLast())) }
      report.plan = text
      return try Output.print(json: report)
    }
    let inputs = [file] + (register.map { [$0.source, RouteRegister.record(of: $0.source)] } ?? [])
    try OutputFile.write(Array(text.utf8), to: FilePath(output), force: force, sparing: inputs)
    if format.json {
      report.file = output
      return try Output.print(json: report)
    }
    let counts = LocalizedText(
      "\(plan.systems.count.counted("system")), \(plan.routes.count.counted("route"))",
      "\(plan.systems.count.counted("system", "systemer")), \(plan.routes.count.counted("rute", "ruter"))")
    Output.note("filsluse: \(counts.shown): filsluse platform --plan \(Printable.text(output)) --directory trial")
  }
}
