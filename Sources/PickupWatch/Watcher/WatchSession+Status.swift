internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

extension WatchSession {
  /// The time that a resolved alert is still shown.
  private static let resolvedShownFor = Duration.seconds(86_400)
  private static let mostGaps = 20
  private static let mostShown = 60

  /// Returns the content of the status page: the snapshots of the last looks, and the alerts in their present state.
  func status() async -> WatchStatus {
    let now = clock()
    var status = WatchStatus(
      version: version, taken: now, started: started, timeZone: settings.watch.timeZone,
      lookEverySeconds: max(1, settings.watch.lookEvery.wholeSeconds),
      storeTrouble: statistics.storeTrouble.map(StoreTrouble.failing),
      infRefs: Set(settings.watch.infRefRules.flatMap(\.wireInfRefs)).sorted().map { ShownInfRef($0) })
    var states: [InboxState] = []
    for account in settings.watchedAccounts {
      let snapshot = statistics.snapshot(of: account.name)
      status.inboxes.append(inbox(account.name, snapshot))
      status.pickUps += snapshot.pickUps
      status.expected += snapshot.expected
      status.exchanges += snapshot.exchanges
      if let state = snapshot.state { states.append(state) }
    }
    status.gaps = WatchGap.gaps(of: states, play: evaluator.longestPause)
    status.exchanges = Array(status.exchanges.sorted { $0.at > $1.at }.prefix(Self.mostShown))
    status.gaps = Array(status.gaps.sorted { $0.from > $1.from }.prefix(Self.mostGaps))
    do throws(ExchangeError) {
      status.sinkTroubles = try await database.sinkTroubles(at: now)
      let leader = try await database.leader()
      if leader == WatchDatabase.unknownLeader {
        status.refusalOfActs = WatchDatabase.refusalOfActs(under: WatchDatabase.unknownLeader).text
      } else {
        status.standby = leader.map(WatchDatabase.standbyNotice(under:))
      }
      status.alerts = try await database.shown(overSince: now.earlier(by: Self.resolvedShownFor))
    } catch {
      status.storeTrouble = .failing("\(error)")
    }
    return status
  }

  /// The inboxes as they were at their last looks.
  var inboxStatuses: [InboxStatus] {
    settings.watchedAccounts.map { inbox($0.name, statistics.snapshot(of: $0.name)) }
  }

  private func inbox(_ account: String, _ snapshot: InboxSnapshot) -> InboxStatus {
    let line = statistics.line(of: account)
    var status = InboxStatus(
      account: account, waiting: snapshot.waiting, lastLook: snapshot.state?.lastLook, lookSeconds: line?.lookSeconds,
      looks: line?.looks ?? 0, failedLooks: line?.failedLooks ?? 0)
    status.clockAheadSeconds = snapshot.state?.clockDifference.map { $0 / .seconds(1) }
    if let failure = snapshot.state?.failure {
      var text = LocalizedText(naming: failure.kind)
      text.da += ": " + failure.text.da
      text.en += ": " + failure.text.en
      status.failure = LookFailure(since: failure.since, text: text)
    }
    return status
  }
}

extension WatchGap {
  /// The number of an account's last gaps that are compared with those of the others.
  private static let mostCompared = 100

  /// Returns the times without a watch of any account, and separately the further gaps of each account.
  ///
  /// - Parameter play: the tolerance for the accounts being checked one after the other: an account's gap that exceeds
  ///   a common one by no more than this at either end is covered by it.
  static func gaps(of states: [InboxState], play: Duration) -> [WatchGap] {
    guard let first = states.first else { return [] }
    let shared = states.dropFirst().reduce(Array(first.gaps.prefix(mostCompared))) { shared, state in
      shared.flatMap { state.unwatched(in: $0) }
    }
    let alone = states.flatMap { state in
      state.gaps.filter { gap in
        !shared.contains {
          $0.clamped(to: gap) == $0 && $0.lowerBound.since(gap.lowerBound) <= play
            && gap.upperBound.since($0.upperBound) <= play
        }
      }.map { WatchGap(from: $0.lowerBound, until: $0.upperBound, account: state.account) }
    }
    return shared.map { WatchGap(from: $0.lowerBound, until: $0.upperBound) } + alone
  }
}
