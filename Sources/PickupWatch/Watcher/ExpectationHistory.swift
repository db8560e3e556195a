internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The history of expected files over the last days: expectations and outcomes.
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
    ExpectedSeries(
      account: state.account, infRef: ShownInfRef(title: rule.subject.title),
      title: rule.infRef == nil ? rule.subject.localizedTitle : nil, rule: RuleText.rhythm(expected.rhythm),
      days: outcomes(of: rule, expected, arrivals: arrivals, at: now).map(\.all))
  }

  /// Returns the figures that are kept of each day: of a rule that names municipalities those of each.
  func figures(
    of rule: InfRefRule, _ expected: ExpectedFiles, arrivals: [ArrivedFile], at now: Timestamp
  ) -> [ExpectedFigure] {
    let title = ShownInfRef(title: rule.subject.title).description
    return outcomes(of: rule, expected, arrivals: arrivals, at: now).flatMap { outcome -> [ExpectedFigure] in
      guard expected.municipalities != nil else {
        return [ExpectedFigure(title: title, municipality: nil, day: outcome.day, value: outcome.all)]
      }
      return outcome.municipalities.map {
        ExpectedFigure(title: title, municipality: $0.municipality.description, day: outcome.day, value: $0.day)
      }
    }
  }

  /// The outcome of one day: of all files, and of each municipality's where the rule names municipalities.
  private struct Outcome {
    var day: CivilDay
    var all: ExpectedDay
    var municipalities: [(municipality: ExpectedMunicipality, day: ExpectedDay)] = []
  }

  private func outcomes(
    of rule: InfRefRule, _ expected: ExpectedFiles, arrivals: [ArrivedFile], at now: Timestamp
  ) -> [Outcome] {
    let today = calendar.clock.reading(at: now).day
    let came = arrivals.filter { rule.covers($0) && $0.came <= now }
    return (0..<Self.days).reversed().map { outcome(of: today.later(byDays: -$0), expected, came, at: now) }
  }

  private func outcome(
    of day: CivilDay, _ expected: ExpectedFiles, _ came: [ArrivedFile], at now: Timestamp
  ) -> Outcome {
    let deadline = calendar.clock.moment(day, minute: expected.rhythm.minute)
    let municipalities = expected.municipalities ?? []
    guard let occurrence = calendar.lastOccurrence(of: expected.rhythm, at: deadline), occurrence.day == day else {
      let dayOff = ExpectedDay(day: day.description, state: .dayOff)
      return Outcome(day: day, all: dayOff, municipalities: municipalities.map { ($0, dayOff) })
    }
    var transfers: Set<String> = []
    let counted = came.filter { occurrence.window.contains($0.came) }.sorted { $0.came < $1.came }
      .filter { transfers.insert($0.transfer).inserted }
    func result(_ files: [Timestamp], complete: Timestamp?, of count: Int) -> ExpectedDay {
      let due = deadline.later(by: expected.grace)
      return ExpectedDay(
        day: day.description, state: dayState(complete, due: due, occurrence, at: now), by: due, came: files.last,
        files: files.count, expectedFiles: count)
    }
    func completion(_ files: [Timestamp]) -> Timestamp? {
      files.count >= expected.files && expected.files > 0 ? files[expected.files - 1] : nil
    }
    let all = counted.map(\.came)
    guard expected.municipalities != nil else {
      return Outcome(day: day, all: result(all, complete: completion(all), of: expected.files))
    }
    // Names are read once for all municipalities.
    let shares = counted.map { (share: MunicipalityCounts.Share($0), came: $0.came) }
    let own = municipalities.map { municipality in
      (municipality, shares.filter { $0.share.counts(for: municipality) }.map(\.came))
    }
    // It is complete when its last municipality is.
    let completions = own.map { completion($0.1) }
    let complete = completions.contains { $0 == nil } ? nil : completions.compactMap(\.self).max()
    return Outcome(
      day: day, all: result(all, complete: complete, of: expected.files * municipalities.count),
      municipalities: own.map { ($0.0, result($0.1, complete: completion($0.1), of: expected.files)) })
  }

  private func dayState(
    _ complete: Timestamp?, due: Timestamp, _ occurrence: Occurrence, at now: Timestamp
  ) -> ExpectedDay.State {
    if let complete { return complete <= due ? .came : .late }
    if now < due { return .notYet }
    let unwatched = state.unwatched(in: occurrence.window.lowerBound..<min(occurrence.deadline, now))
    return unwatched.isEmpty ? .missing : .notWatched
  }
}
