internal import ExchangeSettings
internal import FilsluseBase
internal import TriggerFiles

/// The pick-up times of an account's files, day by day and by InfRef. Of a file only its waiting time is held.
struct PickUpDays: Sendable {
  let evaluator: RuleEvaluator
  let state: InboxState
  private var groups: [String: (origin: FileOrigin, days: [CivilDay: [Int]])] = [:]

  init(evaluator: RuleEvaluator, state: InboxState) {
    self.evaluator = evaluator
    self.state = state
  }

  /// A series for each InfRef that files were picked up of, and for each direct arrival that a rule names.
  func series(of pickUps: [PickedUpFile]) -> [PickUpSeries] {
    var days = self
    for pickUp in pickUps { days.add(pickUp) }
    return days.series
  }

  /// Adds a file; a file picked up in a monitoring gap is left out.
  mutating func add(_ pickUp: PickedUpFile) {
    guard pickUp.isWatched, let origin = pickUp.facts?.origin, let title = title(of: origin) else { return }
    let day = evaluator.calendar.clock.reading(at: pickUp.gone).day
    groups[title, default: (origin, [:])].days[day, default: []].append(seconds(of: pickUp, origin: origin))
  }

  /// A series for each InfRef that files were added of, and for each direct arrival that a rule names.
  var series: [PickUpSeries] {
    groups.sorted { $0.key < $1.key }.map { title, group in
      PickUpSeries(
        account: state.account, infRef: ShownInfRef(title: title),
        title: rule(of: group.origin)?.subject.localizedTitle.map(Masked.name),
        days: group.days.sorted { $0.key < $1.key }.map { day($0.key, $0.value, origin: group.origin) })
    }
  }

  /// Returns the title of the files of an origin: their InfRef, or the title of the rule about them.
  private func title(of origin: FileOrigin) -> String? {
    if case .infRef(let infRef) = origin { return infRef.name }
    return rule(of: origin)?.subject.title
  }

  /// Returns the rule with the title for files of an origin without an InfRef.
  private func rule(of origin: FileOrigin) -> InfRefRule? {
    if case .infRef = origin { return nil }
    return evaluator.rules(of: state.account).infRefRules.first { $0.covers(origin) }
  }

  private func day(_ day: CivilDay, _ waited: [Int], origin: FileOrigin) -> PickUpDay {
    let clock = evaluator.calendar.clock
    let lay = waited.sorted()
    let span = clock.moment(day, minute: 0)..<clock.moment(day.later(byDays: 1), minute: 0)
    return PickUpDay(
      day: day.description, count: lay.count, medianSeconds: lay[lay.count / 2], slowestSeconds: lay[lay.count - 1],
      limitSeconds: limit(of: origin, at: span.lowerBound)?.within.duration.wholeSeconds,
      watchedAllDay: state.unwatched(in: span).isEmpty)
  }

  private func limit(of origin: FileOrigin, at moment: Timestamp) -> PickUpLimit? {
    evaluator.pickUp(of: origin, account: state.account, since: moment)?.limit
  }

  /// Returns the waiting time, by the time that its rule counts.
  private func seconds(of pickUp: PickedUpFile, origin: FileOrigin) -> Int {
    guard limit(of: origin, at: pickUp.age.since)?.within.isBusinessTime ?? false else {
      return pickUp.lay.wholeSeconds
    }
    return evaluator.calendar.businessTime(from: pickUp.age.since, to: pickUp.gone).wholeSeconds
  }
}
