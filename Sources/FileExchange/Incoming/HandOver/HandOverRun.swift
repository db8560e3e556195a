internal import ExchangeSettings
internal import FilsluseBase
internal import Logging
internal import SystemPackage
internal import TriggerFiles
import Glibc

/// Hands an arrival in the inbox folder to its ``ArrivalReceiver``: the caller's closure, or the program of its route,
/// if any. It needs no connection, and does not touch the copy in IN.
///
/// The journal says `handing-over` before the receiver is called and `handed-over` after it has taken the file, so it
/// is called at least once for each file, and always with the same FileTransferUUID.
struct HandOverRun: Sendable {
  let journal: Journal
  let settings: ExchangeSettings
  let account: Account
  /// The account's inbox folder.
  let inbox: FilePath
  let retry: RetryPolicy
  let logger: Logger
  /// The variables of our environment that no program is to see.
  var withheld: Set<String>
  /// The caller's closure, which takes over every arrival in place of the routes' programs; `nil` where there is none.
  var closure: ClosureReceiver?
  /// Called for each start of a program.
  var onProgramStart: @Sendable (ProgramStart) -> Void = { _ in }

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
    if closure != nil { return true }
    guard let route = try route(of: arrival) else { return false }
    return route.hook != nil || route.businessReceipts
  }

  /// Takes an arrival to `handed-over`, or to `set-aside` after too many failures.
  ///
  /// - Throws: ``ExchangeError`` with code `hook-failed` if the receiver failed and will be called again,
  ///   `hook-not-started` if its program cannot be started, which is not the file's fault and sets none aside,
  ///   `cancelled`, or an error of the journal. The arrival then pauses.
  func carryOut(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    do throws(ExchangeError) {
      return try await attempt(arrival)
    } catch let failure {
      // The other errors are recorded by their source, or cannot be recorded.
      if ![.hookFailed, .cancelled, .journal].contains(failure.code) {
        try await postpone(arrival.id, because: LocalizedText(failure.message, failure.clauseInDanish))
      }
      throw failure
    }
  }

  private func attempt(_ arrival: Arrival) async throws(ExchangeError) -> Arrival {
    guard let route = try route(of: arrival) else { return try await finish(arrival, answer: nil) }
    if route.businessReceipts, let refused = try await noteBusinessReceipt(arrival) { return refused }
    guard let receiver = receiver(of: route) else { return try await finish(arrival, answer: nil) }

    let lock = try await HandOverLock.take(
      on: arrival.id, beside: settings.journal, within: receiver.lockPatience)
    defer { withExtendedLifetime(lock) {} }
    try await requireInInbox(arrival)
    let arrival = try await journal.transition(arrival, .handOverBegan)
    let file = try ReceivedFile(arrival, by: route, inbox: inbox)
    switch try await receiver.takeOver(file, holding: lock) {
    case .takenOver(let answer):
      let sent: BusinessAnswer?
      do throws(HandOverAnswer.Failure) {
        sent = try answer.map { answer throws(HandOverAnswer.Failure) in try check(answer, to: arrival) }
      } catch {
        return try await noteFailure(error.reason, of: arrival, tries: receiver.tries)
      }
      return try await finish(arrival, answer: sent)
    case .notNow(let reason):
      try await postpone(arrival.id, because: reason)
      throw ExchangeError(
        .hookFailed, operation: "hand over", path: arrival.wireName.string, message: reason.en,
        remedy: "it lies in the inbox and is handed over again later"
      ).inDanish(detail: reason.da)
    case .failed(let reason): return try await noteFailure(reason, of: arrival, tries: receiver.tries)
    case .cancelled: throw .cancelled(while: "hand over")
    }
  }

  /// Checks that the collected file is still in the inbox, because the copy in IN is removed after the receiver has
  /// taken it. After an earlier call it is not checked, because that call may have moved the file.
  private func requireInInbox(_ arrival: Arrival) async throws(ExchangeError) {
    let wasCalled =
      switch arrival.reason {
      case .waits: arrival.tries > 0
      default: arrival.state != .verified
      }
    guard let name = arrival.localName, !wasCalled else { return }
    let (inbox, size) = (inbox, arrival.size)
    let fault: LocalizedText? = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try LocalFolder.requirePresence(at: inbox)
      guard let entry = try LocalFolder(opening: inbox).entry(Array(name.utf8)) else {
        return LocalizedText("it is no longer in the inbox", "den ligger ikke længere i indbakken")
      }
      guard entry.isRegular else {
        return LocalizedText(
          "a link or a folder has its name in the inbox", "et link eller en mappe har dens navn i indbakken")
      }
      if entry.status.size == size { return nil }
      return LocalizedText(
        "it has \(entry.status.size.counted("byte")) in the inbox, and \(size) were collected",
        "den har \(entry.status.size) byte i indbakken, og der blev hentet \(size)")
    }
    guard let fault else { return }
    throw ExchangeError(
      .fileMissing, operation: "hand over", path: inbox.appending(name).string,
      message: "\(fault.en), and no program has taken it over",
      remedy: "put it back; if it was taken over by hand: \(.takeOverByHand("A\(arrival.id)"))"
    ).inDanish(
      "Filen (\(inbox.appending(name))) kan ikke overdrages: \(fault.da). Læg den tilbage; er den overtaget i hånden: \(Remedy.Step.takeOverByHand("A\(arrival.id)"))."
    )
  }

  /// Returns the receiver of a route's arrivals; `nil` if they just stay in the inbox folder.
  private func receiver(of route: ArrivalRoute) -> (any ArrivalReceiver)? {
    if let closure { return closure }
    return route.hook.map {
      ProgramReceiver(hook: $0, withheld: withheld, logger: logger, onStart: onProgramStart)
    }
  }

  private func check(_ answer: HandOverAnswer, to arrival: Arrival) throws(HandOverAnswer.Failure) -> BusinessAnswer {
    if let route = answer.route, settings.route(named: route) == nil {
      throw HandOverAnswer.Failure(
        reason: LocalizedText(
          "it answers by \(route), which is no route of \(settings.routeFiles.en)",
          "programmet svarer ad \(route), som ikke er en rute i \(settings.routeFiles.da)"))
    }
    return try answer.answer(to: arrival, from: account.user)
  }

  /// Returns the arrival's route; if its name is gone from the settings, another one that fits.
  private func route(of arrival: Arrival) throws(ExchangeError) -> ArrivalRoute? {
    let control = ArrivalPolicy(account: account, settings: settings)
    if let noted = control.routes.first(where: { $0.name == arrival.route }) { return noted }
    if case .expected(let route) = control.judge(try arrival.readMetadata()) { return route }
    // Without a route a program gets nothing: the arrival stays in the inbox folder.
    guard closure != nil || arrival.route != nil else { return nil }
    let name = arrival.route.map { LocalizedText($0) } ?? LocalizedText("no route", "ingen rute")
    throw ExchangeError(
      .unknownRoute, operation: "hand over", path: arrival.wireName.string,
      message: "it came by \(name.en), which is no longer in \(settings.source), and nothing else there expects it",
      remedy: "put the route back under arrivals:"
    ).inDanish(
      "\(arrival.wireName.string) kom ad \(name.da), som ikke længere står i \(settings.source), og intet andet dér venter den. Sæt ruten ind igen under arrivals:."
    )
  }

  private func finish(_ arrival: Arrival, answer: BusinessAnswer?) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    arrival.forgetFailures()
    return try await journal.transition(arrival, [.handedOver], answer: answer)
  }

  /// Postpones an arrival, through no fault of its own: each pause is as long as the time since the first one.
  private func postpone(_ id: Int64, because text: LocalizedText) async throws(ExchangeError) {
    guard var arrival = try await journal.arrival(id) else { return }
    let reason = ArrivalReason.waits(text)
    let since = arrival.reason == reason ? Timestamp.now.since(arrival.changedAt) : .zero
    arrival.reason = reason
    arrival.nextTryAt = .now.later(by: min(max(since, retry.backoff.first), retry.backoff.longest))
    _ = try await journal.update(arrival)
  }

  private func noteFailure(
    _ fault: LocalizedText, of arrival: Arrival, tries: Int
  ) async throws(ExchangeError) -> Arrival {
    var arrival = arrival
    arrival.tries += 1
    arrival.reason = .tried(arrival.tries, of: tries, fault: fault)
    if arrival.tries >= tries {
      arrival.nextTryAt = nil
      logger.about(arrival).say(
        .error,
        LocalizedText("A\(arrival.id) is set aside: \(fault.en)", "A\(arrival.id) er lagt til side: \(fault.da)"))
      return try await journal.transition(arrival, .setAside)
    }
    arrival.nextTryAt = .now.later(by: retry.backoff.pause(after: arrival.tries))
    _ = try await journal.update(arrival)
    throw ExchangeError(
      .hookFailed, operation: "hand over", path: arrival.wireName.string,
      message: arrival.reason?.description ?? fault.en,
      remedy: "it lies in the inbox and is handed over again later; after \(tries) failures it is set aside"
    ).inDanish(detail: arrival.reason?.text.da ?? fault.da)
  }
}

extension HandOverRun {
  /// Records the content of a business receipt. One that cannot be understood is set aside, because a retry would not
  /// help, and returned in that state.
  func noteBusinessReceipt(_ arrival: Arrival) async throws(ExchangeError) -> Arrival? {
    let receipt: BusinessReceipt
    let bytes = try await content(of: arrival)
    do {
      receipt = try BusinessReceipt(reading: bytes)
    } catch {
      var arrival = arrival
      let fault = error.diagnostics.first.map { LocalizedText($0.line(in: .english), $0.line(in: .danish)) }
      arrival.reason = .noBusinessReceipt(fault ?? LocalizedText(""))
      logger.about(arrival).say(
        .error,
        LocalizedText(
          "A\(arrival.id) is set aside: it is no business receipt",
          "A\(arrival.id) er lagt til side: det er ingen forretningskvittering"))
      return try await journal.transition(arrival, .setAside)
    }
    try await journal.note(receipt, cameAs: arrival.id)
    return nil
  }

  /// Returns the content of a file in the inbox folder; one longer than the longest document is not read to its end,
  /// and is no document.
  private func content(of arrival: Arrival) async throws(ExchangeError) -> [UInt8] {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try LocalFolder.requirePresence(at: inbox)
      let folder = try LocalFolder(opening: inbox)
      return try LocalFile(arrival.localName ?? arrival.wireName.string, in: folder, flags: O_RDONLY)
        .read(upTo: (1 << 20) + 1, at: 0)
    }
  }
}
