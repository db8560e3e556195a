public import FilsluseBase
public import TriggerFiles

/// The readiness of one route: the state of each onboarding task of its integration, and the answers for a wave.
public struct RouteReadiness: Sendable, Hashable {
  /// The route's name.
  public let route: String
  /// The municipality; `nil` where the register names none.
  public let municipality: Municipality?
  /// The integration that the route belongs to; `nil` where neither its InfRef nor a recorded task says it.
  public let integration: String?
  /// The tasks, in the order of the document; empty where no document lists them.
  public let tasks: [TaskReadiness]
  /// The answers that release a municipality.
  public let wave: WaveAnswers

  /// The tasks in a state.
  public func tasks(_ state: TaskReadiness.State) -> [TaskReadiness] { tasks.filter { $0.state == state } }

  /// The tasks without which the route cannot be used and that are not done.
  public var missing: [TaskReadiness] { tasks.filter(\.isMissing) }

  /// True if every task is known to be done that must be.
  public var isReady: Bool { !tasks.isEmpty && missing.isEmpty }
}

/// The state of one task on one route.
public struct TaskReadiness: Sendable, Hashable {
  /// The states of a task.
  public enum State: String, Sendable, Hashable, Codable, CaseIterable {
    /// Recorded as done.
    case done
    /// Everything that it needs is done.
    case mayStart = "may-start"
    /// It needs tasks that are not done.
    case waits
    /// Another alternative was chosen.
    case fallenAway = "fallen-away"
    /// Recorded as left out, or as having a condition that does not hold.
    case notNeeded = "not-needed"

    /// The state as a report in a language names it.
    public var title: LocalizedText {
      switch self {
      case .done: LocalizedText("done", "gjort")
      case .mayStart: LocalizedText("may start", "kan begynde")
      case .waits: LocalizedText("waits", "venter")
      case .fallenAway: LocalizedText("falls away", "bortfalder")
      case .notNeeded: LocalizedText("not needed", "ikke nødvendig")
      }
    }
  }

  /// The task.
  public let task: OnboardingTask
  /// The state.
  public let state: State
  /// The line of the record that says it is done, or not needed; `nil` where there is none.
  public let evidence: TaskEvidence?
  /// The tasks that it waits for.
  public let waitsFor: [TaskDependency]
  /// The tasks that are done together with it: its twin, and those in a circle with it.
  public let together: [TaskKey]

  /// True if the route cannot be used before it is done.
  public var isMissing: Bool { (state == .mayStart || state == .waits) && task.mode.isRequired }
}

/// A line of the record that shows a task as done.
public struct TaskEvidence: Sendable, Hashable {
  /// The kinds of line.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// The task itself was recorded.
    case task
    /// Its twin was recorded: the same task seen from the other side.
    case twin
    /// The state of the InfRef shows it.
    case infRef = "infref"
    /// The GDPR declaration shows it.
    case declaration
    /// The order of the route or of its monitoring shows it.
    case order
  }

  /// The kind of line.
  public let kind: Kind
  /// The day of the task's completion; `nil` if the line lacks it.
  public let on: CivilDay?
  /// The person who did it; `nil` if the line lacks it.
  public let by: String?
  /// The remark of the line.
  public let note: String?
  /// The line in the record file, counted from 1.
  public let line: Int

  init(_ entry: RecordedEntry, _ kind: Kind) {
    self.kind = kind
    on = entry.on
    by = entry.by
    note = entry.note
    line = entry.line
  }
}

/// The three questions that release a wave of municipalities, as the diagrams of SF1590 ask them.
public struct WaveAnswers: Sendable, Hashable, Codable {
  /// An answer.
  public enum Answer: String, Sendable, Hashable, Codable, CaseIterable {
    /// Recorded.
    case yes
    /// Not recorded.
    case no
    /// The integration does not ask it.
    case notAsked = "not-asked"

    /// The answer in words.
    public var title: LocalizedText {
      switch self {
      case .yes: LocalizedText("yes", "ja")
      case .no: LocalizedText("no", "nej")
      case .notAsked: LocalizedText("–")
      }
    }

    /// The answer for several routes together: no, where one has no; not asked, where none asks.
    static func all(_ answers: some Sequence<Answer>) -> Answer {
      let given = Set(answers)
      return given.contains(.no) ? .no : given.contains(.yes) ? .yes : .notAsked
    }
  }

  /// The subscription to the sortiment is done.
  public let subscription: Answer
  /// All service agreements are approved.
  public let agreements: Answer
  /// Pickup monitoring is established.
  public let monitoring: Answer

  /// The answers of several routes together.
  public init(of all: [WaveAnswers]) {
    subscription = .all(all.map(\.subscription))
    agreements = .all(all.map(\.agreements))
    monitoring = .all(all.map(\.monitoring))
  }

  init(subscription: Answer, agreements: Answer, monitoring: Answer) {
    self.subscription = subscription
    self.agreements = agreements
    self.monitoring = monitoring
  }

  /// True if no question is answered no.
  public var isReleased: Bool { ![subscription, agreements, monitoring].contains(.no) }
}
