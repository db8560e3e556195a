internal import ExchangeSettings
internal import FileExchange
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging

/// The loop of one account: it looks, judges, hands over what it found, and keeps its connection for the next look.
///
/// An account that cannot be reached is tried less and less often, and judged at every look all the same.
struct AccountLoop: Sendable {
  private let account: Account
  private let shift: WatchSession
  private let logger: Logger

  /// The longest time between two tries to reach an account, where looks are not rarer.
  static let longestBackOff = Duration.seconds(600)

  init(_ account: Account, of shift: WatchSession) {
    self.account = account
    self.shift = shift
    var logger = shift.logger
    logger[metadataKey: "account"] = "\(account.name)"
    self.logger = logger
  }

  func run(until end: GracefulStop, after offset: Duration) async {
    let pause = shift.settings.watch.lookEvery
    var next = ContinuousClock.now + offset
    var client: SFTPClient?
    var failures = 0
    var triesLeftOut = 0
    while await !end.wait(until: next), !Task.isCancelled {
      let failure = triesLeftOut > 0 ? shift.tally.failure(of: account.name) : nil
      guard let report = await turn(&client, insteadOfTrying: failure) else { break }
      if failure != nil {
        triesLeftOut -= 1
      } else {
        failures = report.isOutOfReach ? failures + 1 : 0
        triesLeftOut = Self.triesToLeaveOut(after: failures, pause: pause, lot: .random(in: 0..<1))
      }
      // From the beginning of the last look, so that slow looks do not drift; one that took longer is not made up for.
      next = max(next + pause, .now)
    }
    await client?.close()
  }

  /// Does one round: looks, evaluates, and hands over the findings.
  ///
  /// - Parameters:
  ///   - client: the connection of the last round, kept for the next.
  ///   - failure: where no try is to be made, the reason why the last one failed: the last observations are evaluated.
  /// - Returns: `nil` where it was cancelled; the next watcher looks again.
  func turn(
    _ client: inout SFTPClient?, insteadOfTrying failure: ExchangeError? = nil
  ) async -> AccountReport? {
    let began = ContinuousClock.now
    let (look, broken) = await watchLook()
    var report: AccountReport
    if let failure {
      report = await look.judge(account)
      report.failure = report.failure ?? failure
    } else {
      report = await look.look(into: account, over: &client)
    }
    if Task.isCancelled { return nil }
    if let broken { report.add(broken) }
    if report.isJournalUnreadable { shift.dropJournal() }
    shift.tally.note(report, took: ContinuousClock.now - began)
    await tell(report, look)
    await shift.noteForStatus(report, of: account)
    return report
  }

  /// Returns the number of looks to skip: none after the first failure, then 1, 3, 7 with some jitter, so that a server
  /// that comes back does not meet all clients at once.
  static func triesToLeaveOut(after failures: Int, pause: Duration, lot: Double) -> Int {
    guard failures > 1, pause > .zero else { return 0 }
    let most = max(0, Int((longestBackOff / pause).rounded(.down)) - 1)
    let doubled = (1 << min(failures - 1, 16)) - 1
    return min(most, max(1, Int((Double(doubled) * (0.5 + lot / 2)).rounded())))
  }

  /// Returns the check, and the reason why the journal cannot be read, where it cannot: the inbox is evaluated without
  /// it.
  func watchLook() async -> (look: InboxCheck, broken: ExchangeError?) {
    var journal: Journal?
    var broken: ExchangeError?
    do throws(ExchangeError) { journal = try await shift.journal() } catch { broken = error }
    let look = InboxCheck(
      evaluator: shift.evaluator, store: shift.sights, journal: journal, clock: shift.clock, logger: logger)
    return (look, broken)
  }

  private func tell(_ report: AccountReport, _ look: InboxCheck) async {
    var report = report
    do throws(AlertStoreError) {
      if let kind = report.state?.failure?.kind, try await isLeftToServer(kind, report) {
        report.findings.removeAll { $0.kind == kind }
      }
      let receipts = await ReceiptAlerts(of: report, in: look.journal, account, logger: logger)
      let sent = try await shift.centre.take(report, explainedBy: look, alertedElsewhere: receipts.alerted)
      shift.tally.noteStore(nil, of: account.name)
      if !shift.settings.watch.alerts.sinks.isEmpty { await receipts.note(sent) }
    } catch {
      // The next look finds the same; a failure to write alerts is shown on the page and in the log.
      logger.error("\(error)")
      shift.tally.noteStore("\(error)", of: account.name)
    }
  }
}

extension AccountLoop {
  /// Returns true if a reason why the account's folders cannot be seen is for ``ServerWatch`` to alert people to, because
  /// other accounts at the same server have it too.
  ///
  /// A login or host key that fails for one account alone is that account's own alert. Until the others have been tried
  /// it is not known, and after that an alert which is open stays as it is.
  private func isLeftToServer(
    _ kind: Finding.Kind, _ report: AccountReport
  ) async throws(AlertStoreError) -> Bool {
    let server = ServerAddress(of: account)
    guard let accounts = shift.sharedServers[server], ServerWatch.kinds.contains(kind) else { return false }
    if kind == .serverUnreachable { return true }
    var isOwn = shift.tally.ownAlert(of: account.name) == kind
    if !isOwn { isOwn = try await shift.centre.openFindings(of: account.name).contains { $0.kind == kind } }
    if !isOwn {
      let isShared =
        try await shift.centre.openFindings(of: "", .servers).contains {
          $0.kind == kind && $0.subject == server.description
        } || accounts.contains { $0 != account.name && shift.tally.hasSharedFailure($0, kind) }
      let lasted = report.state?.failure.map { report.checked.since($0.since) } ?? .zero
      isOwn = !isShared && lasted >= shift.settings.watch.lookEvery
    }
    shift.tally.noteOwnAlert(isOwn ? kind : nil, of: account.name)
    return !isOwn
  }
}

extension AccountReport {
  /// True if the server was not reached, refused the login, or lists without end. A folder that cannot be listed, or a
  /// full disk of our own, is no reason to look less often.
  fileprivate var isOutOfReach: Bool {
    guard let failure, failure.code != .watchDatabase else { return false }
    guard let transfer = failure.transfer else { return true }
    return transfer.endsConnection || transfer.code == .listingTooLong
  }
}

extension GracefulStop {
  /// Waits until a moment; true when the end is asked for before.
  func wait(until moment: ContinuousClock.Instant) async -> Bool {
    let left = moment - .now
    if left <= .zero { return isRequested }
    return await wait(atMost: left)
  }
}
