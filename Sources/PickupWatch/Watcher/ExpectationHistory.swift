internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The history of expected files: those expected on each of the last days, and those that came.
struct ExpectationHistory: Sendable {
  let evaluator: RuleEvaluator
  let state: InboxState

  /// The number of days, today included.
  static let days = 14

  private var calendar: WatchCalendar { evaluator.calendar }

  /// From when on arrivals matter to it.
  func begin(before now: Timestamp) -> Timestamp { now.earlier(by: .seconds((Self.days + 32) * 86_400)) }

  func series(
    of rule: InfRefRule, _ expected: ExpectedFiles, arrivals: [ArrivedFile], at now: Timestamp
  ) -> ExpectedSeries {
    let today = calendar.clock.reading(at: now).day
    let came = arrivals.filter { rule.covers($0) && $0.came <= now }
    let days = (0..<Self.days).reversed().map { day(today.later(byDays: -$0), expected, came, at: now) }
    return ExpectedSeries(
      account: state.account, infRef: ShownInfRef(title: rule.subject.title),
      title: rule.infRef == nil ? rule.subject.localizedTitle : nil, rule: RuleText.rhythm(expected.rhythm), days: days)
  }

  /// Returns the time at which all expected files had come; `nil` where they have not.
  private func complete(_ files: [ArrivedFile], _ expected: ExpectedFiles) -> Timestamp? {
    // Names are read once, and not for each count that is tried.
    let shares = expected.municipalities == nil ? [] : files.map(MunicipalityCounts.Share.init)
    func isComplete(_ count: Int) -> Bool {
      guard let municipalities = expected.municipalities else { return count >= expected.files }
      let counts = MunicipalityCounts(shares.prefix(count))
      return municipalities.allSatisfy { counts[$0] >= expected.files }
    }
    guard !files.isEmpty, isComplete(files.count) else { return nil }
    // Completeness grows with the count, so a binary search finds the first complete one.
    var (short, enough) = (0, files.count)
    while enough - short > 1 {
      let middle = (short + enough) / 2
      if isComplete(middle) { enough = middle } else { short = middle }
    }
    return files[enough - 1].came
  }

  private func day(_ day: CivilDay, _ expected: ExpectedFiles, _ came: [ArrivedFile], at now: Timestamp) -> ExpectedDay
  {
    let deadline = calendar.clock.moment(day, minute: expected.rhythm.minute)
    guard let occurrence = calendar.lastOccurrence(of: expected.rhythm, at: deadline), occurrence.day == day else {
      return ExpectedDay(day: day.description, state: .dayOff)
    }
    let due = deadline.later(by: expected.grace)
    let count = expected.files * (expected.municipalities?.count ?? 1)
    var transfers: Set<String> = []
    let counted = came.filter { occurrence.window.contains($0.came) }.sorted { $0.came < $1.came }
      .filter { transfers.insert($0.transfer).inserted }
    let complete = complete(counted, expected)
    let state: ExpectedDay.State
    if let complete {
      state = complete <= due ? .came : .late
    } else if now < due {
      state = .notYet
    } else {
      let unwatched = self.state.unwatched(in: occurrence.window.lowerBound..<min(deadline, now))
      state = unwatched.isEmpty ? .missing : .notWatched
    }
    return ExpectedDay(
      day: day.description, state: state, by: due, came: counted.last?.came, files: counted.count,
      expectedFiles: count)
  }
}
