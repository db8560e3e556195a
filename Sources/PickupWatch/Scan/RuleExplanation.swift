internal import ExchangeSettings
public import FileExchange
public import FilsluseBase
internal import TriggerFiles

/// A rule in a plain sentence, and what it would do now.
public struct RuleExplanation: Sendable, Hashable {
  /// The line of the settings file that it stands on.
  public var line: Int?
  /// The accounts that it is about.
  public var accounts: [String]
  /// The requirement of the rule.
  public var sentence: String
  /// The result of the rule now.
  public var now: String
}

extension WatchOnce {
  /// Every rule in a plain sentence, in the order of the settings file, with what it would do now. No server is asked.
  ///
  /// - Throws: `ExchangeError` with code `invalidSettings` where the settings name a time zone that there is not.
  public func explanations(at now: Timestamp = .now) throws(ExchangeError) -> [RuleExplanation] {
    try RuleEvaluator(checking: settings).explanations(at: now)
  }
}

extension RuleEvaluator {
  package func explanations(at now: Timestamp) -> [RuleExplanation] {
    let watch = settings.watch
    let explained = watch.infRefRules.flatMap { explain($0, now) } + watch.accountRules.flatMap { explain($0, now) }
    return explained.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
      .map(\.element)
  }

  private func explain(_ rule: InfRefRule, _ now: Timestamp) -> [RuleExplanation] {
    let files = Self.files(of: rule)
    var found: [RuleExplanation] = []
    func add(_ sentence: String, _ then: String) {
      found.append(RuleExplanation(line: rule.line.number, accounts: rule.accounts, sentence: sentence, now: then))
    }
    if let limit = rule.pickUp {
      let warning = calendar.end(ofHundredths: limit.warnAt, of: limit.within, from: now)
      add(
        "A \(files) in \(Self.folder("IN", rule.accounts)) must be picked up within \(Self.text(limit.within)); at \(limit.warnAt)% of that there is a warning.",
        "A file that came now would be warned of at \(clockText(warning)) and late at \(clockText(calendar.end(of: limit.within, from: now)))."
      )
    }
    if let expected = rule.expected {
      add(sentence(expected, Self.files(of: rule, count: expected.files), rule), then(expected, now))
    }
    if let answer = rule.answer {
      let what = answer.infRef.map { "the arrival of a file with the InfRef \($0)" } ?? "a business receipt"
      let limit =
        switch answer.limit {
        case .within(let period): "within \(Self.text(period))"
        case .by(let minute): "by the next \(ClockText.format(minute))"
        }
      let due = due(of: answer, sent: now).map(clockText) ?? "no time"
      add(
        "What \(Self.list(rule.accounts)) sends with the InfRef \(Self.infRefs(of: rule)) must be answered \(limit) by \(what).",
        "A delivery of this moment would have to be answered by \(due).")
    }
    return found
  }

  /// Returns the InfRefs of a rule on the wire.
  private static func infRefs(of rule: InfRefRule) -> String {
    let names = rule.wireInfRefs.map(\.name).joined(separator: " or ")
    guard let infRef = rule.infRef, rule.wireInfRefs != [infRef] else { return names }
    return "\(infRef) (on the wire \(names))"
  }

  /// The files that a rule is about, beginning with their noun; one or more of them.
  private static func files(of rule: InfRefRule, count: Int = 1) -> String {
    let noun = count == 1 ? "file" : "files"
    return switch rule.subject {
    case .infRef: "\(noun) with the InfRef \(infRefs(of: rule))"
    case .direct(let arrival, let senders):
      "\(noun) sent directly by \(senders.joined(separator: " or ")) (arrival \(arrival))"
    case .bare(let pattern): "bare \(noun) called \(pattern)"
    }
  }

  private func sentence(_ expected: ExpectedFiles, _ files: String, _ rule: InfRefRule) -> String {
    let count = expected.files == 1 ? "one" : "\(expected.files)"
    let each =
      expected.municipalities.map {
        $0.count == 1 ? " for the one municipality named" : " for each of \($0.count) municipalities"
      } ?? ""
    let days =
      switch expected.rhythm.days {
      case .daily: "every day"
      case .weekdays: "every weekday that is no holiday"
      case .weekly(let day): "every \(Self.dayNames[day.rawValue - 1])"
      case .monthly(let day): "on day \(day) of every month"
      }
    let grace = expected.grace == .zero ? "" : ", or \(DurationText.format(expected.grace)) later"
    return
      "At least \(count) \(files)\(each) must have come to \(Self.folder("IN", rule.accounts)) \(days) by \(ClockText.format(expected.rhythm.minute))\(grace)."
  }

  private func then(_ expected: ExpectedFiles, _ now: Timestamp) -> String {
    guard let next = calendar.nextOccurrence(of: expected.rhythm, after: now.earlier(by: expected.grace)) else {
      return "There is no such day."
    }
    return
      "What comes from \(clockText(next.window.lowerBound)) on counts for \(clockText(next.deadline)); if it is missing, that is critical at \(clockText(next.deadline.later(by: expected.grace)))."
  }

  private func explain(_ rule: AccountRule, _ now: Timestamp) -> [RuleExplanation] {
    let names = Self.list(rule.accounts)
    var found: [RuleExplanation] = []
    func add(_ sentence: String, _ then: String) {
      found.append(RuleExplanation(line: rule.line.number, accounts: rule.accounts, sentence: sentence, now: then))
    }
    func after(_ period: Duration) -> String { clockText(now.later(by: period)) }
    if let period = rule.platformTakesWithin {
      add(
        "The platform must take each trigger from \(Self.folder("OUT", rule.accounts)) within \(DurationText.format(period)).",
        "One that was put there now would be critical at \(after(period)).")
    }
    if let period = rule.receiptWithin {
      add(
        "The receipt for what \(names) sends must have come \(DurationText.format(period)) after the trigger.",
        "One for a trigger of this moment would be overdue at \(after(period)).")
    }
    add(
      "Data without metadata, metadata without data, and data in OUT without a trigger may lie \(DurationText.format(rule.halfPairAfter)) in the folders of \(names).",
      "Half a pair that came now would be warned of at \(after(rule.halfPairAfter)).")
    add(
      "A file of another size than its metadata says, which has not grown for \(DurationText.format(rule.stalledAfter)), is warned of in \(Self.folder("IN", rule.accounts)).",
      "One that stood still from now on would be warned of at \(after(rule.stalledAfter)).")
    if let period = rule.cleanUpAfter {
      add(
        "The platform is said to remove what has lain in \(Self.folder("IN", rule.accounts)) for \(DurationText.format(period)); at \(rule.warnAt)% of that there is a warning.",
        "A file that came now would be warned of at \(after(period * rule.warnAt / 100)).")
    }
    if let most = rule.mostFiles {
      add(
        "More than \(most) data files in \(Self.folder("IN", rule.accounts)) are warned of.",
        "It counts at each look, every \(DurationText.format(settings.watch.lookEvery)).")
    }
    if let most = rule.mostBytes {
      add(
        "More than \(ByteCountText.format(most)) of data in \(Self.folder("IN", rule.accounts)) are warned of.",
        "It counts at each look, every \(DurationText.format(settings.watch.lookEvery)).")
    }
    return found
  }

  private static let dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  private static func text(_ period: RulePeriod) -> String {
    period.isBusinessTime
      ? "\(RulePeriod(period.duration)) of business time" : "\(DurationText.format(period.duration)) by the clock"
  }

  private static func folder(_ name: String, _ accounts: [String]) -> String { "\(name) of \(list(accounts))" }

  /// The accounts by name; of many only how many.
  private static func list(_ accounts: [String]) -> String {
    guard accounts.count <= 5 else { return "each of \(accounts.count) accounts" }
    guard accounts.count > 1, let last = accounts.last else { return accounts.joined() }
    return accounts.dropLast().joined(separator: ", ") + " and " + last
  }
}
