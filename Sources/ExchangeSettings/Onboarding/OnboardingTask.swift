public import TriggerFiles

/// The name of an onboarding task. Its id is not unique: `TF106` of SF1590_D and of SF1590_A differ.
public struct TaskKey: Sendable, Hashable, CustomStringConvertible {
  /// The integration, such as `SF1590_D`; `House` for a task that no document has.
  public let integration: String
  /// The id in the document, such as `TF106` or `TF126-A`.
  public let id: String

  /// Names a task of an integration.
  public init(_ integration: String, _ id: String) {
    self.integration = integration
    self.id = id
  }

  /// Reads `SF1590_D:TF106`; `nil` for a text without an integration or without an id.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    self.init(String(parts[0]), String(parts[1]))
  }

  /// `SF1590_D:TF106`.
  public var description: String { "\(integration):\(id)" }
}

extension TaskKey: Codable {
  /// Reads `SF1590_D:TF106`.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let key = TaskKey(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "found \(text), expected SF1590_D:TF106")
    }
    self = key
  }

  /// Writes `SF1590_D:TF106`.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// One task on the way to a usable route, as printed in KOMBIT's documents (contract section 5).
public struct OnboardingTask: Sendable, Hashable, Codable {
  /// The obligation to do a task.
  public enum Mode: Sendable, Hashable, Codable {
    /// It must be done.
    case required
    /// It must be done where the condition holds; the condition is `nil` where the document names none.
    case conditional(LocalizedText?)
    /// The task is optional; the text is the documents' advice.
    case optional(LocalizedText?)
    /// Exactly one task of the group is done.
    case alternative(String)

    /// The duty in words; `nil` for a task that must be done in any case.
    public var title: LocalizedText? {
      switch self {
      case .required: nil
      case .conditional(let condition?): LocalizedText("if ", "hvis ") + condition
      case .conditional(nil):
        LocalizedText("on a condition that is not stated", "på en betingelse, der ikke er oplyst")
      case .optional(let advice?): LocalizedText("optional: ", "valgfri: ") + advice
      case .optional(nil): LocalizedText("optional", "valgfri")
      case .alternative(let group):
        LocalizedText("one of \(group) is chosen", "én af \(group) vælges")
      }
    }

    /// True if it may be recorded as not needed: it depends on a condition, or is optional.
    public var canBeLeftOut: Bool {
      switch self {
      case .conditional, .optional: true
      case .required, .alternative: false
      }
    }

    /// True if the route cannot be used without the task, or without another one of its group.
    public var isRequired: Bool {
      switch self {
      case .required, .alternative: true
      case .conditional, .optional: false
      }
    }
  }

  /// The frequency of a task.
  public struct Frequency: Sendable, Hashable, Codable {
    /// The thing that a task is done once for.
    public enum Scope: String, Sendable, Hashable, Codable {
      /// The agreement: the InfRef of SF1630, for all recipients.
      case agreement = "once"
      /// The authority.
      case authority
      /// The system, the first time that it uses such an integration.
      case system
      /// The connection of one system with another.
      case connection
    }

    /// The scope: the thing that the task is done once for.
    public let scope: Scope
    /// True if it is done again for each authority.
    public let isPerAuthority: Bool
    /// True if the documents only imply the repetition for each authority, or show the scope uncertainly.
    public let isRead: Bool

    /// The frequency in words.
    public var title: LocalizedText {
      let each = isPerAuthority && scope != .authority
      let base =
        switch scope {
        case .agreement: LocalizedText("once per agreement", "én gang pr. aftale")
        case .authority: LocalizedText("per authority", "pr. myndighed")
        case .system: LocalizedText("once per system", "én gang pr. system")
        case .connection: LocalizedText("per connection", "pr. forbindelse")
        }
      return each ? base + LocalizedText(" and authority", " og myndighed") : base
    }

    static let once = Self(scope: .agreement, isPerAuthority: false, isRead: false)
    static let authority = Self(scope: .authority, isPerAuthority: true, isRead: false)
    static let system = Self(scope: .system, isPerAuthority: false, isRead: false)
    static let systemProbably = Self(scope: .system, isPerAuthority: false, isRead: true)
    static let systemAndAuthority = Self(scope: .system, isPerAuthority: true, isRead: false)
    static let connection = Self(scope: .connection, isPerAuthority: false, isRead: false)
    static let connectionAndAuthority = Self(
      scope: .connection, isPerAuthority: true, isRead: false)
    static let connectionAndAuthorityRead = Self(
      scope: .connection, isPerAuthority: true, isRead: true)
  }

  /// The subject of a task.
  public enum Concern: String, Sendable, Hashable, Codable, CaseIterable {
    /// An SFTP user or an SFTP route.
    case sftp
    /// Pickup monitoring.
    case monitoring = "mon"
    /// The sortiment.
    case sortiment = "sort"
    /// An InfRef.
    case infRef = "infref"
    /// A web service.
    case webService = "ws"
    /// An agreement or an instruction.
    case agreement = "agr"
    /// Set-up in the administration module or in a system.
    case setUp = "adm"
    /// A test.
    case test
  }

  /// The name.
  public let key: TaskKey
  /// The parties that carry it out; two where the documents name both.
  public let parties: [TaskParty]
  /// The responsible person; `nil` if the document does not state one.
  public let responsible: TaskActor?
  /// The person who performs it; `nil` if the document does not state one.
  public let performer: TaskActor?
  /// The task in a sentence.
  public let title: LocalizedText
  /// The tasks that come before it.
  public let needs: [TaskDependency]
  /// The task seen from the other side; both are done together.
  public let twin: TaskKey?
  /// True if the twin is read off a diagram that is not clear there.
  public let isTwinUncertain: Bool
  /// The duty to do it.
  public let mode: Mode
  /// The frequency.
  public let frequency: Frequency
  /// Its subjects.
  public let concerns: [Concern]
  /// The places where it is done; empty where the document does not state any.
  public let places: [TaskPlace]
  /// Its section, from 1: shown, and never enforced; `nil` if the document has no sections.
  public let stage: Int?
  /// The alternative that it belongs to: where the other one of the group is chosen, this task falls away.
  public let onlyWith: TaskKey?
  /// The corresponding task of another integration, if the document omits the performer.
  public let like: TaskKey?
  /// Notes: other permitted actors, and errors in the document with our interpretation.
  public let notes: [LocalizedText]

  init(
    _ key: TaskKey, _ parties: [TaskParty], _ responsible: TaskActor?, _ performer: TaskActor?,
    _ title: LocalizedText, needs: [TaskDependency] = [], twin: String? = nil,
    isTwinUncertain: Bool = false,
    mode: Mode = .required, _ frequency: Frequency, _ concerns: [Concern],
    at places: [TaskPlace] = [],
    stage: Int? = nil, onlyWith: String? = nil, like: TaskKey? = nil, notes: [LocalizedText] = []
  ) {
    self.key = key
    self.parties = parties
    self.responsible = responsible
    self.performer = performer
    self.title = title
    self.needs = needs
    self.twin = twin.map { TaskKey(key.integration, $0) }
    self.isTwinUncertain = isTwinUncertain
    self.mode = mode
    self.frequency = frequency
    self.concerns = concerns
    self.places = places
    self.stage = stage
    // A task added by this program belongs to an alternative of its integration.
    self.onlyWith = onlyWith.map {
      TaskKey(key.integration == TaskKey.house ? "SF1590_D" : key.integration, $0)
    }
    self.like = like
    self.notes = notes
  }
}

extension TaskKey {
  /// The integration of tasks that no document has.
  static let house = "House"
}
