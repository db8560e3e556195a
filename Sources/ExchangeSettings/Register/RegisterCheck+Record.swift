internal import FilsluseBase
internal import TriggerFiles

extension RegisterCheck {
  /// Returns findings on declarations with another number than their InfRef's.
  func declarationFindings() -> [RegisterFinding] {
    register.record.entries.compactMap { entry in
      guard case .declaration(let edition) = entry.event,
        case .fagsystemdefineredeData(let number, _) = edition.infRef.kind, number != edition.number
      else { return nil }
      return finding(
        .declarationNumber, entry,
        LocalizedText(
          "the declaration is number \(edition.number), and \(edition.infRef) has the number \(number)",
          "erklæringen er nummer \(edition.number), og \(edition.infRef) har nummer \(number)"),
        LocalizedText(
          "compare both with the declaration that KOMBIT returned (kdi@kombit.dk)",
          "sammenlign begge med den erklæring, KOMBIT har returneret (kdi@kombit.dk)"))
    }
  }

  /// Tasks that are none, or that lack date or name, and entries about routes that the list does not have.
  func recordFindings() -> [RegisterFinding] {
    let last = lastTaskLines
    return register.record.entries.flatMap { entry -> [RegisterFinding] in
      switch entry.event {
      case .task(let task):
        taskFindings(task, entry, counts: counts(task, entry, last)) + routeFinding(task.route, entry)
      case .order(let order): routeFinding(order.route, entry)
      case .agreement(let route, _, _, _): routeFinding(route, entry)
      case .infRef, .declaration: []
      }
    }
  }

  private struct TaskOfRoute: Hashable {
    let task: String
    let route: String?
    let municipality: String?

    init(_ record: TaskRecord) { (task, route, municipality) = (record.task, record.route, record.municipality) }
  }

  /// True if an entry about a task is the last one for its route or, where it names none, for one of the task's routes.
  private func counts(_ task: TaskRecord, _ entry: RecordedEntry, _ last: [TaskOfRoute: Int]) -> Bool {
    guard last[TaskOfRoute(task)] == entry.line else { return false }
    guard task.route == nil, task.municipality == nil else { return true }
    let integration = String(task.task.prefix { $0 != ":" })
    let routes = register.routes.filter { ($0.integration ?? $0.integrationOfInfRef) == integration }
    let isReplaced = routes.allSatisfy { route in
      let own = last[TaskOfRoute(TaskRecord(task: task.task, route: route.name))]
      return own.map { $0 > entry.line } ?? false
    }
    return routes.isEmpty || !isReplaced
  }

  /// The line of the last entry about each task of each route.
  private var lastTaskLines: [TaskOfRoute: Int] {
    var lines: [TaskOfRoute: Int] = [:]
    for entry in register.record.entries {
      guard case .task(let task) = entry.event else { continue }
      lines[TaskOfRoute(task)] = entry.line
    }
    return lines
  }

  private func taskFindings(_ task: TaskRecord, _ entry: RecordedEntry, counts: Bool) -> [RegisterFinding] {
    var findings: [RegisterFinding] = []
    let hasForm = task.task.split(separator: ":", omittingEmptySubsequences: false).count == 2
    if !(knownTasks.map { $0.contains(task.task) } ?? hasForm) {
      let nearest = knownTasks.flatMap { NearestName.to(task.task, among: $0.sorted()) }
      findings.append(
        finding(
          .unknownTask, entry,
          LocalizedText(
            "there is no task \(Entry.shown(task.task)); ids are only unique with their integration",
            "der er ingen opgave \(Entry.shown(task.task)); numre er kun entydige med deres integration"),
          nearest.map(NearestName.question)
            ?? LocalizedText("write it like SF1590_D:TF106", "skriv den som SF1590_D:TF106")))
    }
    if counts, task.state == .done, entry.on == nil || entry.by == nil {
      let missing = entry.on == nil ? (entry.by == nil ? "on= and by=" : "on=") : "by="
      findings.append(
        finding(
          .undatedTask, entry,
          LocalizedText(
            "\(task.task) is recorded as done without \(missing)", "\(task.task) er optegnet som udført uden \(missing)"
          ),
          LocalizedText("record it again, with day and name: ", "optegn den igen, med dag og navn: ")
            + LocalizedText.step(.recordTask(task.task, route: task.route))))
    }
    return findings
  }

  private func routeFinding(_ route: String?, _ entry: RecordedEntry) -> [RegisterFinding] {
    guard let route, register.route(named: route) == nil, settings.route(named: route) == nil else { return [] }
    return [
      finding(
        .recordOfUnknownRoute, entry, severity: .warning,
        LocalizedText(
          "the list has no route \(Entry.shown(route))", "listen har ingen rute \(Entry.shown(route))"),
        register.routesMeant(by: route).question
          ?? LocalizedText(
            "a route that was removed stays in the record; add # before the line if it is a slip",
            "en fjernet rute bliver i optegnelsen; sæt # foran linjen, hvis det er en fejl"))
    ]
  }
}
