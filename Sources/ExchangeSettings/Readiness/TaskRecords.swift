internal import TriggerFiles

/// The recorded tasks, indexed by task and scope.
struct TaskRecords: Sendable {
  /// The last record of a task.
  enum Last {
    case done(RecordedEntry)
    case undone
    case notNeeded(RecordedEntry)
  }

  private struct Key: Hashable {
    let task: TaskKey
    let scope: TaskScope
  }

  /// A task that is recorded without a route: for all, or for one municipality.
  private struct GeneralKey: Hashable {
    let task: TaskKey
    let municipality: String?
  }

  private var scoped: [Key: Int] = [:]
  private var general: [GeneralKey: Int] = [:]
  private var integrations: [String: String] = [:]
  private let recorded: [(task: TaskRecord, entry: RecordedEntry)]

  init(_ register: RouteRegister) {
    recorded = register.record.tasks
    for (index, record) in recorded.enumerated() {
      guard let key = TaskKey(record.task.task), let task = OnboardingTasks.task(key) else { continue }
      guard let name = record.task.route else {
        general[GeneralKey(task: key, municipality: record.task.municipality)] = index
        continue
      }
      // A task recorded for a route that is no longer on the list is ignored.
      guard let route = register.route(named: name) else { continue }
      if key.integration != TaskKey.house { integrations[name] = key.integration }
      scoped[Key(task: key, scope: TaskScope(of: task, on: route, municipality: record.task.municipality))] = index
    }
  }

  /// Returns the integration of the last task recorded for a route; `nil` for none.
  func integration(of route: String) -> String? { integrations[route] }

  /// The last line about a task that holds for a route; `nil` where there is none.
  func last(_ task: OnboardingTask, on route: RegisteredRoute) -> Last? {
    let indices = [
      scoped[Key(task: task.key, scope: TaskScope(of: task, on: route))],
      general[GeneralKey(task: task.key, municipality: nil)],
      route.municipality.flatMap { general[GeneralKey(task: task.key, municipality: $0.code)] },
    ]
    guard let index = indices.compactMap(\.self).max() else { return nil }
    let (record, entry) = recorded[index]
    switch record.state {
    case .done: return .done(entry)
    case .notDone: return .undone
    case .notNeeded: return task.mode.canBeLeftOut ? .notNeeded(entry) : .undone
    }
  }
}
