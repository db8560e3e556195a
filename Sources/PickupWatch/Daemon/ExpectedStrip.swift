internal import ExchangeSettings
internal import FilsluseSystem

/// What was expected on each of the last days, and what came.
struct ExpectedStrip: Sendable {
  let judgement: Judgement
  let state: InboxState

  /// How many days it shows, today included.
  static let days = 14

  private var calendar: WatchCalendar { judgement.calendar }

  /// From when on arrivals matter to it.
  func begin(before now: Timestamp) -> Timestamp { now.earlier(by: .seconds((Self.days + 32) * 86_400)) }

  func series(
    of rule: InfRefRule, _ expected: ExpectedFiles, arrivals: [ArrivedFile], at now: Timestamp
  ) -> ExpectedSeries {
    let today = calendar.clock.reading(at: now).day
    let came = arrivals.filter { rule.covers($0.infRef) && $0.came <= now }
    let days = (0..<Self.days).reversed().map { day(today.later(byDays: -$0), expected, came, at: now) }
    return ExpectedSeries(
      account: state.account, infRef: rule.infRef, rule: "\(expected.rhythm)", days: days)
  }

  private func day(_ day: CivilDay, _ expected: ExpectedFiles, _ came: [ArrivedFile], at now: Timestamp) -> ExpectedDay
  {
    let deadline = calendar.clock.moment(day, minute: expected.rhythm.minute)
    guard let occurrence = calendar.lastOccurrence(of: expected.rhythm, at: deadline), occurrence.day == day else {
      return ExpectedDay(day: day.description, state: .dayOff)
    }
    let due = deadline.later(by: expected.grace)
    let count = expected.files * (expected.municipalities?.count ?? 1)
    let counted = came.filter { occurrence.window.contains($0.came) }.sorted { $0.came < $1.came }
    let complete = counted.count >= count ? counted[count - 1].came : nil
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
