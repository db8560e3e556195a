internal import TriggerFiles

/// The readiness of the register's routes: the done onboarding tasks, those that may start now, and the waiting ones
/// with their dependencies.
///
/// Stages are shown and never enforced, since tasks of an early section need tasks of a later one. Tasks that need each
/// other, as printed or by a slip, do not block each other.
public struct Readiness: Sendable {
  private let register: RouteRegister
  private let form: TaskDependency.Form
  private let records: TaskRecords
  private let circles: [TaskKey: [TaskKey]]

  /// - Parameters:
  ///   - register: the routes and the record.
  ///   - form: the form of the dependencies for deciding which tasks wait.
  public init(_ register: RouteRegister, form: TaskDependency.Form = .read) {
    self.register = register
    self.form = form
    records = TaskRecords(register)
    let all = OnboardingTasks.all.flatMap { $0.circles(in: form) }
    circles = Dictionary(
      all.flatMap { circle in circle.map { key in (key, circle.filter { $0 != key }) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The readiness of one route of the register.
  public func of(_ route: RegisteredRoute) -> RouteReadiness {
    let integration = integration(of: route)
    let list = integration.flatMap { OnboardingTasks.of($0) }
    let tasks = list.map { states(of: $0, on: route) } ?? []
    return RouteReadiness(
      route: route.name, municipality: route.municipality, integration: integration, tasks: tasks,
      wave: wave(integration, tasks, route))
  }

  /// The integration of a route: the register's, or that of its recorded tasks, or that of its InfRef.
  ///
  /// A sortiment counts as that of SF1590_D unless a task of SF1590_A is recorded for the route.
  public func integration(of route: RegisteredRoute) -> String? {
    if let stated = route.integration { return stated }
    if let recorded = records.integration(of: route.name) { return recorded }
    return route.integrationOfInfRef
  }

  /// The routes that have a task, in groups: the task is done once for each group, and a record of it for one of the
  /// group's routes holds for all of them.
  public func groups(of task: OnboardingTask) -> [[RegisteredRoute]] {
    var scopes: [TaskScope] = []
    var groups: [TaskScope: [RegisteredRoute]] = [:]
    for route in register.routes {
      guard let list = integration(of: route).flatMap({ OnboardingTasks.of($0) }), list[task.key] != nil else {
        continue
      }
      let scope = TaskScope(of: task, on: route)
      if groups[scope] == nil { scopes.append(scope) }
      groups[scope, default: []].append(route)
    }
    return scopes.compactMap { groups[$0] }
  }

  private func states(of list: OnboardingTasks, on route: RegisteredRoute) -> [TaskReadiness] {
    var evidence: [TaskKey: TaskEvidence] = [:]
    for task in list.tasks { evidence[task.key] = self.evidence(of: task, on: route) }
    for task in list.tasks where evidence[task.key] == nil {
      guard let twin = task.twin.flatMap({ list[$0] }) else { continue }
      evidence[task.key] = self.evidence(of: twin, on: route)?.asTwin
    }
    for key in replaced(list, evidence) { evidence[key] = nil }
    let unneeded = unneeded(list, on: route).filter { evidence[$0.key] == nil }
    let away = fallenAway(list, evidence).union(unneeded.keys)
    return list.tasks.map { task in
      let together = circles[task.key] ?? []
      if let line = unneeded[task.key] {
        return TaskReadiness(task: task, state: .notNeeded, evidence: line, waitsFor: [], together: together)
      }
      guard evidence[task.key] == nil, !away.contains(task.key) else {
        let state: TaskReadiness.State = evidence[task.key] == nil ? .fallenAway : .done
        return TaskReadiness(
          task: task, state: state, evidence: evidence[task.key], waitsFor: [], together: together)
      }
      let waits = task.needs.filter { need in
        guard let key = need.task(in: form), let other = list[key] else { return false }
        let isOpen = evidence[key] == nil && !away.contains(key) && other.mode.isRequired
        return isOpen && !together.contains(key) && !isEnough(need, on: route)
      }
      return TaskReadiness(
        task: task, state: waits.isEmpty ? .mayStart : .waits, evidence: nil, waitsFor: waits, together: together)
    }
  }

  /// Returns the tasks recorded as not needed, and those with such a twin.
  private func unneeded(_ list: OnboardingTasks, on route: RegisteredRoute) -> [TaskKey: TaskEvidence] {
    var lines: [TaskKey: TaskEvidence] = [:]
    for task in list.tasks {
      if case .notNeeded(let entry) = records.last(task, on: route) {
        lines[task.key] = TaskEvidence(entry, .task)
      } else if let twin = task.twin.flatMap({ list[$0] }), case .notNeeded(let entry) = records.last(twin, on: route) {
        lines[task.key] = TaskEvidence(entry, .twin)
      }
    }
    return lines
  }

  /// Returns the alternatives for which a later line chooses another one: the last line counts.
  private func replaced(_ list: OnboardingTasks, _ evidence: [TaskKey: TaskEvidence]) -> [TaskKey] {
    var lines: [String: [(key: TaskKey, line: Int)]] = [:]
    for task in list.tasks {
      guard case .alternative(let group) = task.mode, let line = evidence[task.key]?.line else { continue }
      lines[group, default: []].append((task.key, line))
    }
    return lines.values.flatMap { choices in
      let last = choices.map(\.line).max()
      return choices.filter { $0.line != last }.map(\.key)
    }
  }

  /// Returns the tasks of alternatives that were not chosen, and the tasks needed only with them.
  private func fallenAway(_ list: OnboardingTasks, _ evidence: [TaskKey: TaskEvidence]) -> Set<TaskKey> {
    var chosen: Set<String> = []
    for task in list.tasks where evidence[task.key] != nil {
      if case .alternative(let group) = task.mode { chosen.insert(group) }
    }
    var away: Set<TaskKey> = []
    for task in list.tasks where evidence[task.key] == nil {
      if case .alternative(let group) = task.mode, chosen.contains(group) { away.insert(task.key) }
    }
    for task in list.tasks where evidence[task.key] == nil {
      if let choice = task.onlyWith, away.contains(choice) { away.insert(task.key) }
    }
    return away
  }

  /// Returns true if the dependency accepts an earlier state than done and that is reached: an assigned InfRef is
  /// enough for an order.
  private func isEnough(_ need: TaskDependency, on route: RegisteredRoute) -> Bool {
    guard need.enough != nil, let state = register.infRefState(of: route) else {
      return false
    }
    return state >= .assigned
  }

  private func evidence(of task: OnboardingTask, on route: RegisteredRoute) -> TaskEvidence? {
    switch records.last(task, on: route) {
    case .done(let entry): TaskEvidence(entry, .task)
    case .undone, .notNeeded: nil
    case nil: otherEvidence(of: task.key, on: route)
    }
  }

  /// Returns the evidence from InfRef states and orders, which shows some tasks as done without a record of their own.
  private func otherEvidence(of key: TaskKey, on route: RegisteredRoute) -> TaskEvidence? {
    switch (key.description, route.recipientRole) {
    case ("SF1630:30", _): infRef(.declared, of: route) ?? declaration(of: route)
    case ("SF1630:40", _): infRef(.created, of: route)
    case ("SF1630:70", _): order(.route, of: route)
    case ("SF1590_D:TFH223", .invoices): order(.route, of: route)
    case ("SF1590_D:TFH206", .invoices), ("SF1590_D:TF106", .fagsystem): order(.monitoring, of: route)
    default: nil
    }
  }

  private func infRef(_ least: InfRefState, of route: RegisteredRoute) -> TaskEvidence? {
    let environment = register.environment(of: route)
    let states = route.infRef.map { register.record.states(of: $0, in: environment) } ?? []
    guard let current = states.last, current.state >= least else { return nil }
    let entry = states.last { $0.state == least }?.entry ?? current.entry
    return TaskEvidence(entry, .infRef)
  }

  /// The first edition of the declaration, which is sent in when the InfRef is ordered.
  private func declaration(of route: RegisteredRoute) -> TaskEvidence? {
    let editions = route.infRef.map { register.record.editions(of: $0) } ?? []
    return editions.first.map { TaskEvidence($0.entry, .declaration) }
  }

  private func order(_ subject: RouteOrder.Subject, of route: RegisteredRoute) -> TaskEvidence? {
    guard let last = register.record.orders(of: subject, for: route.name).last, last.state != .ended else { return nil }
    return TaskEvidence(last.entry, .order)
  }
}

extension Readiness {
  private static func keys(_ ids: String...) -> [TaskKey] { ids.compactMap { TaskKey($0) } }

  /// The tasks that subscribe to a sortiment, by the integration and the sort of the receiving system.
  private static func subscription(_ integration: String?, _ role: RegisteredRoute.SystemRole?) -> [TaskKey] {
    switch (integration, role) {
    case ("SF1590_D", .invoices): keys("SF1590_D:TFH222")
    case ("SF1590_D", .fagsystem): keys("SF1590_D:TF126-A", "SF1590_D:TF126-B")
    case ("SF1590_D", _): keys("SF1590_D:TFH222", "SF1590_D:TF126-A", "SF1590_D:TF126-B")
    case ("SF1590_A", .fagsystem): keys("SF1590_A:TF113_A", "SF1590_A:TF113_B")
    case ("SF1590_A", _): keys("SF1590_A:TB208", "SF1590_A:TF113_A", "SF1590_A:TF113_B")
    default: []
    }
  }

  /// The tasks that establish pickup monitoring.
  private static func monitoring(_ integration: String?, _ role: RegisteredRoute.SystemRole?) -> [TaskKey] {
    switch (integration, role) {
    case ("SF1590_D", .invoices): keys("SF1590_D:TFH206")
    case ("SF1590_D", .fagsystem): keys("SF1590_D:TF106")
    case ("SF1590_D", _): keys("SF1590_D:TFH206", "SF1590_D:TF106")
    case ("SF1590_A", .fagsystem): keys("SF1590_A:TF101", "SF1590_A:TF112")
    case ("SF1590_A", _): keys("SF1590_A:TF101", "SF1590_A:TF112", "SF1590_A:TB201", "SF1590_A:TB202")
    default: []
    }
  }

  /// The tasks that approve service agreements.
  private static func approvals(_ integration: String?) -> [TaskKey] {
    switch integration {
    case "SF1590_D": keys("SF1590_D:TF110", "SF1590_D:TFH214", "SF1590_D:TFH216")
    case "SF1590_A": keys("SF1590_A:TF109", "SF1590_A:TF111")
    default: []
    }
  }

  private func wave(
    _ integration: String?, _ tasks: [TaskReadiness], _ route: RegisteredRoute
  ) -> WaveAnswers {
    let states = Dictionary(uniqueKeysWithValues: tasks.map { ($0.task.key, $0.state) })
    func allDone(_ keys: [TaskKey]) -> Bool {
      !keys.isEmpty && keys.allSatisfy { states[$0] == .done || states[$0] == .fallenAway || states[$0] == .notNeeded }
    }
    let subscription = Self.subscription(integration, route.recipientRole)
    let record = register.record
    let isApproved =
      !route.approvers.isEmpty
      && route.approvers.allSatisfy { register.approval(of: route, by: $0) != nil }
    let monitoring = Self.monitoring(integration, route.recipientRole)
    // An order that is not confirmed, or is ended, establishes nothing.
    let isMonitored =
      switch record.orderState(of: .monitoring, for: route.name) {
      case .confirmed: true
      case .ended: false
      case .ordered, nil:
        allDone(monitoring) && !tasks.contains { monitoring.contains($0.task.key) && $0.evidence?.kind == .order }
      }
    return WaveAnswers(
      subscription: subscription.isEmpty ? .notAsked : allDone(subscription) ? .yes : .no,
      agreements: isApproved || allDone(Self.approvals(integration)) ? .yes : .no,
      monitoring: isMonitored ? .yes : .no)
  }
}

extension TaskEvidence {
  /// The line as evidence of the twin.
  fileprivate var asTwin: TaskEvidence { TaskEvidence(self, .twin) }

  private init(_ other: TaskEvidence, _ kind: Kind) {
    self.kind = kind
    on = other.on
    by = other.by
    note = other.note
    line = other.line
  }
}
