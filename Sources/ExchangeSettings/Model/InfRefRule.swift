public import TriggerFiles

/// A rule for the files of one InfRef, of one direct arrival or of one pattern of bare files: pick-up in time, expected
/// files, answers.
public struct InfRefRule: Sendable, Hashable {
  /// The names of the accounts of the rule.
  public var accounts: [String]
  /// The files that the rule is about.
  public var subject: WatchedFiles
  /// The data classification, or `SF7002` for both versions of SortimentOverfør; `nil` where it is about other files.
  public var infRef: InfRef? {
    if case .infRef(let infRef) = subject { infRef } else { nil }
  }
  /// The limit for files in IN; `nil` where there is none.
  public var pickUp: PickUpLimit?
  /// The files expected in IN; `nil` where none are.
  public var expected: ExpectedFiles?
  /// The answer expected to each delivery; `nil` for none.
  public var answer: AwaitedAnswer?
  /// The position of the rule in the settings.
  public var line: SettingsLine

  /// Describes a rule about files of one InfRef.
  public init(
    accounts: [String], infRef: InfRef, pickUp: PickUpLimit? = nil, expected: ExpectedFiles? = nil,
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
/// There is no default: no document defines "timely", so every rule names the period.
public struct PickUpLimit: Sendable, Hashable {
  /// The time limit.
  public var within: RulePeriod
  /// The time of the warning, in percent of the period.
  public var warnAt: Int

  /// Describes a limit.
  public init(within: RulePeriod, warnAt: Int = AccountRule.standardWarnAt) {
    self.within = within
    self.warnAt = warnAt
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
  /// The InfRef of the answering arrival; `nil` for a business receipt.
  public var infRef: InfRef?

  /// Describes an answer.
  public init(limit: Limit, infRef: InfRef? = nil) {
    self.limit = limit
    self.infRef = infRef
  }
}

/// The files that a rule is about.
public enum WatchedFiles: Sendable, Hashable {
  /// Files with an InfRef, or `SF7002` for both versions of SortimentOverfør.
  case infRef(InfRef)
  /// Files that a direct arrival expects: sent directly, by one of its senders.
  case direct(arrival: String, senders: [String])
  /// Bare files, which have no metadata, of a pattern that the accounts name.
  case bare(FileNamePattern)

  /// The title of the files in findings and on the status page: the InfRef, or the rule's own words.
  public var title: String {
    switch self {
    case .infRef(let infRef): infRef.name
    case .direct(let arrival, _): "arrival: \(arrival)"
    case .bare(let pattern): "bare-files: \(pattern)"
    }
  }
}

/// A period of a rule, by the clock (`4h`) or in business time (`4h business`).
public struct RulePeriod: Sendable, Hashable, CustomStringConvertible {
  /// The length of the period.
  public var duration: Duration
  /// True if only business hours count.
  public var isBusinessTime: Bool

  /// A period.
  public init(_ duration: Duration, isBusinessTime: Bool = false) {
    self.duration = duration
    self.isBusinessTime = isBusinessTime
  }

  /// Reads `4h` or `4h business`; `nil` for anything else.
  ///
  /// A day of business time has no length that all agree on, so business time is counted in hours, minutes and seconds,
  /// and 1,000 hours are the most.
  public init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let first = words.first, let duration = DurationText.parse(String(first)) else { return nil }
    switch words.dropFirst() {
    case []: self.init(duration)
    case ["business"]:
      guard !first.utf8.contains(UInt8(ascii: "d")), duration <= .seconds(1000 * 3600) else { return nil }
      self.init(duration, isBusinessTime: true)
    default: return nil
    }
  }

  /// The period as settings write it.
  public var description: String {
    guard isBusinessTime else { return DurationText.format(duration) }
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    let hours = milliseconds / 3_600_000
    let rest = milliseconds % 3_600_000
    // Never in days, which business time does not have.
    let text = (hours > 0 ? "\(hours)h" : "") + (rest > 0 ? DurationText.format(.milliseconds(rest)) : "")
    return "\(text.isEmpty ? "0s" : text) business"
  }
}
