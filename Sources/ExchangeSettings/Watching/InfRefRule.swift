internal import TriggerFiles

/// What is asked of files of one InfRef, of one direct arrival or of one pattern of bare files: that they are picked up in
/// time, that they come, that they are answered.
public struct InfRefRule: Sendable, Hashable {
  /// The names of the accounts that it is about.
  public var accounts: [String]
  /// Which files it is about.
  public var subject: WatchedFiles
  /// The data classification, or `SF7002` for both versions of SortimentOverfør; `nil` where it is about other files.
  public var infRef: String? {
    if case .infRef(let infRef) = subject { infRef } else { nil }
  }
  /// How long a file may lie in IN; `nil` where that is not asked.
  public var pickUp: PickUpLimit?
  /// When files are to come to IN; `nil` where none are awaited.
  public var expected: ExpectedFiles?
  /// When a delivery of ours is to be answered; `nil` where that is not asked.
  public var answer: AwaitedAnswer?
  /// Where the rule stands.
  public var line: SettingsLine

  /// Describes a rule about files of one InfRef.
  public init(
    accounts: [String], infRef: String, pickUp: PickUpLimit? = nil, expected: ExpectedFiles? = nil,
    answer: AwaitedAnswer? = nil, line: SettingsLine = nil
  ) {
    self.init(
      accounts: accounts, about: .infRef(infRef), pickUp: pickUp, expected: expected, answer: answer, line: line)
  }

  /// Describes a rule.
  public init(
    accounts: [String], about subject: WatchedFiles, pickUp: PickUpLimit? = nil, expected: ExpectedFiles? = nil,
    answer: AwaitedAnswer? = nil, line: SettingsLine = nil
  ) {
    self.accounts = accounts
    self.subject = subject
    self.pickUp = pickUp
    self.expected = expected
    self.answer = answer
    self.line = line
  }
}

/// How long a file may lie in IN.
///
/// There is no default period: how long "timely" is stands in no document, so every rule names it.
public struct PickUpLimit: Sendable, Hashable {
  /// How long a file may lie.
  public var within: RulePeriod
  /// At how many hundredths of the period there is a warning.
  public var warnAt: Int

  /// Describes a limit.
  public init(within: RulePeriod, warnAt: Int = AccountRule.standardWarnAt) {
    self.within = within
    self.warnAt = warnAt
  }
}

/// Files that are to come again and again.
public struct ExpectedFiles: Sendable, Hashable {
  /// When they are to have come.
  public var rhythm: Rhythm
  /// How many; where municipalities are named, of each.
  public var files: Int
  /// The municipalities of which each is to have sent; `nil` where they are not told apart.
  public var municipalities: [ExpectedMunicipality]?
  /// How much later than the rhythm says they may come.
  public var grace: Duration

  /// Describes what is to come.
  public init(
    rhythm: Rhythm, files: Int = 1, municipalities: [ExpectedMunicipality]? = nil, grace: Duration = .zero
  ) {
    self.rhythm = rhythm
    self.files = files
    self.municipalities = municipalities
    self.grace = grace
  }
}

/// One of the municipalities that a file is to come from or for.
public enum ExpectedMunicipality: Sendable, Hashable, CustomStringConvertible {
  /// By its code, which is looked for in the files' names: `0101`.
  case code(String)
  /// By its CVR number, which is looked for in the metadata as the recipient's.
  case cvr(String)

  /// Reads four or eight digits; four must be the code of a municipality.
  public init?(_ text: String) {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    if text.utf8.count == 8 {
      self = .cvr(text)
    } else if Municipality.all.contains(where: { $0.code == text }) {
      self = .code(text)
    } else {
      return nil
    }
  }

  /// Whether it is told by its CVR number.
  var isCVR: Bool {
    if case .cvr = self { true } else { false }
  }

  /// The digits.
  public var description: String {
    switch self {
    case .code(let digits), .cvr(let digits): digits
    }
  }
}

/// The answer that a delivery is to get.
public struct AwaitedAnswer: Sendable, Hashable {
  /// By when.
  public enum Limit: Sendable, Hashable {
    /// So long after the delivery.
    case within(RulePeriod)
    /// By that minute of the day, the first that comes after the delivery.
    case by(minute: Int)
  }

  /// By when.
  public var limit: Limit
  /// The InfRef whose arrival is the answer; `nil` for a business receipt.
  public var infRef: String?

  /// Describes an answer.
  public init(limit: Limit, infRef: String? = nil) {
    self.limit = limit
    self.infRef = infRef
  }
}
