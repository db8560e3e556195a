internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

/// A snapshot of one account for the status page, as of its last look: made once a look, so that a page with a hundred
/// thousand files costs nothing to request.
struct InboxSnapshot: Sendable {
  var waiting: [WaitingFiles] = []
  var state: InboxState?
  var pickUps: [PickUpSeries] = []
  var expected: [ExpectedSeries] = []
  var exchanges: [ExchangeStatus] = []
  /// The time of making the history, which is long and changes slowly.
  var historyTaken: Timestamp?
}

extension WatchSession {
  /// The interval of renewing an account's history.
  private static let historyPause = Duration.seconds(300)
  /// The length of the history.
  private static let historyDays = 30

  /// Assembles the page's data about an account. Data that cannot be read is left out and logged: the findings of the
  /// look report it too.
  func noteForStatus(_ report: AccountReport, of account: Account) async {
    var snapshot = statistics.snapshot(of: account.name)
    let now = clock()
    snapshot.state = report.state ?? snapshot.state
    do throws(ExchangeError) {
      snapshot.waiting = try await WaitingReader(evaluator: evaluator, store: database).waiting(
        in: account.name, state: report.state, at: now)
      if let state = report.state, snapshot.historyTaken.map({ now.since($0) >= Self.historyPause || now < $0 }) ?? true
      {
        let begin = now.earlier(by: .seconds(Self.historyDays * 86_400))
        let pickUps = try await database.pickUps(
          of: account.name, since: begin, longestPause: evaluator.longestPause)
        snapshot.pickUps = PickUpDays(evaluator: evaluator, state: state).series(of: pickUps)
        snapshot.expected = try await expected(of: state, at: now)
        snapshot.exchanges = try await exchanges(of: account.name, pickUps: pickUps, at: now)
        try await FigureKeeper(evaluator: evaluator, store: database).keepPickUps(of: state, at: now)
        snapshot.historyTaken = now
      }
    } catch {
      logger.error("the status page lacks something of \(account.name): \(error)")
    }
    statistics.note(snapshot, of: account.name)
  }

  /// Returns the page's data about expected files, and stores the daily figures.
  private func expected(of state: InboxState, at now: Timestamp) async throws(ExchangeError) -> [ExpectedSeries] {
    try await FigureKeeper(evaluator: evaluator, store: database).keepExpected(
      of: state, journal: try await shownJournal(), at: now)
  }

  private func exchanges(
    of account: String, pickUps: [PickedUpFile], at now: Timestamp
  ) async throws(ExchangeError) -> [ExchangeStatus] {
    let infRefs = Set(settings.routes.compactMap { $0.account == account ? $0.addressing?.infRef : nil })
    let deliveries =
      try await shownJournal()?.outcomes(
        of: account, since: now.earlier(by: .seconds(7 * 86_400)), acceptedWith: infRefs.sorted()) ?? []
    let all =
      pickUps.suffix(Self.mostExchanges).map { ExchangeStatus($0, account: account) }
      + deliveries.suffix(Self.mostExchanges).map { ExchangeStatus($0, account: account) }
    return Array(all.sorted { $0.at > $1.at }.prefix(Self.mostExchanges))
  }

  /// The number of an account's last exchanges to keep.
  static let mostExchanges = 20
}

extension Duration {
  /// Whole seconds, the rest left off.
  var wholeSeconds: Int { Int(clamping: components.seconds) }
}

extension OldestFile.AgeSource {
  init(_ basis: Finding.AgeBasis) {
    self =
      switch basis {
      case .watcher, .firstSight: .seen
      case .server, .serverUnmeasured: .server
      }
  }
}

extension ExchangeStatus {
  fileprivate init(_ pickUp: PickedUpFile, account: String) {
    self.init(
      at: pickUp.gone, account: account, direction: .arrival, fileName: pickUp.fileName,
      infRef: pickUp.facts?.infRef.map(ShownInfRef.init),
      bytes: pickUp.facts?.size, state: "picked-up",
      outcome: pickUp.isWatched
        ? LocalizedText(da: "afhentet", en: "picked up")
        : LocalizedText(da: "væk, mens ingen så efter", en: "gone while nobody watched"))
  }

  fileprivate init(_ delivery: DeliveryOutcome, account: String) {
    let outcome =
      switch delivery.state {
      case .accepted: LocalizedText(da: "modtaget af platformen", en: "accepted by the platform")
      case .refused: LocalizedText(da: "afvist af platformen", en: "refused by the platform")
      case .overdue: LocalizedText(da: "kvittering mangler", en: "its receipt is overdue")
      default: LocalizedText(da: "venter på kvittering", en: "waits for its receipt")
      }
    self.init(
      at: delivery.changedAt, account: account, direction: .delivery, fileName: Masked.name(delivery.wireName.string),
      infRef: delivery.infRef.map(ShownInfRef.init), bytes: delivery.size, state: delivery.state.rawValue,
      outcome: outcome,
      isTrouble: delivery.state == .refused || delivery.state == .overdue)
  }
}
