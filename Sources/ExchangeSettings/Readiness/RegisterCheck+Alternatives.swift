internal import FilsluseBase
internal import TriggerFiles

extension RegisterCheck {
  /// Tasks of which exactly one is done, such as TF126-A and TF126-B, where two are recorded as done for one route.
  /// Each pair of lines is found once, at the later line, which is the one that counts.
  func alternativeFindings() -> [RegisterFinding] {
    let records = TaskRecords(register)
    let readiness = Readiness(register)
    var reported: Set<[Int]> = []
    return register.routes.flatMap { route -> [RegisterFinding] in
      guard let list = readiness.integration(of: route).flatMap({ OnboardingTasks.of($0) }) else { return [] }
      var done: [String: [(task: OnboardingTask, entry: RecordedEntry)]] = [:]
      for task in list.tasks {
        guard case .alternative(let group) = task.mode, case .done(let entry) = records.last(task, on: route) else {
          continue
        }
        done[group, default: []].append((task, entry))
      }
      return done.values.compactMap { recorded in
        let choices = recorded.sorted { $0.entry.line < $1.entry.line }
        guard choices.count > 1, let first = choices.first, let last = choices.last,
          reported.insert(choices.map(\.entry.line)).inserted
        else { return nil }
        return alternativeFinding(route, first, last)
      }
    }
  }

  private func alternativeFinding(
    _ route: RegisteredRoute, _ first: (task: OnboardingTask, entry: RecordedEntry),
    _ last: (task: OnboardingTask, entry: RecordedEntry)
  ) -> RegisterFinding {
    let (name, earlier, later) = (Entry.shown(route.name), first.task.key, last.task.key)
    let recorded: String? = if case .task(let task) = first.entry.event { task.route } else { nil }
    return finding(
      .bothAlternatives, last.entry,
      LocalizedText(
        "\(later) and \(earlier) (line \(first.entry.line)) exclude each other, and both are recorded as done for the route \(name)",
        "\(later) og \(earlier) (linje \(first.entry.line)) udelukker hinanden, og begge er optegnet som udført for ruten \(name)"
      ),
      LocalizedText(
        "take back the one that is not done; \(earlier) by: ",
        "tag den tilbage, der ikke er udført; \(earlier) med: ")
        + LocalizedText.step(.takeBackTask(earlier.description, route: recorded ?? route.name)))
  }
}
