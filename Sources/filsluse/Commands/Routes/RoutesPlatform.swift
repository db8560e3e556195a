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
      trial/clients/fagsystem/filsluse.yaml. After a new line in the list: the same with --force, and the platform \
      started again.
      """,
      """
      Planen har systemerne og ruterne fra indstillingerne og registret og intet om nøgler og værter, undtagen for konti \
      fra filsluse init --trial: de beholder nøgle og port og virker med platformen, som de er. \
      Derefter: filsluse platform --plan plan.yaml --directory trial. Hvert system har sine egne indstillinger dér, fx \
      trial/clients/fagsystem/filsluse.yaml. Efter en ny linje i listen: det samme med --force, og platformen startet igen.
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
    let directory = TrialValues.folder(beside: file)
    let written = PlatformPlanFile(of: loaded, register: register, directory: directory)
    let plan = written.plan
    let gaps = try PlanGaps(file, loaded, register).texts
    guard gaps.isEmpty else { throw CommandFailure(.configuration, gaps.map(\.shown).joined(separator: "\n")) }
    let text = written.yaml()
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
    Output.note("filsluse: \(counts.shown)")
    // The settings of a trial reach the platform themselves, in the folder whose host key they name.
    let isOwn = plan.routes.first.flatMap { plan.system(named: $0.sender) }?.keyFile != nil
    let folder = isOwn ? directory : FilePath(TrialValues.directory)
    guard let commands = TrialCommands(plan, directory: folder) else { return }
    commands.show(plan: FilePath(output), settings: isOwn ? file : nil)
    Output.note("filsluse: \(TrialCommands.afterAChange.shown)")
  }
}

/// The gaps of settings and list that keep a plan from being made, all at once, with file and line.
private struct PlanGaps {
  /// A text for each gap, and how to fill them; empty where a plan can be made.
  let texts: [LocalizedText]

  init(_ file: FilePath, _ settings: ExchangeSettings, _ register: RouteRegister?) throws(CommandFailure) {
    let isEmpty = settings.routes.isEmpty && (register?.routes.isEmpty ?? true)
    guard isEmpty else {
      texts = []
      return
    }
    var gaps: [LocalizedText] = []
    for account in settings.accounts where account.itSystem == nil {
      let place = Self.place(file, try Self.comments(of: file) { $0.contains("it-system:") })
      gaps.append(
        LocalizedText(
          "\(place): the account \(account.name) has no it-system: write its UUID there",
          "\(place): kontoen \(account.name) har intet it-system: skriv dets UUID dér"))
    }
    if let list = register?.source {
      let place = Self.place(list, try Self.comments(of: list) { $0.count(where: { $0 == ";" }) > 1 })
      gaps.append(
        LocalizedText(
          "\(place): there is no route: fill in InfRef and the UUID of the receiving system, and take the # away before template and municipalities",
          "\(place): der er ingen rute: udfyld InfRef og modtagersystemets UUID, og fjern # foran skabelon og kommuner")
      )
    } else {
      gaps.append(
        LocalizedText(
          "\(file): there is no route; name a list with routes-file: routes.csv",
          "\(file): der er ingen rute; angiv en liste med routes-file: routes.csv"))
    }
    let (system, infRef) = (TrialValues.system(), TrialValues.infRef)
    gaps.append(
      LocalizedText(
        "a trial takes invented values, such as \(system) and \(infRef); filsluse init --trial --directory NAME invents all of them",
        "en prøve kan bruge opfundne værdier, fx \(system) og \(infRef); filsluse init --trial --directory NAVN opfinder dem alle"
      ))
    texts = gaps.map { gap in gap.map { Printable.text($0) } }
  }

  /// A file with the numbers of its lines.
  private static func place(_ file: FilePath, _ lines: [Int]) -> String {
    lines.isEmpty ? "\(file)" : "\(file):\(lines.map { "\($0)" }.joined(separator: ","))"
  }

  /// The numbers of the lines of a file that are comments and fit.
  private static func comments(
    of file: FilePath, where fits: (Substring) -> Bool
  ) throws(CommandFailure) -> [Int] {
    let text = String(decoding: try InputFile.read(file, upTo: 1 << 20), as: UTF8.self)
    var numbers: [Int] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.drop(while: \.isWhitespace).hasPrefix("#"), fits(line) { numbers.append(index + 1) }
    }
    return numbers
  }
}
