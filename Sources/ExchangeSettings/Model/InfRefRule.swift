public import TriggerFiles

/// A rule for the files of one InfRef, of one direct arrival or of one pattern of bare files: pick-up in time, expected
/// files, answers.
public struct InfRefRule: Sendable, Hashable {
  /// The names of the accounts that it is about.
  public var accounts: [String]
  /// The files that the rule is about.
  public var subject: WatchedFiles
  /// The data classification, or `SF7002` for both versions of SortimentOverfør; `nil` where it is about other files.
  public var infRef: String? {
    if case .infRef(let infRef) = subject { infRef } else { nil }
  }
  /// The limit for files in IN; `nil` where there is none.
  public var pickUp: PickUpLimit?
  /// The files expected in IN; `nil` where none are.
  public var expected: ExpectedFiles?
  /// The answer expected to each delivery; `nil` where none is.
  public var answer: AwaitedAnswer?
  /// The position of the rule in the settings.
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

/// The time within which a file in IN must be picked up.
///
/// There is no default: no document says how long "timely" is, so every rule names the period.
public struct PickUpLimit: Sendable, Hashable {
  /// The time limit.
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
  /// The deadlines of the expected files.
  public var rhythm: Rhythm
  /// The number of files; per municipality where municipalities are named.
  public var files: Int
  /// The municipalities that must each send; `nil` where they are not distinguished.
  public var municipalities: [ExpectedMunicipality]?
  /// The grace period after the deadline.
  public var grace: Duration

  /// The default of ``files``.
  public static let standardFiles = 1

  /// Describes what is to come.
  public init(
    rhythm: Rhythm, files: Int = standardFiles, municipalities: [ExpectedMunicipality]? = nil, grace: Duration = .zero
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

  /// True if the municipality is identified by its CVR number.
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
  public var infRef: InfRef?

  /// Describes an answer.
  public init(limit: Limit, infRef: InfRef? = nil) {
    self.limit = limit
    self.infRef = infRef
  }
}
