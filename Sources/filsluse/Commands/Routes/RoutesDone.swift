import ArgumentParser
import ExchangeSettings
import FilsluseBase
import Glibc
import TriggerFiles

/// `filsluse routes done`: records that an onboarding task is done.
struct RoutesDone: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "done",
    abstract: "Record that an onboarding task is done, by whom and when.",
    discussion: """
      The line is added to the record beside the register, and counts for every route that the task is done once for. Day \
      and name are today and the user's own unless they are given; for a task that needs others which are not done they \
      must be given. A task whose id several integrations have is named with its own: SF1590_D:TF106.
      """)

  @Argument(help: "The task, such as SF1590_D:TF106.")
  var task: String

  @Option(help: "The route; several are named one by one.")
  var route: [String] = []

  @Option(help: ArgumentHelp("The day on which it was done.", valueName: "yyyy-mm-dd"))
  var on: String?

  @Option(help: ArgumentHelp("The person or party who did it.", valueName: "name"))
  var by: String?

  @Option(help: ArgumentHelp("A remark for the record.", valueName: "text"))
  var note: String?

  @Flag(help: "Record that it is not done after all.")
  var undo = false

  @Flag(help: "Record that a conditional or optional task is not needed.")
  var notNeeded = false

  @OptionGroup var settings: SettingsOptions
  @OptionGroup var language: LanguageOptions
  @OptionGroup var format: OutputOptions

  private static var today: CivilDay {
    CivilDay(daysSince1970: Int(Timestamp.now.millisecondsSince1970 / 86_400_000))
  }

  func validate() throws {
    guard !undo || !notNeeded else { throw ValidationError("--undo and --not-needed exclude each other") }
    guard !route.isEmpty else { throw ValidationError("name the route that it was done for: --route NAME") }
    if let on {
      guard let day = CivilDay(on) else { throw ValidationError("“\(on)” is no day; write 2026-03-01") }
      // Clocks east of Greenwich are a day ahead for a while.
      guard day <= Self.today.later(byDays: 1) else {
        throw ValidationError("\(day) has not come yet; name the day on which it was done")
      }
    }
    for (option, text) in [("--by", by), ("--note", note)] {
      guard let text, text.allSatisfy(\.isWhitespace) else { continue }
      throw ValidationError("\(option) is empty")
    }
  }

  func run() async throws {
    let register = try settings.loadRegister().register
    let task = try TaskChoice.task(named: task)
    let routes = try route.map { name in
      try KnownName.check(
        name, isAmong: register.routes.map(\.name), "there is no route", "\(register.source) has")
      return try register.route(named: name).orFailure()
    }
    let before = Readiness(register)
    for route in routes { try check(task, on: before.of(route), with: before) }
    if by == nil, Self.user == nil { throw CommandFailure(.usage, "name who did it: --by NAME") }
    try RouteRegister.record(entries(of: task, for: routes), of: register.source)
    let after = Readiness(try settings.loadRegister().register)
    try show(task, routes.map { after.of($0) }, before: routes.map { before.of($0) })
  }

  private func entries(of task: OnboardingTask, for routes: [RegisteredRoute]) -> [RecordedEntry] {
    routes.map { route in
      RecordedEntry(
        .task(TaskRecord(task: task.key.description, route: route.name, state: state)),
        on: on.flatMap { CivilDay($0) } ?? Self.today, by: by ?? Self.user, note: note)
    }
  }

  private var state: TaskRecord.State { undo ? .notDone : notNeeded ? .notNeeded : .done }

  /// The name by which the user is logged in.
  private static var user: String? {
    for name in ["LOGNAME", "USER"] {
      guard let value = getenv(name), value.pointee != 0 else { continue }
      return String(cString: value)
    }
    return getpwuid(getuid())?.pointee.pw_name.map { String(cString: $0) }
  }

  /// - Throws: `CommandFailure` for a task that does not belong to the route, or that waits and lacks day or name.
  private func check(_ task: OnboardingTask, on route: RouteReadiness, with readiness: Readiness) throws {
    let name = Printable.text(route.route)
    if route.integration == "SF1630" || task.key.integration == "SF1630", route.integration != task.key.integration {
      let integration = route.integration ?? "no documented integration"
      throw CommandFailure(.badData, "\(task.key) is no task of \(name), which belongs to \(integration)")
    }
    guard !notNeeded || task.mode.canBeLeftOut else {
      throw CommandFailure(.badData, "\(task.key) cannot be left out: it is neither conditional nor optional")
    }
    guard let standing = route.tasks.first(where: { $0.task.key == task.key }), state == .done else { return }
    switch standing.state {
    case .waits:
      let missing = standing.waitsFor.map { $0.meant.description }.joined(separator: ", ")
      guard on != nil, by != nil else {
        throw CommandFailure(
          .badData, "\(name): \(task.key) needs \(missing), not recorded as done; give day and name: --on, --by")
      }
      Output.note("filsluse: warning: \(name): \(task.key) needs \(missing), not recorded as done")
    case .fallenAway:
      Output.note("filsluse: warning: \(name): \(task.key) falls away, since another alternative is recorded as done")
    case .done, .mayStart, .notNeeded: break
    }
  }

  private func show(_ task: OnboardingTask, _ after: [RouteReadiness], before: [RouteReadiness]) throws {
    if format.json { return try Output.print(json: ReadinessReport(after)) }
    let language = language.chosen
    for (route, earlier) in zip(after, before) {
      let name = Printable.text(route.route)
      let recorded =
        switch state {
        case .done: LocalizedText("done", "gjort")
        case .notDone: LocalizedText("not done", "ikke gjort")
        case .notNeeded: LocalizedText("not needed", "ikke nødvendig")
        }
      Output.print("\(name): \(task.key): \(recorded[language])")
      let known = Set(earlier.tasks(.mayStart).map(\.task.key))
      for next in route.tasks(.mayStart) where !known.contains(next.task.key) {
        let words = LocalizedText("may start now", "kan begynde nu")[language]
        Output.print("\(name): \(words): \(next.task.key) (\(next.task.actor[language])): \(next.task.title[language])")
      }
    }
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
  /// The task of a name; asks at a terminal which one is meant where several integrations have the id.
  ///
  /// - Throws: `CommandFailure` for a name that no task has, or several, with those that are near.
  static func task(named text: String) throws(CommandFailure) -> OnboardingTask {
    if let key = TaskKey(text) {
      if let task = OnboardingTasks.task(key) { return task }
      throw unknown(text)
    }
    let tasks = OnboardingTasks.tasks(id: text)
    guard let first = tasks.first else { throw unknown(text) }
    if tasks.count == 1 { return first }
    let choices = tasks.map { "\($0.key) (\($0.title.en))" }
    guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
      throw CommandFailure(
        .usage, "“\(text)” is a task of several integrations; name one: \(choices.joined(separator: "; "))")
    }
    for (number, choice) in choices.enumerated() { Output.note("\(number + 1)  \(choice)") }
    Output.note("\(text): which integration? Type its number:")
    guard let answer = readLine().flatMap({ Int($0) }), tasks.indices.contains(answer - 1) else {
      throw CommandFailure(.usage, "nothing was recorded: that is none of the numbers")
    }
    return tasks[answer - 1]
  }

  private static func unknown(_ text: String) -> CommandFailure {
    let near = OnboardingTasks.nearest(to: text).map { "; \(NearestName.question("\($0)").en)" } ?? ""
    return CommandFailure(
      .badData,
      "no integration has a task “\(Printable.text(text))”\(near); filsluse integration explain SF1590_D lists tasks")
  }
}

extension RecordWriteError: HasExitStatus {
  var exitStatus: ExitStatus { .localIO }
  var explanation: String { "filsluse: \(self)" }
}
