internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
public import SystemPackage
internal import TriggerFiles

extension Exchange {
  /// Delivers one file by a route of the settings, and waits for its receipt.
  ///
  /// ```swift
  /// let delivery = try await exchange.deliver(file: "udtræk_0101.csv", route: "flis-0101")
  /// print(delivery.state, delivery.outcome ?? "")
  /// ```
  ///
  /// A delivery begun by an earlier run is continued; a finished one is returned and not sent again. After an error the
  /// same call continues where it stopped.
  ///
  /// - Returns: the delivery: `accepted` or `refused` by its receipt; `triggered`, `taken` or `overdue` if none came
  ///   within the time in the options, or none is waited for. The same call then waits on, and sends nothing twice.
  /// - Throws: ``ExchangeError`` that stopped the delivery before that, with its remedy.
  public func deliver(
    file: FilePath, route: String, options: DeliveryOptions = DeliveryOptions()
  ) async throws(ExchangeError) -> Delivery {
    let results = await deliver([DeliveryOrder(file: file, route: route)], options: options)
    guard let result = results.first else { throw .cancelled(while: "deliver") }
    return try result.get()
  }

  /// Delivers files, several at a time by the options, over one connection per account.
  ///
  /// A delivery begun by an earlier run is continued; a finished one is reported and not sent again (unless its order
  /// says `again`). A failing order does not block the others.
  ///
  /// The sent bytes are hashed, including a prefix sent by an earlier run. If the hash differs from the SHA-256 of
  /// staging, no trigger is written, and the result is an error with the code `file-changed`.
  ///
  /// - Returns: a result for each order, in their order: the delivery, as ``deliver(file:route:options:)`` returns it,
  ///   or the error that stopped it. The journal holds its state, and delivering the same orders again continues from
  ///   there. Deliveries of several orders come without trigger and receipt, which ``Journal/delivery(_:)`` returns.
  public func deliver(
    _ orders: [DeliveryOrder], options: DeliveryOptions = DeliveryOptions()
  ) async -> [Result<Delivery, ExchangeError>] {
    await deliver(reporting: orders, options: options).map(\.result)
  }

  /// Delivers files as ``deliver(_:options:)`` does, and reports more of each.
  package func deliver(
    reporting orders: [DeliveryOrder], options: DeliveryOptions = DeliveryOptions()
  ) async -> [DeliveryReport] {
    let progress = BatchProgress(orders: orders)
    var byAccount: [String: [Int]] = [:]
    for (index, order) in orders.enumerated() {
      do throws(ExchangeError) {
        byAccount[try settings.resolveRoute(of: order).1.name, default: []].append(index)
      } catch {
        progress.fail(index, error)
      }
    }
    await withTaskGroup(of: Void.self) { group in
      for (name, indices) in byAccount {
        guard let account = settings.account(named: name) else { continue }
        group.addTask { await self.deliver(indices, over: account, progress: progress, options: options) }
      }
    }
    return progress.reports()
  }

  /// Sends the first files of these orders while the later ones are still being hashed.
  private func deliver(
    _ indices: [Int], over account: Account, progress: BatchProgress, options: DeliveryOptions
  ) async {
    let staged = StagingQueue()
    async let staging: Void = stage(indices, into: staged, progress: progress, options: options)
    let failure = await send(staged, over: account, progress: progress, options: options)
    staged.endLimit()
    await staging
    if !staged.soFar.items.isEmpty { await noteOutcome(of: account, failure: failure) }
    guard let failure else { return }
    for item in staged.soFar.items where progress.needsMore(item.index, receipt: options.waitForReceipts != nil) {
      progress.fail(item.index, failure)
    }
  }

  private func stage(
    _ indices: [Int], into staged: StagingQueue, progress: BatchProgress, options: DeliveryOptions
  ) async {
    await withBoundedTasks(indices, limit: { 64 }) { index in
      guard await staged.mayStage() else { return progress.fail(index, .cancelled(while: "stage")) }
      let order = progress.order(at: index)
      guard let item = await stage(order, at: index, in: staged, progress: progress, options: options) else {
        return staged.skip()
      }
      staged.add(item)
    } each: { _ in
    }
    staged.complete()
  }

  /// Stages one order; `nil` where there is nothing to send of it.
  private func stage(
    _ order: DeliveryOrder, at index: Int, in staged: StagingQueue, progress: BatchProgress, options: DeliveryOptions
  ) async -> StagedOrder? {
    do throws(ExchangeError) {
      let draft = try await staging.draft(order)
      if let leader = staged.leader(of: index, draft.identity) {
        progress.follow(index, leader)
        return nil
      }
      let item = try await staging.stage(draft)
      progress.note(index, item.delivery)
      if item.delivery.state.isFinished {
        progress.noteFinishedBefore(index)
        return nil
      }
      options.onProgress(.staged(item.delivery))
      return StagedOrder(index: index, staged: item)
    } catch {
      if error.code == .nameTaken { options.onProgress(.nameTaken(order, error)) }
      progress.fail(index, error)
      return nil
    }
  }

  /// Delivers a staged order.
  func deliver(
    _ staged: Staging.Staged, as order: DeliveryOrder, options: DeliveryOptions
  ) async throws(ExchangeError) -> DeliveryReport {
    let account = try settings.resolveRoute(of: order).1
    let progress = BatchProgress(orders: [order])
    progress.note(0, staged.delivery)
    let orders = StagingQueue()
    if staged.delivery.state.isFinished {
      progress.noteFinishedBefore(0)
    } else {
      orders.add(StagedOrder(index: 0, staged: staged))
    }
    orders.complete()
    if let failure = await send(orders, over: account, progress: progress, options: options),
      progress.needsMore(0, receipt: options.waitForReceipts != nil)
    {
      progress.fail(0, failure)
    }
    guard let report = progress.reports().first else { throw .cancelled(while: "deliver") }
    return report
  }

  /// Sends the staged orders and waits for their receipts; returns the error that stopped the remaining ones.
  private func send(
    _ orders: StagingQueue, over account: Account, progress: BatchProgress, options: DeliveryOptions
  ) async -> ExchangeError? {
    // Where everything is finished, or nothing can be sent, no connection is made.
    guard await orders.item(0) != nil else { return Task.isCancelled ? .cancelled(while: "deliver") : nil }
    let wait = ReceiptDeadline(patience: options.waitForReceipts, report: options.waitingReport)
    return await withConnections(to: account) { client in
      let (before, lessons) = (progress.steps, suspects.lessons(at: account.name))
      do throws(ExchangeError) {
        // Receipts come while other files are still being sent.
        async let receipts = Result { () async throws(ExchangeError) in
          try await awaitReceipts(
            of: orders, over: client, of: account, wait: wait, progress: progress, options: options)
        }
        try await drive(orders, over: client, of: account, progress: progress, options: options)
        wait.everythingIsSent()
        try await receipts.get()
        return .done
      } catch {
        let learned = suspects.lessons(at: account.name) > lessons
        return .lost(error, madeProgress: progress.steps > before || learned)
      }
    }
  }

  /// Deliveries in progress per upload: each waits about twice as long for journal, names and rename as it uploads.
  private static let underWayPerUpload = 3

  /// Takes every delivery up to its trigger, each as soon as it is staged; suspected causes of lost connections come
  /// after all others, one by one. Throws only if the connection cannot be used any more.
  private func drive(
    _ orders: StagingQueue, over client: SFTPClient, of account: Account, progress: BatchProgress,
    options: DeliveryOptions
  ) async throws(ExchangeError) {
    try await suspects.load(account.name)
    let places = Locked(0)
    let last = Locked<[StagedOrder]>([])
    let uploads = AsyncSemaphore(options.inFlight)
    // After losses few may be under way, and more as they get through.
    let flight = suspects.width(at: account.name).map { AsyncSemaphore($0) }
    let failure: ExchangeError? = await withTaskGroup(of: ExchangeError?.self) { group in
      for _ in 0..<max(options.inFlight, 1) * Self.underWayPerUpload {
        group.addTask {
          while let item = await orders.item(
            places.withLock { next in
              defer { next += 1 }; return next
            })
          {
            guard progress.needsMore(item.index, receipt: false) else { continue }
            if suspects.hasAny(of: account.name),
              suspects.file(account.dataInOUT(item.wireName), of: account.name) != nil
            {
              last.withLock { $0.append(item) }
              continue
            }
            guard await flight?.take() ?? true else { return .cancelled(while: "wait for others to be sent") }
            let failure = await driveOne(
              item, isAlone: false, over: client, of: account, uploads: uploads, progress: progress, options: options)
            flight?.giveBack(of: suspects.width(at: account.name))
            if let failure { return failure }
          }
          return Task.isCancelled ? .cancelled(while: "deliver") : nil
        }
      }
      var failure: ExchangeError?
      for await outcome in group {
        guard let outcome else { continue }
        failure = failure ?? outcome
        group.cancelAll()
      }
      return failure
    }
    if let failure { throw failure }
    // Files with fewer lost connections come first.
    let order = suspects.all(of: account.name)
    for suspect in order {
      for item in last.withLock({ $0 }) where account.dataInOUT(item.wireName) == suspect.path {
        guard progress.needsMore(item.index, receipt: false) else { continue }
        if progress.losses(at: item.index) >= Self.lossesInACall {
          progress.fail(item.index, suspect.error)
          continue
        }
        let failure = await driveOne(
          item, isAlone: true, over: client, of: account, uploads: uploads, progress: progress, options: options)
        if let failure {
          if failure.isLoss, suspects.blames(suspect, of: account.name) { progress.noteLoss(at: item.index) }
          throw failure
        }
      }
    }
  }

  /// The greatest number of connections lost at one file in a call.
  private static let lossesInACall = 2

  private func driveOne(
    _ item: StagedOrder, isAlone: Bool, over client: SFTPClient, of account: Account, uploads: AsyncSemaphore,
    progress: BatchProgress,
    options: DeliveryOptions
  ) async -> ExchangeError? {
    guard let staged = item.staged else { return nil }
    do throws(ExchangeError) {
      try await takeToTrigger(staged, isAlone: isAlone, over: client, of: account, uploads: uploads) { bytes in
        progress.addBytes(item.index, bytes)
        options.onProgress(.sent(bytes: bytes))
      } reached: { before, driven in
        progress.note(item.index, driven)
        item.noteSent()
        if before.isToBeSent { options.onProgress(.triggered(driven)) }
      }
      return nil
    } catch {
      if error.endsRun { return error }
      progress.fail(item.index, error)
      return nil
    }
  }

  func deliveryRun(
    over client: SFTPClient, of account: Account, uploads: AsyncSemaphore = AsyncSemaphore(1),
    onBytes: @escaping @Sendable (UInt64) -> Void = { _ in }
  ) -> DeliveryRun {
    DeliveryRun(
      journal: journal, client: client, account: account, logger: logger, pace: paces[account.name], uploads: uploads,
      settle: patience.settle, onBytes: onBytes)
  }

  /// Takes one delivery up to its trigger, unless another process is working on it, and reports its states before and
  /// after.
  ///
  /// - Parameters:
  ///   - isAlone: true if nothing else is sent over the connection.
  ///   - uploads: the semaphore for uploads, if others share the connection.
  func takeToTrigger(
    _ staged: Staging.Staged, isAlone: Bool = false, over client: SFTPClient, of account: Account,
    uploads: AsyncSemaphore = AsyncSemaphore(1),
    onBytes: @escaping @Sendable (UInt64) -> Void,
    reached: (DeliveryState, Delivery) -> Void
  ) async throws(ExchangeError) {
    var run = deliveryRun(over: client, of: account, uploads: uploads, onBytes: onBytes)
    if !isAlone { run.bulk = bulkTransfer(to: account) }
    let claimed: Void? = try await journal.withClaim(on: .delivery(staged.delivery.id), isNew: staged.isNew) {
      () async throws(ExchangeError) in
      let path = { account.dataInOUT(staged.delivery.wireName) }
      do throws(ExchangeError) {
        let (before, now) = try await run.takeUp(staged)
        if suspects.countPassed(path(), of: account.name, over: client) {
          try await suspects.clear(path(), of: account.name)
        }
        reached(before, now)
      } catch {
        throw try await suspects.failed(
          error, at: path(), of: account.name, over: client, isAlone: isAlone, by: patience.retry)
      }
    }
    if claimed == nil {
      throw ExchangeError(
        .claimedElsewhere, operation: "deliver", path: staged.delivery.wireName.string,
        message: "another process is delivering it", remedy: "wait for that one, or run the same command again")
    }
  }
}

extension Result where Success: Sendable {
  /// Captures the value or the error of an asynchronous call.
  package init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
