internal import ExchangeSettings
internal import FilsluseSystem
internal import Logging
internal import SystemPackage
internal import TriggerFiles

/// Hands an arrival in the inbox folder to its receiver: to the program that its route names, where it names one. It
/// needs no connection, and leaves the copy in IN alone.
///
/// The journal says `handing-over` before the program starts and `handed-over` after it has ended well, so it runs at
/// least once for each file, and always with the same FileTransferUUID.
struct HookRunner: Sendable {
  let journal: Journal
  let settings: ExchangeSettings
  let account: Account
  /// The account's inbox folder.
  let inbox: FilePath
  let retry: RetryPolicy
  let logger: Logger
  /// The variables of our environment that no program is to see.
  var withheld: Set<String>
  /// Called for each start of a program.
  var onHookStart: @Sendable (HookStart) -> Void = { _ in }

  init(journal: Journal, settings: ExchangeSettings, account: Account, retry: RetryPolicy, logger: Logger) {
    self.journal = journal
    self.settings = settings
    self.account = account
    inbox = InboxFolder.path(of: account, settings)
    self.retry = retry
    self.logger = logger
    withheld = settings.passphraseVariables
  }

  /// Returns true if handing over means more than recording that the file is in the inbox.
  func isWork(_ arrival: Arrival) throws(ExchangeError) -> Bool {
    guard let route = try route(of: arrival) else { return false }
    return route.hook != nil || route.businessReceipts
  }

  /// Takes an arrival to `handed-over`, or to `set-aside` when that has failed too often.
  ///
  /// - Throws: ``ExchangeError`` with code `hook-failed` when the program failed and will be tried again,
  ///   `hook-not-started` when it cannot be started, which is no fault of the file's and sets none aside, `cancelled`, and
  ///   what the journal throws. The arrival is left alone for a while then.
  func carryOut(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    do throws(ExchangeError) {
      return try await attempt(arrival)
    } catch let failure {
      // The others wrote down what they mean for the arrival, or cannot be written down.
      if ![.hookFailed, .cancelled, .journal].contains(failure.code) {
        try await postpone(arrival.id, because: failure.message)
      }
      throw failure
    }
  }

  private func attempt(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    guard let route = try route(of: arrival) else { return try await finish(arrival, answer: nil) }
    if route.businessReceipts, let refused = try await noteBusinessReceipt(arrival) { return refused }
    guard let hook = route.hook else { return try await finish(arrival, answer: nil) }

    let hold = try await HookLock.take(
      on: arrival.id, beside: settings.journal, within: hook.timeout + .seconds(10))
    defer { withExtendedLifetime(hold) {} }
    let arrival = try await journal.transition(arrival, .handOverBegan)
    let call = try HookCall(arrival, metadata: try arrival.readMetadata(), route: route, inbox: inbox)
    let report = await Program(
      arguments: hook.command, environment: call.environment, withheld: withheld,
      input: try call.json(), timeout: hook.timeout, held: hold.fileDescriptor
    ).run()
    logger.debug("arrival \(arrival.id): \(report.summary)")
    if let reason = report.reasonNotStarted, !(report.end.isTooLong && call.isTooLong) {
      let failure = ExchangeError(
        .hookNotStarted, operation: "start the program of \(route.name)", path: hook.command.first, message: reason,
        remedy: "mend it: the file lies in the inbox, and is handed over when the program can be started")
      onHookStart(HookStart(account: account.name, route: route.name, failure: failure))
      throw failure
    }
    onHookStart(HookStart(account: account.name, route: route.name, failure: nil))
    switch report.end {
    case .exited(0): break
    case .exited(Self.notNow):
      let reason = "its program says: not now (status \(Self.notNow))"
      try await postpone(arrival.id, because: reason)
      throw ExchangeError(
        .hookFailed, operation: "hand over", path: arrival.wireName, message: reason,
        remedy: "it lies in the inbox and is handed over again later")
    case .cancelled: throw .cancelled(while: "hand over")
    default: return try await noteFailure(report.summary, of: arrival, hook)
    }
    let answer: BusinessAnswer?
    do throws(HookAnswer.Failure) {
      answer = try self.answer(in: report, to: arrival, hook)
    } catch {
      return try await noteFailure(error.reason, of: arrival, hook)
    }
    return try await finish(arrival, answer: answer)
  }

  /// The route by which the arrival came; one that fits it, where that has another name by now.
  private func route(of arrival: Arrival) throws(ExchangeError) -> ArrivalRoute? {
    let control = ArrivalPolicy(account: account, settings: settings)
    if let noted = control.routes.first(where: { $0.name == arrival.route }) { return noted }
    if case .expected(let route) = control.judge(try arrival.readMetadata()) { return route }
    // An arrival without a route stays in the inbox folder.
    guard let name = arrival.route else { return nil }
    throw ExchangeError(
      .unknownRoute, operation: "hand over", path: arrival.wireName,
      message: "it came by \(name), which is no longer in \(settings.source), and nothing else there expects it",
      remedy: "put the route back under arrivals:")
  }

  private func finish(_ arrival: Arrival, answer: BusinessAnswer?) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    arrival.forgetFailures()
    return try await journal.transition(arrival, [.handedOver], answer: answer)
  }

  private func answer(
    in report: ProgramReport, to arrival: Arrival, _ hook: ArrivalHook
  ) throws(HookAnswer.Failure) -> BusinessAnswer? {
    guard let answer = try HookAnswer(report.output) else {
      if hook.answerBy == nil { return nil }
      throw HookAnswer.Failure(
        reason: "it ended well without the answer that goes back: {\"acceptance\": …} on standard output")
    }
    let receipt = try answer.receipt(for: arrival, from: account.user)
    return BusinessAnswer(
      arrival: arrival.id, fileTransferUUID: arrival.fileTransferUUID, acceptance: receipt.fileAcceptance,
      document: receipt.xml(), route: hook.answerBy, delivery: nil)
  }

  /// The status by which a program says that it cannot take anything over at the moment (EX_TEMPFAIL): no failure of
  /// the file's, so that none is set aside however long it lasts.
  private static let notNow: Int32 = 75

  /// Leaves an arrival alone for a while, through no fault of its own: each time as long again as that has been so.
  private func postpone(_ id: Int64, because reason: String) async throws(ExchangeError) {
    guard var arrival = try await journal.arrival(id) else { return }
    let since = arrival.reason == reason ? Timestamp.now.since(arrival.changedAt) : .zero
    arrival.reason = reason
    arrival.nextTryAt = .now.later(by: min(max(since, retry.shortestPause), retry.longestPause))
    _ = try await journal.update(arrival)
  }

  private func noteFailure(
    _ summary: String, of arrival: Arrival, _ hook: ArrivalHook
  ) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    arrival.tries += 1
    arrival.reason = "try \(arrival.tries) of \(hook.tries): \(summary)"
    if arrival.tries >= hook.tries {
      arrival.nextTryAt = nil
      logger.error("arrival \(arrival.id) is set aside: \(summary)")
      return try await journal.transition(arrival, .setAside)
    }
    arrival.nextTryAt = .now.later(by: retry.pause(after: arrival.tries, lot: .random(in: 0..<1)))
    _ = try await journal.update(arrival)
    throw ExchangeError(
      .hookFailed, operation: "hand over", path: arrival.wireName, message: arrival.reason ?? summary,
      remedy: "it lies in the inbox and is handed over again later; after \(hook.tries) failures it is set aside")
  }
}
