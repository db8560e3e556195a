import ArgumentParser
import ExchangeSettings
import FilsluseBase
import SystemPackage
import TriggerFiles

/// `filsluse routes ready`: the done tasks of each route, those that may start, and the waiting ones with their
/// dependencies.
struct RoutesReady: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ready",
    abstract: LocalizedText(
      "Show which onboarding tasks of a route are done, which may start now, and what waits for what.",
      "Vis, hvilke af en rutes opgaver der er udført, hvilke der kan begynde nu, og hvad der venter på hvad."
    ).shown,
    discussion: LocalizedText(
      """
      Without a name every route is shown in one line. Stages of the documents are shown and never enforced. Below the \
      routes stand, per municipality, the three questions of a wave: subscription done, service agreements approved, \
      monitoring established. Ends with 1 while a task is missing, in a trial too, where nothing of it is needed.
      """,
      """
      Uden navn vises hver rute på én linje. Dokumenternes trin vises og håndhæves aldrig. Under ruterne står for hver \
      kommune en bølges tre spørgsmål: abonnement bestilt, serviceaftaler godkendt, overvågning etableret. Slutter med 1, så \
      længe en opgave mangler, også i en prøve, hvor intet af det er nødvendigt.
      """
    ).shown)

  @Argument(
    help: ArgumentHelp(
      "The route; by default every route of the register.", "Ruten; som standard alle registrets ruter."),
    completion: Proposals.routes)
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Only the routes of a municipality, by code or name.", "Kun en kommunes ruter, ved kode eller navn."))
  var municipality: String?

  @Flag(
    help: ArgumentHelp(
      "Take the dependencies as they are printed, slips included, not as they are read.",
      "Tag afhængighederne, som de er trykt, med fejl, og ikke, som de læses."))
  var printed = false

  @Flag(
    help: ArgumentHelp(
      "Write the tasks of the route, and what needs what, as a drawing (SVG).",
      "Skriv rutens opgaver, og hvad der kræver hvad, som en tegning (SVG)."))
  var graph = false

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write the drawing into a file.", "Skriv tegningen til en fil.", valueName: "file"))
  var output: String?

  @Flag(help: ArgumentHelp("Let the drawing replace a file.", "Lad tegningen erstatte en fil."))
  var force = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard !graph || name != nil else {
      throw ValidationError(
        "--graph draws one route", "--graph tegner én rute", remedy: LocalizedText("name it", "nævn den"))
    }
    guard output == nil || graph else {
      throw ValidationError(
        "--output is for the drawing", "--output er til tegningen",
        remedy: LocalizedText("say --graph, too", "angiv også --graph"))
    }
    guard !graph || !format.json else {
      throw ValidationError(
        remedy: LocalizedText("write either JSON or the drawing", "skriv enten JSON eller tegningen"))
    }
  }

  func run() async throws {
    let (loaded, register) = try settings.loadRegister()
    let readiness = Readiness(register, form: printed ? .printed : .read)
    let named = try chosen(from: register)
    let routes = named.map { readiness.of($0) }
    let language = language.chosen
    if graph, let route = routes.first {
      try draw(route, register)
    } else if format.json {
      try Output.print(json: ReadinessReport(routes))
    } else {
      Output.print(name == nil ? routes.summary(in: language) : routes.map { $0.readable(in: language) }.joined())
      Output.print("\n" + routes.wave(in: language))
    }
    guard routes.allSatisfy(\.isReady) else {
      Self.noteTrial(named, loaded)
      throw CommandFailure(.warning)
    }
  }

  /// Says that nothing is missing for a trial, where all the routes are of its accounts and of no real environment.
  private static func noteTrial(_ routes: [RegisteredRoute], _ settings: ExchangeSettings) {
    let trial = settings.trialAccounts
    guard routes.allSatisfy({ trial.contains($0.account) && $0.environment == nil }) else { return }
    let text = LocalizedText(
      "this is a trial on the local platform, where nothing of this is needed: files can be sent as it is; the tasks are those for the real platform",
      "dette er en prøve på den lokale platform, hvor intet af dette er nødvendigt: filer kan sendes, som det er; opgaverne gælder den rigtige platform"
    )
    Output.note("filsluse: \(text.shown)")
  }

  /// The routes that the arguments name.
  private func chosen(from register: RouteRegister) throws -> [RegisteredRoute] {
    var routes = register.routes
    if let name {
      try register.check(route: name)
      routes = routes.filter { $0.name == name }
    }
    if let municipality {
      let known = try RoutesList.municipality(municipality)
      routes = routes.filter { $0.municipality == known }
    }
    return routes
  }

  private func draw(_ route: RouteReadiness, _ register: RouteRegister) throws {
    guard !route.tasks.isEmpty else {
      throw CommandFailure(
        .badData, "\(Printable.text(route.route)): no document lists tasks of its integration",
        "\(Printable.text(route.route)): intet dokument har opgaver for dens integration")
    }
    let drawing = ReadinessGraph(route, form: printed ? .printed : .read, language: language.chosen).svg
    guard let output else { return Output.print(drawing) }
    let inputs = [register.source, RouteRegister.record(of: register.source), try settings.file]
    try OutputFile.write(Array((drawing + "\n").utf8), to: FilePath(output), force: force, sparing: inputs)
  }
}

/// The readiness of routes, as JSON has it.
struct ReadinessReport: Encodable {
  struct Route: Encodable {
    let route: String
    let municipality: String?
    let integration: String?
    let ready: Bool
    let wave: WaveAnswers
    let tasks: [Task]
  }

  struct Task: Encodable {
    let task: TaskKey
    let title: LocalizedText
    let state: TaskReadiness.State
    let required: Bool
    let on: String?
    let by: String?
    let note: String?
    let recordLine: Int?
    let shownBy: TaskEvidence.Kind?
    let waitsFor: [TaskDependency]
    let doneTogetherWith: [TaskKey]
    let responsible: TaskActor?
    let performer: TaskActor?
    let places: [TaskPlace]
    let stage: Int?
    let frequency: OnboardingTask.Frequency

    init(_ standing: TaskReadiness) {
      let task = standing.task
      (self.task, title, state, required) = (task.key, task.title, standing.state, task.mode.isRequired)
      let evidence = standing.evidence
      (on, by, note) = (
        evidence?.on?.description, (evidence?.by).map(Masked.name), (evidence?.note).map(Masked.name)
      )
      (recordLine, shownBy) = (evidence?.line, evidence?.kind)
      (waitsFor, doneTogetherWith) = (standing.waitsFor, standing.together)
      (responsible, performer, places) = (task.responsible, task.performer, task.places)
      (stage, frequency) = (task.stage, task.frequency)
    }
  }

  struct Municipality: Encodable {
    let municipality: String?
    let wave: WaveAnswers
    let released: Bool
  }

  let routes: [Route]
  let municipalities: [Municipality]

  init(_ routes: [RouteReadiness]) {
    self.routes = routes.map { route in
      Route(
        route: route.route, municipality: route.municipality?.code, integration: route.integration,
        ready: route.isReady, wave: route.wave, tasks: route.tasks.map(Task.init))
    }
    municipalities = routes.byMunicipality.map {
      Municipality(municipality: $0.municipality?.code, wave: $0.wave, released: $0.wave.isReleased)
    }
  }
}
