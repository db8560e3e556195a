import ArgumentParser
import ExchangeSettings
import FilsluseBase
import Glibc
import TriggerFiles

/// `filsluse routes done`: records that an onboarding task is done.
struct RoutesDone: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "done",
    abstract: LocalizedText(
      "Record that an onboarding task is done, by whom and when.", "Optegn, at en opgave er udført, af hvem og hvornår."
    ).shown,
    discussion: LocalizedText(
      """
      The line is added to the record beside the register, and counts for every route that the task is done once for. Day \
      and name are today and the user's own unless they are given; for a task that needs others which are not done they \
      must be given. A task whose id several integrations have is named with its own: SF1590_D:TF106.
      """,
      """
      Linjen føjes til optegnelsen ved siden af registret og gælder for alle ruter, som opgaven udføres én gang for. Dag og \
      navn er i dag og brugerens eget, medmindre de angives; til en opgave, der kræver andre, som ikke er udført, skal de \
      angives. En opgave, hvis nummer flere integrationer har, nævnes med sin egen: SF1590_D:TF106.
      """
    ).shown)

  @Argument(help: ArgumentHelp("The task, such as SF1590_D:TF106.", "Opgaven, fx SF1590_D:TF106."))
  var task: String

  @Option(
    help: ArgumentHelp(
      "The route; several are named one by one. Not needed where the task is done once for all that have it.",
      "Ruten; flere nævnes én for én. Kan udelades, hvor opgaven udføres én gang for alle, der har den."),
    completion: Proposals.routes)
  var route: [String] = []

  @Flag(help: ArgumentHelp("Record that it is not done after all.", "Optegn, at den alligevel ikke er udført."))
  var undo = false

  @Flag(
    help: ArgumentHelp(
      "Record that a conditional or optional task is not needed.",
      "Optegn, at en betinget eller valgfri opgave ikke er nødvendig."))
  var notNeeded = false

  @OptionGroup var recording: RecordingOptions
  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard !undo || !notNeeded else {
      throw ValidationError(
        "--undo and --not-needed exclude each other", "--undo og --not-needed udelukker hinanden")
    }
  }

  func run() async throws {
    let register = try settings.loadRegister().register
    let task = try TaskChoice.task(named: task)
    let before = Readiness(register)
    let routes = try chosenRoutes(for: task, in: register, before)
    for route in routes { try check(task, on: before.of(route), with: before) }
    let entries = recording.entries(
      routes.map { .task(TaskRecord(task: task.key.description, route: $0.name, state: state)) })
    let after = Readiness(try record(entries, in: register))
    try show(task, routes.map { after.of($0) }, before: routes.map { before.of($0) })
  }

  /// The register with the entries, which a dry run does not write.
  private func record(_ entries: [RecordedEntry], in register: RouteRegister) throws -> RouteRegister {
    guard recording.dryRun else {
      try RouteRegister.record(entries, of: register.source)
      return try settings.loadRegister().register
    }
    recording.sayDryRun(in: language.chosen)
    var changed = register
    for entry in entries { changed.record.add(entry) }
    return changed
  }

  /// Returns the named routes; without names, the first of those that share one completion of the task.
  ///
  /// - Throws: `CommandFailure` for an unknown route, and without names if the task is done more than once.
  private func chosenRoutes(
    for task: OnboardingTask, in register: RouteRegister, _ readiness: Readiness
  ) throws -> [RegisteredRoute] {
    guard route.isEmpty else {
      return try route.map { name in
        try register.check(route: name)
        return try register.route(named: name).orFailure()
      }
    }
    let groups = readiness.groups(of: task)
    guard let only = groups.first, let first = only.first else {
      throw CommandFailure(
        .usage,
        LocalizedText(
          "no route of \(register.source) is known to have \(task.key)",
          "ingen rute i \(register.source) vides at have \(task.key)"),
        remedy: LocalizedText(
          "name the one that it was done for: --route NAME", "angiv den, opgaven er udført for: --route NAVN"),
        in: language.chosen)
    }
    guard groups.count == 1 else {
      let names = groups.compactMap { $0.first?.name }
      let shown = names.prefix(5).map { "--route \($0)" }.joined(separator: ", ") + (names.count > 5 ? ", …" : "")
      throw CommandFailure(
        .usage,
        LocalizedText(
          "\(task.key) is done \(task.frequency.title.en), \(groups.count) times by this list",
          "\(task.key) udføres \(task.frequency.title.da), \(groups.count) gange efter denne liste"),
        remedy: LocalizedText(
          "name a route of each that it was done for: \(shown)", "angiv en rute for hver, den er udført for: \(shown)"),
        in: language.chosen)
    }
    let words = LocalizedText(
      "it counts for \(only.count.counted("route"))", "det gælder for \(only.count.counted("rute", "ruter"))")
    Output.note("filsluse: \(words[language.chosen])")
    return [first]
  }

  private var state: TaskRecord.State { undo ? .notDone : notNeeded ? .notNeeded : .done }

  /// - Throws: `CommandFailure` for a task that does not belong to the route, or that waits and lacks day or name.
  private func check(_ task: OnboardingTask, on route: RouteReadiness, with readiness: Readiness) throws {
    let name = Printable.text(route.route)
    if route.integration == "SF1630" || task.key.integration == "SF1630", route.integration != task.key.integration {
      let integration =
        route.integration.map { LocalizedText($0) }
        ?? LocalizedText("no documented integration", "ingen dokumenteret integration")
      throw CommandFailure(
        .badData, "\(task.key) is no task of \(name), which belongs to \(integration.en)",
        "\(task.key) er ingen opgave for \(name), som hører til \(integration.da)")
    }
    guard !notNeeded || task.mode.canBeLeftOut else {
      throw CommandFailure(
        .badData, "\(task.key) cannot be left out: it is neither conditional nor optional",
        "\(task.key) kan ikke udelades: den er hverken betinget eller valgfri")
    }
    guard let standing = route.tasks.first(where: { $0.task.key == task.key }), state == .done else { return }
    switch standing.state {
    case .waits:
      let missing = standing.waitsFor.map { $0.meant.description }.joined(separator: ", ")
      guard recording.on != nil, recording.by != nil else {
        throw CommandFailure(
          .badData, "\(name): \(task.key) needs \(missing), not recorded as done",
          "\(name): \(task.key) kræver \(missing), som ikke er optegnet som udført",
          remedy: LocalizedText("give day and name: --on, --by", "angiv dag og navn: --on, --by"))
      }
      let warning = LocalizedText(
        "warning: \(name): \(task.key) needs \(missing), not recorded as done",
        "advarsel: \(name): \(task.key) kræver \(missing), som ikke er optegnet som udført")
      Output.note("filsluse: \(warning[language.chosen])")
    case .fallenAway where route.chosenBeside(task) != nil:
      let other = route.chosenBeside(task).map { "\($0.task.key)" } ?? ""
      let step = Remedy.Step.takeBackTask(other, route: route.route)
      throw CommandFailure(
        .badData,
        "\(name): \(task.key) and \(other) exclude each other, and \(other) is recorded as done",
        "\(name): \(task.key) og \(other) udelukker hinanden, og \(other) er optegnet som udført",
        remedy: LocalizedText("if it is not: \(step)", "er den ikke det: \(step.inDanish)")
      )
    case .fallenAway:
      let warning = LocalizedText(
        "warning: \(name): \(task.key) falls away, since another alternative is recorded as done",
        "advarsel: \(name): \(task.key) bortfalder, da et andet alternativ er optegnet som udført")
      Output.note("filsluse: \(warning[language.chosen])")
    case .done, .mayStart, .notNeeded: break
    }
  }

  private func show(_ task: OnboardingTask, _ after: [RouteReadiness], before: [RouteReadiness]) throws {
    if format.json { return try Output.print(json: ReadinessReport(after)) }
    let language = language.chosen
    for (route, earlier) in zip(after, before) {
      let name = Printable.text(route.route)
      Output.print("\(name): \(task.key): \(state.title[language])")
      let known = Set(earlier.tasks(.mayStart).map(\.task.key))
      for next in route.tasks(.mayStart) where !known.contains(next.task.key) {
        let words = LocalizedText("may start now", "kan begynde nu")[language]
        Output.print("\(name): \(words): \(next.task.key) (\(next.task.actor[language])): \(next.task.title[language])")
      }
    }
  }
}

extension RouteReadiness {
  /// The alternative to a task that is recorded as done; `nil` for none.
  fileprivate func chosenBeside(_ task: OnboardingTask) -> TaskReadiness? {
    guard case .alternative = task.mode else { return nil }
    return tasks.first { $0.task.mode == task.mode && $0.task.key != task.key && $0.state == .done }
  }
}

extension RegisteredRoute? {
  /// The route, which has just been found to be there.
  fileprivate func orFailure() throws(CommandFailure) -> RegisteredRoute {
    guard let self else { throw CommandFailure(.internalError, "the route is there and cannot be found") }
    return self
  }
}

/// The task that a user means.
enum TaskChoice {
  /// Returns the task of a name; asks at a terminal for the integration if several have the id.
  ///
  /// - Throws: `CommandFailure` for an unknown or ambiguous name, with similar ones.
  static func task(named text: String) throws(CommandFailure) -> OnboardingTask {
    if let key = TaskKey(text) {
      if let task = OnboardingTasks.task(key) { return task }
      throw unknown(text)
    }
    let tasks = OnboardingTasks.tasks(id: text)
    guard let first = tasks.first else { throw unknown(text) }
    if tasks.count == 1 { return first }
    let choices = tasks.map { "\($0.key) (\($0.title.shown))" }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw CommandFailure(
        .usage, "“\(text)” is a task of several integrations", "„\(text)“ er en opgave i flere integrationer",
        remedy: LocalizedText(
          "name one: \(choices.joined(separator: "; "))", "nævn én: \(choices.joined(separator: "; "))"))
    }
    for (number, choice) in choices.enumerated() { Output.note("\(number + 1)  \(choice)") }
    let question = LocalizedText("which integration? Type its number:", "hvilken integration? Skriv dens nummer:")
    Output.note("\(text): \(question.shown)")
    guard let answer = readLine().flatMap({ Int($0) }), tasks.indices.contains(answer - 1) else {
      throw CommandFailure(
        .usage, "nothing was recorded: that is none of the numbers", "intet er optegnet: det er ingen af numrene")
    }
    return tasks[answer - 1]
  }

  private static func unknown(_ text: String) -> CommandFailure {
    let name = Printable.text(text)
    if let key = OnboardingTasks.meant(byPrinted: text) {
      return CommandFailure(
        .badData, "the document prints \(name), which no task has, and is read \(key.id): write \(key)",
        "dokumentet trykker \(name), som ingen opgave har, og læses \(key.id): skriv \(key)")
    }
    let near = OnboardingTasks.nearest(to: text).map { NearestName.question("\($0)").shown + " " } ?? ""
    return CommandFailure(
      .badData, code: .unknownTask, "no integration has a task “\(name)”",
      "ingen integration har en opgave „\(name)“",
      remedy: LocalizedText(
        "\(near)filsluse integration explain SF1590_D lists tasks",
        "\(near)filsluse integration explain SF1590_D viser opgaver"))
  }
}

extension RecordWriteError: HasExitStatus {
  var exitStatus: ExitStatus { .localIO }

  var explanation: String {
    guard OutputLanguage.current == .danish else { return "filsluse: \(self)" }
    return "filsluse: \(path): intet er optegnet: \(cause.shown); \(remedyInDanish)"
  }

  var reportedRemedy: String? { LocalizedText(remedy, remedyInDanish).shown }

  private var remedyInDanish: String {
    mayTryAgain ? "skaf plads på disken, og prøv igen" : "se efter mappen og rettighederne til den"
  }
}
