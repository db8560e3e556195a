internal import ExchangeSettings
internal import FileExchange
internal import FilsluseBase
internal import FilsluseSFTP
internal import Logging

/// The loop of one account: it looks, evaluates, hands the findings to the alerts, and keeps its connection for the
/// next look.
///
/// An unreachable account is tried less and less often, and still evaluated at every look.
struct AccountLoop: Sendable {
  private let account: Account
  private let session: WatchSession
  private let logger: Logger
  private let losing = LosingSidecars()

  /// The longest time between two tries to reach an account, where looks are not rarer.
  static let longestBackOff = Duration.seconds(600)

  init(_ account: Account, of session: WatchSession) {
    self.account = account
    self.session = session
    var logger = session.logger
    logger[metadataKey: "account"] = "\(account.name)"
    self.logger = logger
  }

  func run(until end: GracefulStop, after offset: Duration) async {
    let pause = max(.milliseconds(1), session.settings.watch.lookEvery)
    var next = ContinuousClock.now + offset
    let connection = SharedConnection.forLooks(into: account, logger: logger)
    var backoff = Self.backoff(lookEvery: pause)
    var triesLeftOut = 0
    while await !end.wait(until: next), !Task.isCancelled {
      let failure = triesLeftOut > 0 ? session.statistics.failure(of: account.name) : nil
      guard let report = await turn(over: connection, insteadOfTrying: failure) else { break }
      if failure != nil {
        triesLeftOut -= 1
      } else {
        if !report.isOutOfReach { backoff.reset() }
        triesLeftOut = report.isOutOfReach ? Self.looks(backoff.next(), every: pause) - 1 : 0
      }
      // Counts from the beginning of the last look, so that slow looks do not drift; time lost by a longer one is not
      // caught up.
      next = max(next + pause, .now)
    }
    await connection.close()
  }

  /// Does one round: looks, evaluates, and hands the findings to the alerts.
  ///
  /// - Parameters:
  ///   - connection: the connection kept between rounds.
  ///   - failure: the error of the last try, to make no new one and evaluate the last observations; `nil` to look.
  /// - Returns: `nil` if it was cancelled; the next watcher looks again.
  func turn(
    over connection: SharedConnection, insteadOfTrying failure: ExchangeError? = nil
  ) async -> AccountReport? {
    let began = ContinuousClock.now
    let (look, broken) = await inboxCheck()
    var alerted: (receipts: ReceiptAlerts, sent: Set<Finding.ID>)?
    let take: InboxCheck.Taker = { (report: inout AccountReport) async throws(ExchangeError) in
      alerted = nil
      if Task.isCancelled { return }
      if let broken { report.add(broken) }
      if let displacement = session.displacement { report.add(displacement: displacement) }
      // Another machine alerts people.
      guard session.lead.mayAlert else { return }
      alerted = try await alert(about: report, look)
    }
    let report =
      if let failure {
        await look.judgeAgain(account, after: failure, take)
      } else {
        await look.look(into: account, over: connection, take)
      }
    if Task.isCancelled { return nil }
    if report.isJournalUnreadable { session.dropJournal() }
    if let (receipts, sent) = alerted, !session.settings.watch.alerts.sinks.isEmpty { await receipts.note(sent) }
    session.statistics.note(report, took: ContinuousClock.now - began)
    await session.noteForStatus(report, of: account)
    return report
  }

  /// The time from one try to the next at a server that is out of reach: from one look to many, up to
  /// ``longestBackOff``.
  static func backoff(lookEvery pause: Duration) -> Backoff {
    Backoff(first: pause, longest: pause * max(1, (longestBackOff / pause).rounded(.down)), jitter: 0.25)
  }

  /// Returns the number of looks from one try to the next.
  static func looks(_ rest: Duration, every pause: Duration) -> Int { Int((rest / pause).rounded()) }

  /// Returns the check, and the reason why the journal cannot be read, where it cannot: the inbox is evaluated without
  /// it.
  func inboxCheck() async -> (look: InboxCheck, broken: ExchangeError?) {
    var journal: Journal?
    var broken: ExchangeError?
    do throws(ExchangeError) { journal = try await session.journal() } catch { broken = error }
    var look = InboxCheck(
      evaluator: session.evaluator, store: session.database, journal: journal, clock: session.clock, logger: logger)
    look.losing = losing
    return (look, broken)
  }

  /// Passes a report to the alerts.
  ///
  /// - Returns: the receipts among its findings, and the sent findings that have not ended.
  private func alert(
    about report: AccountReport, _ look: InboxCheck
  ) async throws(ExchangeError) -> (receipts: ReceiptAlerts, sent: Set<Finding.ID>) {
    var report = report
    do throws(ExchangeError) {
      if let kind = report.state?.failure?.kind, try await isLeftToServer(kind, report) {
        report.findings.removeAll { $0.kind == kind }
      }
      let over = try await session.database.openFindings(
        of: account.name, besides: Set(report.findings.map(\.id)))
      let receipts = await ReceiptAlerts(
        of: report, over: over, isSentElsewhere: session.settings.alert != nil, in: look.journal, account,
        logger: logger)
      let sent = try await session.dispatcher.take(report, over: over, explainedBy: look, receipts)
      session.statistics.noteStore(nil, of: account.name)
      return (receipts, sent)
    } catch {
      // The next look finds the same; a failure to write alerts is shown on the page and in the log.
      logger.error("\(error)")
      session.statistics.noteStore("\(error)", of: account.name)
      throw error
    }
  }
}

extension AccountLoop {
  /// Returns true if ``ServerWatch`` alerts people to the reason why the account's folders cannot be listed, because
  /// other accounts at the same server have it too.
  ///
  /// A login or host key that fails for one account only is that account's own alert. Until the others have reached the
  /// server, or their longest pause is over, that is unknown; after that, an open alert stays as it is.
  private func isLeftToServer(
    _ kind: Finding.Kind, _ report: AccountReport
  ) async throws(ExchangeError) -> Bool {
    let server = ServerAddress(of: account)
    guard let accounts = session.sharedServers[server], ServerWatch.kinds.contains(kind) else { return false }
    if kind == .serverUnreachable { return true }
    var isOwn = session.statistics.ownAlert(of: account.name) == kind
    if !isOwn {
      isOwn = try await session.database.openFindings(of: account.name).contains { $0.kind == kind }
    }
    if !isOwn {
      let others = accounts.filter { $0 != account.name }
      let isShared =
        try await session.database.openFindings(of: "", .servers).contains {
          $0.kind == kind && $0.subject == server.description
        } || others.contains { session.statistics.hasSharedFailure($0, kind) }
      // After an outage the accounts are tried again at different times.
      let isTriedByAll = !others.contains { session.statistics.hasSharedFailure($0, .serverUnreachable) }
      let lasted = report.state?.failure.map { report.checked.since($0.since) } ?? .zero
      isOwn = !isShared && lasted >= session.settings.watch.lookEvery + (isTriedByAll ? .zero : Self.longestBackOff)
    }
    session.statistics.noteOwnAlert(isOwn ? kind : nil, of: account.name)
    return !isOwn
  }
}

extension AccountReport {
  /// True if the server was not reached, refused the login, or lists without end. A folder that cannot be listed, or a
  /// full disk of our own, is no reason to look less often.
  fileprivate var isOutOfReach: Bool {
    guard let failure, ![.watchDatabase, .watchSchema].contains(failure.code) else { return false }
    guard let transfer = failure.transfer else { return true }
    return transfer.endsConnection || transfer.code == .listingTooLong
  }
}

extension GracefulStop {
  /// Waits until a moment; returns true if the end is requested before.
  func wait(until moment: ContinuousClock.Instant) async -> Bool {
    let left = moment - .now
    if left <= .zero { return isRequested }
    return await wait(atMost: left)
  }
}

extension AlertDispatcher {
  /// Takes the report of a look, with the reasons for ended findings.
  ///
  /// - Parameters:
  ///   - over: the findings with an open alert that the report no longer has.
  ///   - receipts: the findings that another process has alerted people to, and those whose resolution it sent.
  /// - Returns: the sent findings that have not ended.
  /// - Throws: `ExchangeError` with code `watchDatabase` if it cannot be written; the next look catches up.
  func take(
    _ report: AccountReport, over: [Finding], explainedBy look: InboxCheck, _ receipts: ReceiptAlerts
  ) async throws(ExchangeError) -> Set<Finding.ID> {
    var alertLook = AlertLook(
      account: report.account, at: report.checked, findings: report.findings, isComplete: report.isComplete,
      endings: await look.endings(of: over, in: report))
    (alertLook.alertedElsewhere, alertLook.endedElsewhere) = (receipts.alerted, receipts.endedElsewhere)
    return try await take(alertLook)
  }
}
