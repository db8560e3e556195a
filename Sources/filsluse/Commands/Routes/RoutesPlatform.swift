import ArgumentParser
import ExchangeSettings
import FilsluseBase
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
      The plan has the systems and routes of the settings and their register, and nothing of keys and hosts, but for \
      accounts of filsluse init --trial: these keep key and port, and work with the platform as they are. Then: \
      filsluse platform --plan plan.yaml --directory trial. Each system has its own settings there, such as \
      trial/clients/fagsystem/filsluse.yaml. A platform that runs takes up the file when it is written again (--force). \
      No plan has to be written for routes as they are: filsluse platform --plan filsluse.yaml takes those of the \
      settings, and each change of their list. One that is written can be changed by hand.
      """,
      """
      Planen har systemerne og ruterne fra indstillingerne og registret og intet om nøgler og værter, undtagen for konti \
      fra filsluse init --trial: de beholder nøgle og port og virker med platformen, som de er. \
      Derefter: filsluse platform --plan plan.yaml --directory trial. Hvert system har sine egne indstillinger dér, fx \
      trial/clients/fagsystem/filsluse.yaml. En platform, der kører, følger filen, når den skrives igen (--force). Til ruter, \
      som de er, behøver ingen plan at blive skrevet: filsluse platform --plan filsluse.yaml tager indstillingernes og hver \
      ændring af deres liste. En plan, der er skrevet, kan rettes i hånden.
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

  /// The plan in JSON: its text, or the file that it was written to.
  private struct Report: Encodable {
    let systems: Int
    let routes: Int
    var plan: String?
    var file: String?
  }

  func run() async throws {
    let file = try settings.file
    let directory = TrialValues.folder(beside: file)
    let own = try PlanOfRoutes(settings: file, directory: directory)
    let (plan, text) = (own.file.plan, own.file.yaml())
    var report = Report(systems: plan.systems.count, routes: plan.routes.count)
    guard let output else {
      guard format.json else { return Output.print(String(text.dropLast())) }
      report.plan = text
      return try Output.print(json: report)
    }
    let inputs = [file] + (own.register.map { [$0.source, RouteRegister.record(of: $0.source)] } ?? [])
    try OutputFile.write(Array(text.utf8), to: FilePath(output), force: force, sparing: inputs)
    if format.json {
      report.file = output
      return try Output.print(json: report)
    }
    let counts = LocalizedText(
      "\(plan.systems.count.counted("system")), \(plan.routes.count.counted("route"))",
      "\(plan.systems.count.counted("system", "systemer")), \(plan.routes.count.counted("rute", "ruter"))")
    Output.note("filsluse: \(counts.shown)")
    // Settings of a trial connect to the platform themselves, in the folder of the host key that they name.
    let isOwn = plan.routes.first.flatMap { plan.system(named: $0.sender) }?.keyFile != nil
    let folder = isOwn ? directory : FilePath(TrialValues.directory)
    guard let commands = TrialCommands(TrialSettings(plan, directory: folder, own: file)) else { return }
    commands.show(plan: FilePath(output))
    Output.note("filsluse: \(TrialCommands.afterAChange.shown)")
  }
}
