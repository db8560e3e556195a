public import TriggerFiles

/// The onboarding tasks of one integration, in the order of its document.
public struct OnboardingTasks: Sendable, Hashable, Codable {
  /// The integration.
  public let integration: String
  /// The version of the integration that the document describes.
  public let edition: String
  /// The document that the tasks are taken from.
  public let document: LocalizedText
  /// The tasks.
  public let tasks: [OnboardingTask]

  /// The task of that name; `nil` where there is none.
  public subscript(key: TaskKey) -> OnboardingTask? {
    guard let entry = Self.index[key], entry.integration == integration else { return nil }
    return entry.task
  }

  /// Dependencies that name no task of the integration, in a form; each with the task that has it.
  public func dangling(in form: TaskDependency.Form) -> [(task: TaskKey, needs: TaskKey)] {
    tasks.flatMap { task in
      task.needs.compactMap { $0.task(in: form) }.filter { self[$0] == nil }.map { (task.key, $0) }
    }
  }

  /// The tasks that a task needs before it, in a form of the dependencies. As printed, twins need each other, too.
  public func needs(of task: OnboardingTask, in form: TaskDependency.Form = .read) -> [TaskKey] {
    let needs = task.needs.compactMap { $0.task(in: form) }
    return form == .printed ? needs + [task.twin].compactMap(\.self) : needs
  }

  /// Tasks that need each other, directly or by others: each circle of the dependencies, and each pair of twins. No
  /// order between them follows from the document, so they are done together.
  public func circles(in form: TaskDependency.Form = .read) -> [[TaskKey]] {
    let reached = Dictionary(
      uniqueKeysWithValues: tasks.map { ($0.key, reachable(from: $0, in: form)) })
    var circles: [[TaskKey]] = []
    for task in tasks where !circles.contains(where: { $0.contains(task.key) }) {
      let others = tasks.map(\.key).filter { other in
        other != task.key && reached[task.key, default: []].contains(other)
          && reached[other, default: []].contains(task.key)
      }
      if !others.isEmpty { circles.append([task.key] + others) }
    }
    return circles
  }

  /// Every task that is reached from one over dependencies and twins.
  private func reachable(from task: OnboardingTask, in form: TaskDependency.Form) -> Set<TaskKey> {
    var reached: Set<TaskKey> = []
    var waiting = [task]
    while let next = waiting.popLast() {
      for key in needs(of: next, in: form) + [next.twin].compactMap(\.self)
      where reached.insert(key).inserted {
        if let task = self[key] { waiting.append(task) }
      }
    }
    return reached
  }
}

extension OnboardingTasks {
  /// The task lists of all integrations with known tasks.
  public static let all = [sf1630, sf1590D, sf1590A]

  /// The tasks of an integration; `nil` where no document lists them.
  public static func of(_ integration: String) -> OnboardingTasks? {
    all.first { $0.integration == integration }
  }

  /// The task of that name; `nil` where there is none.
  public static func task(_ key: TaskKey) -> OnboardingTask? { index[key]?.task }

  /// Every task with its integration.
  private static let index: [TaskKey: (integration: String, task: OnboardingTask)] = Dictionary(
    uniqueKeysWithValues: all.flatMap { list in list.tasks.map { ($0.key, (list.integration, $0)) } })

  /// The tasks that have an id, in whatever integration: `TF106` is one of SF1590_D and one of SF1590_A.
  public static func tasks(id: String) -> [OnboardingTask] {
    all.flatMap { $0.tasks.filter { $0.key.id == id } }
  }

  /// Returns the task that a slip of a document means: SF1590_D prints FF202 as a dependency and means FFH202. `nil`
  /// for any other text.
  ///
  /// - Parameter text: an id, alone or with its integration.
  package static func meant(byPrinted text: String) -> TaskKey? {
    all.lazy.flatMap(\.tasks).flatMap(\.needs).first { need in
      need.stated != need.meant && [need.stated.id, need.stated.description].contains(text) && task(need.stated) == nil
    }?.meant
  }

  /// Returns the known task most similar to a misspelt name; `nil` for none.
  public static func nearest(to text: String) -> TaskKey? {
    let keys = all.flatMap { $0.tasks.map(\.key) }
    let byID = NearestName.to(text, among: keys.map(\.id)).flatMap { id in
      keys.first { $0.id == id }
    }
    return NearestName.to(text, among: keys.map(\.description)).flatMap { TaskKey($0) } ?? byID
  }

  static let sf1630 = OnboardingTasks(
    integration: "SF1630", edition: "1.0",
    document: LocalizedText(
      "integration description of SF1630 (2023), chapters 2 and 5",
      "integrationsbeskrivelsen til SF1630 (2023), kapitel 2 og 5"), tasks: sf1630Tasks)

  static let sf1590D = OnboardingTasks(
    integration: "SF1590_D", edition: "2.2",
    document: LocalizedText(
      "implementation tasks of SF1590_D (document 1.0 of 2020-07-20)",
      "implementeringsopgaver til SF1590_D (dokument 1.0 af 2020-07-20)"),
    tasks: sf1590DAuthority + sf1590DSystem + [fagsystemAsSFTPUser] + sf1590DFagsystem
      + sf1590DInvoiceSystem)

  static let sf1590A = OnboardingTasks(
    integration: "SF1590_A", edition: "2.12",
    document: LocalizedText(
      "the first diagram of SF1590_A, which has lost its lanes",
      "det første diagram til SF1590_A, som har mistet sine baner"),
    tasks: sf1590AConditions + sf1590AConnection)
}
