public import FilsluseBase
public import TriggerFiles

/// A problem that has stopped work for good, or waits for a person.
public struct OpenProblem: Sendable, Hashable {
  /// The identity of a problem: a problem raised again with the same key is the same problem.
  public struct Key: Sendable, Hashable {
    /// The sort of problem.
    public let kind: Kind
    /// The account concerned, `nil` where it concerns none or all.
    public let account: String?
    /// Its subject: a delivery or an arrival as `D12` or `A7`, a folder, a program, or nothing (`""`), with CPR-like
    /// numbers masked.
    public let subject: String

    /// A problem's identity.
    public init(_ kind: Kind, account: String?, subject: String) {
      self.kind = kind
      self.account = account
      self.subject = Masked.name(subject)
    }

    /// True if the state of its delivery or arrival shows it, so that no process needs to observe it.
    var isShownByState: Bool {
      kind == .abandoned || kind == .removedUnfinished && subject.isEmpty || isFoundByQuery
    }

    /// True if a ``ProblemQuery`` finds it.
    var isFoundByQuery: Bool {
      // Arrivals have a state for being set aside; files of watched folders have not.
      kind.isFoundByQuery || kind == .setAside && number?.hasPrefix("A") ?? false
    }

    /// The subject where that is a delivery or an arrival.
    var number: String? { Self.isNumber(subject) ? subject : nil }

    /// True if a subject is the number of a delivery or an arrival.
    static func isNumber(_ subject: String) -> Bool {
      (subject.hasPrefix("D") || subject.hasPrefix("A")) && Int64(subject.dropFirst()) != nil
    }
  }

  /// Its identity.
  public let key: Key
  /// The problem, with CPR-like numbers masked.
  public let message: String
  /// The remedy, with CPR-like numbers masked.
  public let remedy: Remedy
  /// The time of its beginning.
  public let since: Timestamp
  /// The file or folder of the problem: it is resolved when that is gone, or when a folder of such files is empty.
  var place: String?
  /// The file's wire name, with CPR-like numbers masked, for a problem about a delivery or an arrival.
  public internal(set) var fileName: String?
  /// The InfRef of that file.
  public internal(set) var infRef: InfRef?
  /// The platform's id of the transfer, where a delivery's receipt names it.
  public internal(set) var fileTransferUUID: String?
  /// The problem in Danish, with CPR-like numbers masked; `nil` if it was described in English only.
  public internal(set) var danish: String?

  /// The sort of problem.
  public var kind: Kind { key.kind }
  /// The number of its delivery or arrival, as `D12` or `A7`; `nil` without one.
  public var number: String? { key.number }
  /// The problem and its remedy, in one line.
  public var line: String { remedy.isEmpty ? message : "\(message); \(remedy)" }

  /// The problem and its remedy, in one line of a language.
  public func line(in language: ReportLanguage) -> String {
    guard language == .danish else { return line }
    // The text of an observed problem includes the remedy.
    guard isShownByState || danish == nil else { return danish ?? kind.danishExplanation }
    return "\(danish ?? kind.danishExplanation). \(kind.remedy.da.inDanish)"
  }

  private var isShownByState: Bool {
    key.isShownByState || kind == .inboxNotCollected || kind == .machineGone
  }

  /// Describes a problem. Names that its texts quote are masked here.
  public init(_ key: Key, message: String, remedy: Remedy, since: Timestamp) {
    self.key = key
    self.message = Masked.name(message)
    self.remedy = remedy
    self.since = since
  }

  /// Returns the problem with one clause more in its text.
  func adding(_ clause: LocalizedText) -> OpenProblem {
    var problem = OpenProblem(key, message: "\(message); \(clause.en)", remedy: remedy, since: since)
    problem.place = place
    problem.fileName = fileName
    problem.infRef = infRef
    problem.fileTransferUUID = fileTransferUUID
    problem.danish = danish.map { VisibleText.oneLine(Masked.name("\($0); \(clause.da)")) }
    return problem
  }

  /// Describes a problem as a process observes it: the text says what to do too.
  init(_ key: Key, observed text: LocalizedText, since: Timestamp = .now) {
    self.init(key, message: VisibleText.oneLine(text.en), remedy: "", since: since)
    danish = VisibleText.oneLine(Masked.name(text.da))
  }

  /// Creates a problem with a remedy that names no step of this toolkit.
  public init(_ key: Key, message: String, remedy: String, since: Timestamp) {
    self.init(key, message: message, remedy: Remedy(remedy), since: since)
  }
}

/// The open problems: the number of each kind, and the oldest of them.
public struct OpenProblems: Sendable {
  /// The oldest of each kind, in the order of the kinds.
  public var problems: [OpenProblem] = []
  /// The number of problems of each kind; kinds without any are left out.
  public var counts: [OpenProblem.Kind: Int] = [:]

  /// True if there are none.
  public var isEmpty: Bool { counts.isEmpty }
  /// The number of all problems.
  public var count: Int { counts.values.reduce(0, +) }

  mutating func add(_ found: [OpenProblem], of kind: OpenProblem.Kind, count: Int) {
    guard count > 0 else { return }
    problems += found
    counts[kind, default: 0] += count
  }
}
