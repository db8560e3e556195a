internal import ExchangeSettings
public import FileExchange
public import FilsluseBase
internal import TriggerFiles

/// A rule in a plain sentence, with its present result.
public struct RuleExplanation: Sendable, Hashable {
  /// The rule's line in the settings file.
  public var line: Int?
  /// The accounts of the rule.
  public var accounts: [String]
  /// The requirement of the rule.
  public var sentence: String
  /// The result of the rule now.
  public var now: String
  /// The requirement of the rule, in Danish.
  package var sentenceInDanish: String
  /// The result of the rule now, in Danish.
  package var nowInDanish: String

  fileprivate init(line: Int?, accounts: [String], _ sentence: LocalizedText, now: LocalizedText) {
    self.line = line
    self.accounts = accounts
    self.sentence = sentence.en
    self.now = now.en
    sentenceInDanish = sentence.da
    nowInDanish = now.da
  }
}

extension WatchOnce {
  /// Explains every rule in a plain sentence, in the order of the settings file, with its present result. No server is
  /// contacted.
  ///
  /// - Throws: `ExchangeError` with code `invalidSettings` if the settings name an unknown time zone.
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
    var found: [RuleExplanation] = []
    func add(_ sentence: LocalizedText, _ then: LocalizedText) {
      found.append(RuleExplanation(line: rule.line.number, accounts: rule.accounts, sentence, now: then))
    }
    if let limit = rule.pickUp { add(sentence(limit, rule), then(limit, now)) }
    if let expected = rule.expected { add(sentence(expected, rule), then(expected, now)) }
    if let answer = rule.answer { add(sentence(answer, rule), then(answer, now)) }
    return found
  }

  // MARK: Rules about files

  private func sentence(_ limit: PickUpLimit, _ rule: InfRefRule) -> LocalizedText {
    let (files, folder) = (Self.files(of: rule), Self.folder("IN", rule.accounts))
    let within = Self.text(limit.within)
    return LocalizedText(
      "A \(files.en) in \(folder.en) must be picked up within \(within.en); at \(limit.warnAt)% of that there is a warning.",
      "En \(files.da) i \(folder.da) skal hentes inden \(within.da); ved \(limit.warnAt) % af det gives en advarsel.")
  }

  private func then(_ limit: PickUpLimit, _ now: Timestamp) -> LocalizedText {
    let warning = moments.both(calendar.end(ofHundredths: limit.warnAt, of: limit.within, from: now))
    let late = moments.both(calendar.end(of: limit.within, from: now))
    return LocalizedText(
      "A file that came now would be warned of at \(warning.en) and late at \(late.en).",
      "Om en fil, der kom nu, ville der blive advaret den \(warning.da), og den ville være forsinket den \(late.da).")
  }

  private func sentence(_ answer: AwaitedAnswer, _ rule: InfRefRule) -> LocalizedText {
    let what =
      answer.infRef.map {
        LocalizedText("the arrival of a file with the InfRef \($0)", "en modtaget fil med InfRef \($0)")
      } ?? LocalizedText("a business receipt", "en forretningskvittering")
    let limit: LocalizedText
    switch answer.limit {
    case .within(let period): limit = LocalizedText("within ", "inden ") + Self.text(period)
    case .by(let minute):
      limit = LocalizedText(
        "by the next \(ClockText.format(minute))", "inden førstkommende \(DanishTime.time(minute))")
    }
    let (names, infRefs) = (Self.list(rule.accounts), Self.infRefs(of: rule))
    return LocalizedText(
      "What \(names.en) sends with the InfRef \(infRefs.en) must be answered \(limit.en) by \(what.en).",
      "Det, som \(names.da) sender med InfRef \(infRefs.da), skal besvares \(limit.da) med \(what.da).")
  }

  private func then(_ answer: AwaitedAnswer, _ now: Timestamp) -> LocalizedText {
    let due = due(of: answer, sent: now).map { LocalizedText("", "den ") + moments.both($0) }
    let time = due ?? LocalizedText("no time", "på intet tidspunkt")
    return LocalizedText(
      "A delivery of this moment would have to be answered by \(time.en).",
      "En levering fra dette øjeblik skulle være besvaret \(time.da).")
  }

  private func sentence(_ expected: ExpectedFiles, _ rule: InfRefRule) -> LocalizedText {
    let count = expected.files == 1 ? LocalizedText("one", "én") : LocalizedText("\(expected.files)")
    let files = Self.files(of: rule, count: expected.files)
    let each =
      expected.municipalities.map {
        $0.count == 1
          ? LocalizedText(" for the one municipality named", " for den ene nævnte kommune")
          : LocalizedText(" for each of \($0.count) municipalities", " for hver af \($0.count) kommuner")
      } ?? LocalizedText("")
    let days =
      switch expected.rhythm.days {
      case .daily: "every day"
      case .weekdays: "every weekday that is no holiday"
      case .weekly(let day): "every \(Self.dayNames[day.rawValue - 1])"
      case .monthly(let day): "on day \(day) of every month"
      }
    let rhythm = LocalizedText(
      "\(days) by \(ClockText.format(expected.rhythm.minute))", DanishTime.rhythm(expected.rhythm))
    let grace =
      expected.grace == .zero
      ? LocalizedText("")
      : LocalizedText(
        ", or \(DurationText.format(expected.grace)) later", ", eller \(DanishTime.period(expected.grace)) senere")
    let folder = Self.folder("IN", rule.accounts)
    return LocalizedText(
      "At least \(count.en) \(files.en)\(each.en) must have come to \(folder.en) \(rhythm.en)\(grace.en).",
      "Mindst \(count.da) \(files.da)\(each.da) skal være kommet i \(folder.da) \(rhythm.da)\(grace.da).")
  }

  private func then(_ expected: ExpectedFiles, _ now: Timestamp) -> LocalizedText {
    guard let next = calendar.nextOccurrence(of: expected.rhythm, after: now.earlier(by: expected.grace)) else {
      return LocalizedText("There is no such day.", "Den dag findes ikke.")
    }
    let (start, deadline) = (moments.both(next.window.lowerBound), moments.both(next.deadline))
    let critical = moments.both(next.deadline.later(by: expected.grace))
    return LocalizedText(
      "What comes from \(start.en) on counts for \(deadline.en); if it is missing, that is critical at \(critical.en).",
      "Det, der kommer fra den \(start.da), gælder for den \(deadline.da); mangler det, er det kritisk den \(critical.da)."
    )
  }

  /// Returns the InfRefs of a rule on the wire.
  private static func infRefs(of rule: InfRefRule) -> LocalizedText {
    let wire = rule.wireInfRefs.map(\.name)
    let names = LocalizedText(wire.joined(separator: " or "), wire.joined(separator: " eller "))
    guard let infRef = rule.infRef, rule.wireInfRefs != [infRef] else { return names }
    return LocalizedText("\(infRef) (on the wire \(names.en))", "\(infRef) (på vejen \(names.da))")
  }

  /// The files that a rule is about, beginning with their noun; one or more of them.
  private static func files(of rule: InfRefRule, count: Int = 1) -> LocalizedText {
    let noun = count == 1 ? LocalizedText("file", "fil") : LocalizedText("files", "filer")
    switch rule.subject {
    case .infRef: return noun + LocalizedText(" with the InfRef ", " med InfRef ") + infRefs(of: rule)
    case .direct(let arrival, let senders):
      return noun
        + LocalizedText(
          " sent directly by \(senders.joined(separator: " or ")) (arrival \(arrival))",
          " sendt direkte af \(senders.joined(separator: " eller ")) (ankomst \(arrival))")
    case .bare(let pattern):
      return LocalizedText(
        "bare \(noun.en) called \(pattern)", "\(noun.da) uden metadata ved navn \(pattern)")
    }
  }

  // MARK: Rules about accounts

  private func explain(_ rule: AccountRule, _ now: Timestamp) -> [RuleExplanation] {
    let texts = times(of: rule, now) + pairs(of: rule, now) + amounts(of: rule, now)
    return texts.map { RuleExplanation(line: rule.line.number, accounts: rule.accounts, $0.sentence, now: $0.then) }
  }

  /// The sentence of a rule, and its present result.
  private typealias Explained = (sentence: LocalizedText, then: LocalizedText)

  private func times(of rule: AccountRule, _ now: Timestamp) -> [Explained] {
    var texts: [Explained] = []
    if let period = rule.platformTakesWithin {
      let (folder, length) = (Self.folder("OUT", rule.accounts), Self.text(period))
      let end = moments.both(now.later(by: period))
      texts.append(
        (
          LocalizedText(
            "The platform must take each trigger from \(folder.en) within \(length.en).",
            "Platformen skal tage hver trigger fra \(folder.da) inden \(length.da)."),
          LocalizedText(
            "One that was put there now would be critical at \(end.en).",
            "En, der blev lagt der nu, ville være kritisk den \(end.da).")
        ))
    }
    if let period = rule.receiptWithin {
      let (names, length) = (Self.list(rule.accounts), Self.text(period))
      let end = moments.both(now.later(by: period))
      texts.append(
        (
          LocalizedText(
            "The receipt for what \(names.en) sends must have come \(length.en) after the trigger.",
            "Kvitteringen for det, som \(names.da) sender, skal være kommet \(length.da) efter triggeren."),
          LocalizedText(
            "One for a trigger of this moment would be overdue at \(end.en).",
            "En for en trigger fra dette øjeblik ville være forsinket den \(end.da).")
        ))
    }
    return texts
  }

  private func pairs(of rule: AccountRule, _ now: Timestamp) -> [Explained] {
    let (names, folder) = (Self.list(rule.accounts), Self.folder("IN", rule.accounts))
    let (half, stalled) = (Self.text(rule.halfPairAfter), Self.text(rule.stalledAfter))
    let halfEnd = moments.both(now.later(by: rule.halfPairAfter))
    let stalledEnd = moments.both(now.later(by: rule.stalledAfter))
    return [
      (
        LocalizedText(
          "Data without metadata, metadata without data, and data in OUT without a trigger may lie \(half.en) in the folders of \(names.en).",
          "Data uden metadata, metadata uden data og data i OUT uden trigger må ligge \(half.da) i mapperne hos \(names.da)."
        ),
        LocalizedText(
          "Half a pair that came now would be warned of at \(halfEnd.en).",
          "Om et halvt par, der kom nu, ville der blive advaret den \(halfEnd.da).")
      ),
      (
        LocalizedText(
          "A file of another size than its metadata says, which has not grown for \(stalled.en), is warned of in \(folder.en).",
          "Der advares om en fil i \(folder.da), som har en anden størrelse, end dens metadata siger, og ikke er vokset i \(stalled.da)."
        ),
        LocalizedText(
          "One that stood still from now on would be warned of at \(stalledEnd.en).",
          "Om en, der stod stille fra nu af, ville der blive advaret den \(stalledEnd.da).")
      ),
    ]
  }

  private func amounts(of rule: AccountRule, _ now: Timestamp) -> [Explained] {
    let folder = Self.folder("IN", rule.accounts)
    let every = Self.text(settings.watch.lookEvery)
    let counts = LocalizedText(
      "It counts at each look, every \(every.en).", "Det tælles ved hvert blik, med \(every.da) imellem.")
    var texts: [Explained] = []
    if let period = rule.cleanUpAfter {
      let length = Self.text(period)
      let warning = moments.both(now.later(by: period * rule.warnAt / 100))
      texts.append(
        (
          LocalizedText(
            "The platform is said to remove what has lain in \(folder.en) for \(length.en); at \(rule.warnAt)% of that there is a warning.",
            "Platformen fjerner efter det oplyste det, der har ligget i \(folder.da) i \(length.da); ved \(rule.warnAt) % af det gives en advarsel."
          ),
          LocalizedText(
            "A file that came now would be warned of at \(warning.en).",
            "Om en fil, der kom nu, ville der blive advaret den \(warning.da).")
        ))
    }
    if let most = rule.mostFiles {
      texts.append(
        (
          LocalizedText(
            "More than \(most) data files in \(folder.en) are warned of.",
            "Der advares om flere end \(most) datafiler i \(folder.da)."), counts
        ))
    }
    if let most = rule.mostBytes {
      texts.append(
        (
          LocalizedText(
            "More than \(ByteCountText.format(most)) of data in \(folder.en) are warned of.",
            "Der advares om mere end \(DanishTime.bytes(most)) data i \(folder.da)."), counts
        ))
    }
    return texts
  }

  // MARK: Words

  private static let dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  private static func text(_ period: Duration) -> LocalizedText {
    LocalizedText(DurationText.format(period), DanishTime.period(period))
  }

  private static func text(_ period: RulePeriod) -> LocalizedText {
    LocalizedText(
      period.isBusinessTime
        ? "\(RulePeriod(period.duration)) of business time" : "\(DurationText.format(period.duration)) by the clock",
      DanishTime.period(period))
  }

  private static func folder(_ name: String, _ accounts: [String]) -> LocalizedText {
    LocalizedText("\(name) of ", "\(name) hos ") + list(accounts)
  }

  /// Returns the names of the accounts; if they are many, only their number.
  private static func list(_ accounts: [String]) -> LocalizedText {
    guard accounts.count <= 5 else {
      return LocalizedText("each of \(accounts.count) accounts", "hver af \(accounts.count) konti")
    }
    guard accounts.count > 1, let last = accounts.last else { return LocalizedText(accounts.joined()) }
    let others = accounts.dropLast().joined(separator: ", ")
    return LocalizedText("\(others) and \(last)", "\(others) og \(last)")
  }
}
