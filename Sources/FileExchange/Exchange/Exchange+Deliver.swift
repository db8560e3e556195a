internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem

extension Exchange {
  /// How a delivery run goes about it.
  public struct DeliveryOptions: Sendable {
    /// How long to wait for the receipts after the last trigger; `nil` does not wait.
    public var waitForReceipts: Duration?
    /// How many deliveries are under way at a time over one connection.
    public var inFlight = 64
    /// Told as data is acknowledged and deliveries change.
    public var onProgress: @Sendable (DeliveryProgress) -> Void = { _ in }

    /// Options that wait ten minutes for the receipts.
    public init(waitForReceipts: Duration? = .seconds(600)) { self.waitForReceipts = waitForReceipts }
  }

  /// Something happened to a delivery.
  public enum DeliveryProgress: Sendable {
    /// The file is hashed and in the journal.
    case staged(Delivery)
    /// The server has acknowledged so many more bytes.
    case sent(bytes: UInt64)
    /// The trigger lies in OUT.
    case triggered(Delivery)
    /// Its receipt came.
    case settled(Delivery)
  }

  /// Delivers files, as many at a time as the options say, over one connection for each account.
  ///
  /// What an earlier run began is finished and not begun anew; what it finished is reported and not sent again (unless
  /// its order says `again`). One order that fails never holds up the others.
  ///
  /// - Returns: a report for each order, in their order. A report's error says why its delivery did not get further; the
  ///   journal holds how far it came, and delivering the same orders again goes on from there.
  public func deliver(
    _ orders: [DeliveryOrder], options: DeliveryOptions = DeliveryOptions()
  ) async -> [DeliveryReport] {
    let ledger = DeliveryLedger(orders: orders)
    let staged = await stage(orders, ledger: ledger, options: options)
    let byAccount = Dictionary(grouping: staged) { $0.staged.delivery.account }
    await withTaskGroup(of: Void.self) { group in
      for (name, items) in byAccount {
        guard let account = settings.account(named: name) else { continue }
        group.addTask { await self.deliver(items, over: account, ledger: ledger, options: options) }
      }
    }
    return ledger.reports()
  }

  struct StagedOrder: Sendable {
    let index: Int
    let staged: Staging.Staged
  }

  private func stage(
    _ orders: [DeliveryOrder], ledger: DeliveryLedger, options: DeliveryOptions
  ) async -> [StagedOrder] {
    let staging = Staging(settings: settings, journal: journal)
    var items: [StagedOrder] = []
    await withBoundedTasks(Array(orders.enumerated()), limit: 16) { index, order in
      await Result { () async throws(ExchangeError) in StagedOrder(index: index, staged: try await staging.stage(order))
      }
      .mapError { StagingFailure(index: index, error: $0) }
    } each: { outcome in
      switch outcome {
      case .failure(let failure): ledger.fail(failure.index, failure.error)
      case .success(let item):
        let delivery = item.staged.delivery
        ledger.note(item.index, delivery)
        if delivery.state.isFinished {
          ledger.noteFinishedBefore(item.index)
        } else {
          items.append(item)
          options.onProgress(.staged(delivery))
        }
      }
    }
    // Two orders with the same name and content by the same route are one delivery.
    var leaders: [Int64: Int] = [:]
    return items.sorted { $0.index < $1.index }.filter { item in
      let leader = leaders[item.staged.delivery.id, default: item.index]
      leaders[item.staged.delivery.id] = leader
      if leader != item.index { ledger.follow(item.index, leader) }
      return leader == item.index
    }
  }

  private func deliver(
    _ items: [StagedOrder], over account: Account, ledger: DeliveryLedger, options: DeliveryOptions
  ) async {
    let wait = ReceiptWait(patience: options.waitForReceipts)
    let failure = await withConnections(to: account) { client in
      let before = ledger.steps
      do throws(ExchangeError) {
        // Receipts come while other files are still on their way.
        async let receipts = Result { () async throws(ExchangeError) in
          try await awaitReceipts(of: items, over: client, of: account, wait: wait, ledger: ledger, options: options)
        }
        try await drive(items, over: client, of: account, ledger: ledger, options: options)
        wait.everythingIsSent()
        try await receipts.get()
        return .done
      } catch {
        return .lost(error, madeProgress: ledger.steps > before)
      }
    }
    guard let failure else { return }
    for item in items where ledger.needsMore(item.index, receipt: options.waitForReceipts != nil) {
      ledger.fail(item.index, failure)
    }
  }

  /// Takes every delivery to its trigger. Throws only when the connection is of no more use.
  private func drive(
    _ items: [StagedOrder], over client: SFTPClient, of account: Account, ledger: DeliveryLedger,
    options: DeliveryOptions
  ) async throws(ExchangeError) {
    let pending = items.filter { ledger.needsMore($0.index, receipt: false) }
    try await withBoundedTasks(pending, limit: options.inFlight) { item in
      await driveOne(item, over: client, of: account, ledger: ledger, options: options)
    } each: { (failure: ExchangeError?) throws(ExchangeError) in
      if let failure { throw failure }
    }
  }

  private func driveOne(
    _ item: StagedOrder, over client: SFTPClient, of account: Account, ledger: DeliveryLedger,
    options: DeliveryOptions
  ) async -> ExchangeError? {
    do throws(ExchangeError) {
      try await takeToTrigger(item.staged, over: client, of: account) { bytes in
        ledger.addBytes(item.index, bytes)
        options.onProgress(.sent(bytes: bytes))
      } reached: { before, driven in
        ledger.note(item.index, driven)
        if !before.awaitsReceipt { options.onProgress(.triggered(driven)) }
      }
      return nil
    } catch {
      if error.endsRun { return error }
      ledger.fail(item.index, error)
      return nil
    }
  }

  /// Takes one delivery to its trigger, if no other process is at work on it, and tells where it was and is now.
  func takeToTrigger(
    _ staged: Staging.Staged, over client: SFTPClient, of account: Account,
    onBytes: @escaping @Sendable (UInt64) -> Void,
    reached: (DeliveryState, Delivery) -> Void
  ) async throws(ExchangeError) {
    let id = staged.delivery.id
    let claimed: Void? = try await journal.withClaim(on: .delivery(id)) { () async throws(ExchangeError) in
      // What the journal says now: another process may have had the claim until a moment ago.
      let current = try await journal.delivery(id) ?? staged.delivery
      let run = DeliveryRun(
        journal: journal, client: client, account: account, logger: logger, pace: paces[account.name],
        settle: patience.settle, onBytes: onBytes)
      reached(current.state, try await run.drive(current, from: staged.file))
    }
    if claimed == nil {
      throw ExchangeError(
        .claimedElsewhere, operation: "deliver", path: staged.delivery.wireName,
        message: "another process is delivering it", remedy: "wait for that one, or run the same command again")
    }
  }
}

private struct StagingFailure: Error {
  let index: Int
  let error: ExchangeError
}

extension ExchangeError {
  /// Whether nothing more can be done over the connection that gave this error: it is gone, or the work over it was
  /// cancelled, which happens to all the others when it goes.
  var endsRun: Bool { endsConnection || code == .cancelled || transfer?.code == .cancelled }

  /// Whether the connection that gave this error is gone.
  var endsConnection: Bool { transfer?.endsConnection ?? false }
}

extension Result where Success: Sendable {
  /// What an asynchronous call returns or throws.
  init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
