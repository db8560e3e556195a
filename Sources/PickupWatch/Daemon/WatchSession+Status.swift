internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

extension WatchSession {
  /// The time for which a resolved alert is still shown.
  private static let resolvedShownFor = Duration.seconds(86_400)
  private static let mostGaps = 20
  private static let mostShown = 60

  /// Returns the content of the status page: the snapshots of the last looks, and the alerts in their present state.
  func status() async -> WatchStatus {
    let now = clock()
    var status = WatchStatus(
      version: version, taken: now, started: started, timeZone: settings.watch.timeZone,
      lookEverySeconds: max(1, settings.watch.lookEvery.wholeSeconds), storeTrouble: tally.storeTrouble,
      infRefs: Set(settings.watch.infRefRules.flatMap(\.wireInfRefs).map(\.name)).sorted())
    var states: [InboxState] = []
    for account in settings.watchedAccounts {
      let picture = tally.picture(of: account.name)
      status.inboxes.append(inbox(account.name, picture))
      status.pickUps += picture.pickUps
      status.expected += picture.expected
      status.exchanges += picture.exchanges
      if let state = picture.state { states.append(state) }
    }
    status.gaps = WatchGap.gaps(of: states, play: evaluator.longestPause)
    status.exchanges = Array(status.exchanges.sorted { $0.at > $1.at }.prefix(Self.mostShown))
    status.gaps = Array(status.gaps.sorted { $0.from > $1.from }.prefix(Self.mostGaps))
    do throws(ExchangeError) {
      status.sinkTroubles = try await database.sinkTroubles(at: now)
      status.alerts = try await database.shown(overSince: now.earlier(by: Self.resolvedShownFor))
    } catch {
      status.storeTrouble = "\(error)"
    }
    return status
  }

  private func inbox(_ account: String, _ picture: InboxSnapshot) -> InboxStatus {
    let line = tally.line(of: account)
    var status = InboxStatus(
      account: account, waiting: picture.waiting, lastLook: picture.state?.lastLook, lookSeconds: line?.lookSeconds,
      looks: line?.looks ?? 0, failedLooks: line?.failedLooks ?? 0)
    status.clockAheadSeconds = picture.state?.clockDifference.map { $0 / .seconds(1) }
    if let failure = picture.state?.failure {
      var text = LocalizedText(naming: failure.kind)
      text.da += ": " + failure.localized.da
      text.en += ": " + failure.localized.en
      status.failure = LookFailure(since: failure.since, text: text)
    }
    return status
  }

  /// Acknowledges an alert for a user of the status page.
  func acknowledge(_ id: Int64) async -> StatusSource.Acknowledgement {
    do throws(ExchangeError) {
      switch try await database.acknowledge(id, by: StatusSource.acknowledger, why: nil, at: clock()) {
      case .success?: return .done
      case .failure?: return .nothingToDo
      case nil: return .unknown
      }
    } catch {
      logger.error("\(error)")
      return .failed
    }
  }
}
