internal import ExchangeSettings
internal import FilsluseSystem

/// How fast an account's files were picked up, day by day and by InfRef.
struct PickUpDays: Sendable {
  let judgement: Judgement
  let state: InboxState

  /// A series for each InfRef that files were picked up of.
  func series(of pickUps: [PickUp]) -> [PickUpSeries] {
    let clock = judgement.calendar.clock
    var byInfRef: [String: [CivilDay: [PickUp]]] = [:]
    for pickUp in pickUps where pickUp.isWatched {
      guard let infRef = pickUp.facts?.infRef else { continue }
      byInfRef[infRef, default: [:]][clock.reading(at: pickUp.gone).day, default: []].append(pickUp)
    }
    return byInfRef.sorted { $0.key < $1.key }.map { infRef, days in
      PickUpSeries(
        account: state.account, infRef: Masked.name(infRef),
        days: days.sorted { $0.key < $1.key }.map { day($0.key, $0.value, infRef: infRef) })
    }
  }

  private func day(_ day: CivilDay, _ pickUps: [PickUp], infRef: String) -> PickUpDay {
    let clock = judgement.calendar.clock
    let lay = pickUps.map { seconds(of: $0, infRef: infRef) }.sorted()
    let span = clock.moment(day, minute: 0)..<clock.moment(day.later(byDays: 1), minute: 0)
    return PickUpDay(
      day: day.description, count: lay.count, medianSeconds: lay[lay.count / 2], slowestSeconds: lay[lay.count - 1],
      limitSeconds: limit(of: infRef, at: span.lowerBound)?.within.duration.wholeSeconds,
      watchedAllDay: state.unwatched(in: span).isEmpty)
  }

  private func limit(of infRef: String, at moment: Timestamp) -> PickUpLimit? {
    judgement.pickUp(of: .infRef(infRef), account: state.account, since: moment)?.limit
  }

  /// How long it lay, by the time that its rule counts.
  private func seconds(of pickUp: PickUp, infRef: String) -> Int {
    guard limit(of: infRef, at: pickUp.age.since)?.within.isBusinessTime ?? false else {
      return pickUp.lay.wholeSeconds
    }
    return judgement.calendar.businessTime(from: pickUp.age.since, to: pickUp.gone).wholeSeconds
  }
}
