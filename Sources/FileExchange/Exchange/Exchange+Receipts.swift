internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import Logging
internal import TriggerFiles

extension Exchange {
  /// Looks for the receipts of the given orders until all are there or the deadline has passed. The looks are close
  /// together while receipts keep coming.
  ///
  /// Throws only when the connection cannot be used any more.
  func awaitReceipts(
    of orders: StagingQueue, over client: SFTPClient, of account: Account, wait: ReceiptDeadline,
    progress: BatchProgress,
    options: DeliveryOptions
  ) async throws(ExchangeError) {
    guard wait.patience != nil else { return }
    let soon = min(Duration.milliseconds(20), patience.receiptPoll)
    var pause = soon
    var backoff = Backoff(first: soon, longest: patience.receiptPoll, factor: 1.5)
    var unreadable = UnreadableReceipts()
    while true {
      let (items, isComplete) = orders.soFar
      let unsettled = items.filter { progress.needsMore($0.index, receipt: true) }
      let waiting = unsettled.filter { !progress.needsMore($0.index, receipt: false) }
      if unsettled.isEmpty, isComplete { return }
      if !waiting.isEmpty {
        let round = try await lookForReceipts(over: client, of: account)
        var settled = round.settled
        if round.failure == nil { settled += await readSuspected(round.suspected, of: account) }
        for problem in round.problems { remarks.once(.error, problem.error.of(account.name)) }
        unreadable.note(round.problems, at: .now)
        for delivery in settled {
          if let index = orders.index(of: delivery.id) { progress.note(index, delivery) }
          options.onProgress(.settled(delivery))
        }
        if let failure = round.failure { throw failure }
        // Another process of this account may have fetched the receipt of one of these deliveries.
        let ids = waiting.filter { progress.needsMore($0.index, receipt: true) }.map(\.delivery)
        for delivery in try await journal.deliveriesFinished(among: ids) {
          if let index = orders.index(of: delivery.id) { progress.note(index, delivery) }
        }
        // One that stays unreadable is no receipt that is still to come.
        let patienceWithThem = wait.isOver ? Duration.zero : patience.settle
        for item in waiting where progress.needsMore(item.index, receipt: true) {
          if let error = unreadable.error(of: item.wireName, after: patienceWithThem, at: .now) {
            if wait.isOver { try await noteOverdue(item, progress: progress) }
            progress.fail(item.index, error)
          }
        }
        let missing = waiting.filter { progress.needsMore($0.index, receipt: true) }
        if !missing.isEmpty, wait.takeReport() {
          try await report(ofWaitingFor: missing, wait: wait, options: options)
        }
        if !settled.isEmpty { backoff.reset() }
        pause = backoff.next()
        if wait.isOver {
          for item in waiting where progress.needsMore(item.index, receipt: true) {
            try await noteOverdue(item, progress: progress)
          }
          return
        }
      }
      do {
        try await Task.sleep(until: wait.next(after: pause), clock: .continuous)
      } catch {
        throw .cancelled(while: "wait for receipts")
      }
    }
  }

  /// Reports the steps of the deliveries without a receipt, as the journal has them now.
  private func report(
    ofWaitingFor orders: [StagedOrder], wait: ReceiptDeadline, options: DeliveryOptions
  ) async throws(ExchangeError) {
    var deliveries: [Delivery] = []
    for order in orders {
      if let delivery = try await journal.delivery(order.delivery) { deliveries.append(delivery.withoutDocuments) }
    }
    options.onProgress(.waiting(WaitingReport(deliveries, remaining: wait.remaining)))
  }

  /// The age up to which a trigger is not checked in OUT: its receipt mostly comes sooner.
  private static let timeToBeTaken = Duration.seconds(1)

  /// Checks IN and OUT once: new receipts are recorded in the journal and removed, and missing triggers are recorded as
  /// taken.
  ///
  /// - Parameters:
  ///   - listed: the entries of IN, if it was just listed.
  ///   - judgesOthers: true to read receipts that no delivery here waits for, too.
  /// - Returns: the deliveries with a new receipt, the unreadable receipts, which the caller must report, and the error
  ///   if the connection was lost, which the caller must throw.
  func lookForReceipts(
    over client: SFTPClient, of account: Account, listed: [DirectoryEntry]? = nil, judgesOthers: Bool = false
  ) async throws(ExchangeError) -> ReceiptCollector.Round {
    try await suspects.load(account.name)
    let listing: [DirectoryEntry]
    if let listed { listing = listed } else { listing = try await list(account.folders.in, over: client) }
    let round = try await receiptPost(over: client, of: account)
      .collectUnsuspected(from: listing, judgesOthers: judgesOthers)
    for remark in round.remarks { remarks.once(.warning, remark.map { "\(account.name): \($0)" }) }
    // While receipts come, it does not matter which triggers were taken and wait for theirs.
    if round.settled.isEmpty, round.failure == nil { try await noteTaken(over: client, of: account) }
    return round
  }

  func receiptPost(over client: SFTPClient, of account: Account) -> ReceiptCollector {
    ReceiptCollector(
      journal: journal, client: client, account: account, unclaimed: unclaimedReceipts, suspects: suspects,
      retry: patience.retry, onReceipt: onReceipt)
  }

  /// Reads suspected receipts, one by one over a connection of their own, if their pauses are over.
  ///
  /// - Returns: their deliveries.
  func readSuspected(_ receipts: [DirectoryEntry], of account: Account) async -> [Delivery] {
    var due = receipts.filter { receipt in
      let suspect = suspects.file(RemotePath(account.folders.in).appending(receipt.name), of: account.name)
      return suspect.map { !isPausing($0) } ?? true
    }
    if due.isEmpty { return [] }
    var settled: [Delivery] = []
    let failure = await withOwnConnection(to: account) { client in
      while let receipt = due.popLast() {
        let path = RemotePath(account.folders.in).appending(receipt.name)
        do throws(ExchangeError) {
          try await suspects.during(
            path, of: account.name, over: client, isAlone: true, by: patience.retry
          ) { () async throws(ExchangeError) in
            let round = try await receiptPost(over: client, of: account).collect(from: [receipt], judgesOthers: false)
            settled += round.settled
            for problem in round.problems { remarks.once(.warning, problem.error.of(account.name)) }
            if let failure = round.failure { throw failure }
          }
        } catch {
          return .lost(error, madeProgress: true)
        }
      }
      return .done
    }
    if let failure, failure.category != .account, failure.code != .cancelled {
      remarks.once(.warning, failure.of(account.name))
    }
    return settled
  }

  /// Records which triggers the platform has taken. An OUT that cannot be listed does not prevent collecting: only the
  /// platform's progress stays unknown.
  private func noteTaken(over client: SFTPClient, of account: Account) async throws(ExchangeError) {
    let triggered = try await journal.deliveriesTriggered(
      of: account.name, before: Timestamp.now.earlier(by: Self.timeToBeTaken))
    guard !triggered.isEmpty else { return }
    let outgoing: Set<[UInt8]>
    do throws(ExchangeError) {
      outgoing = Set(try await list(account.folders.out, over: client).map(\.name))
    } catch {
      if error.endsRun { throw error }
      return remarks.once(
        .error,
        LocalizedText(
          "\(account.name): which triggers were taken is not known: \(error)",
          "\(account.name): det vides ikke, hvilke triggere der er taget: \(error.clauseInDanish)"))
    }
    let taken = triggered.filter { !outgoing.contains(Array(($0.wireName.string + account.suffixes.trigger).utf8)) }
    // Side by side, so that they share the journal's commits.
    try await withBoundedTasks(taken, limit: { 64 }) { delivery in
      await Result { () async throws(ExchangeError) in
        switch try await journal.transition(delivery, .taken) {
        // It may have been given up, or its receipt have come, while we looked.
        case .done, .overtaken: break
        }
      }
    } each: { (outcome: Result<Void, ExchangeError>) throws(ExchangeError) in
      try outcome.get()
    }
  }

  private func noteOverdue(_ item: StagedOrder, progress: BatchProgress) async throws(ExchangeError) {
    guard var delivery = try await journal.delivery(item.delivery) else { return }
    if DeliveryMachine.expects(.receiptOverdue, in: delivery.state) {
      switch try await journal.transition(delivery, .receiptOverdue, detail: "no receipt yet") {
      case .done(let now), .overtaken(let now): delivery = now
      }
    }
    progress.note(item.index, delivery)
  }

  func list(_ folder: String, over client: SFTPClient) async throws(ExchangeError) -> [DirectoryEntry] {
    try await listing(of: folder, over: client).entries
  }

  func listing(of folder: String, over client: SFTPClient) async throws(ExchangeError) -> DirectoryListing {
    do throws(SFTPError) {
      return try await client.listing(of: RemotePath(folder)) { Heartbeat.current?.beat() }
    } catch {
      throw ExchangeError(error, while: "list \(folder)")
    }
  }
}

extension ExchangeError {
  static func cancelled(while operation: String) -> ExchangeError {
    ExchangeError(
      .cancelled, operation: operation, message: "the task was cancelled",
      remedy: "the same command goes on where it stopped")
  }
}

/// The unreadable receipts that a run waits for: one that is still being written may be readable a moment later.
struct UnreadableReceipts: Sendable {
  private var found: [WireName: (error: ExchangeError, since: ContinuousClock.Instant)] = [:]

  /// Records the unreadable receipts of one look; all others are forgotten.
  mutating func note(_ problems: [ReceiptCollector.Problem], at now: ContinuousClock.Instant) {
    let before = found
    found = [:]
    for problem in problems where problem.error.code == .invalidDocument {
      found[problem.wireName] = (problem.error, before[problem.wireName]?.since ?? now)
    }
  }

  /// Returns the reason why the receipt of a name cannot be read, where that has been so for a while.
  func error(of wireName: WireName, after period: Duration, at now: ContinuousClock.Instant) -> ExchangeError? {
    guard let (error, since) = found[wireName], now - since >= period else { return nil }
    return error
  }
}
