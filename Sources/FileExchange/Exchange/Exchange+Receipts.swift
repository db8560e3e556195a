internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseSystem
internal import Logging
internal import TriggerFiles

extension Exchange {
  /// Looks for the receipts of the given orders until all are there or the time is up. The looks come close at first.
  ///
  /// Throws only when the connection is of no more use.
  func awaitReceipts(
    of items: [StagedOrder], over client: SFTPClient, of account: Account, until end: ContinuousClock.Instant,
    ledger: DeliveryLedger, options: DeliveryOptions
  ) async throws(ExchangeError) {
    let indices = Dictionary(grouping: items) { $0.staged.delivery.id }.mapValues { $0.map(\.index) }
    var pause = Duration.milliseconds(100)
    while items.contains(where: { ledger.needsMore($0.index, receipt: true) }) {
      let settled = try await lookForReceipts(over: client, of: account)
      for delivery in settled {
        for index in indices[delivery.id] ?? [] { ledger.note(index, delivery) }
        options.onProgress(.settled(delivery))
      }
      // Another process of this account may have fetched a receipt that belongs to one of ours.
      for item in items where ledger.needsMore(item.index, receipt: true) {
        if let current = try await journal.delivery(item.staged.delivery.id) { ledger.note(item.index, current) }
      }
      let open = items.filter { ledger.needsMore($0.index, receipt: true) }
      if open.isEmpty { return }
      if ContinuousClock.now >= end {
        for item in open { try await noteOverdue(item, ledger: ledger) }
        return
      }
      do {
        try await Task.sleep(until: min(end, .now + pause), clock: .continuous)
      } catch {
        throw .cancelled(while: "wait for receipts")
      }
      pause = min(pause * 1.5, patience.receiptPoll)
    }
  }

  /// One look into IN and OUT: receipts that came are journalled and removed, triggers that are gone were taken.
  func lookForReceipts(over client: SFTPClient, of account: Account) async throws(ExchangeError) -> [Delivery] {
    let open = try await journal.deliveriesAwaitingReceipt(of: account.name)
    let post = ReceiptPost(journal: journal, client: client, account: account, logger: logger)
    let incoming = try await list(account.folders.in, over: client)
    let round = try await post.collect(from: incoming, awaiting: open)
    for problem in round.problems { logger.error("\(problem)") }
    try await post.tidy(incoming, except: open)

    let settled = Set(round.settled.map(\.id))
    let triggered = open.filter { $0.state == .triggered && !settled.contains($0.id) }
    if !triggered.isEmpty {
      let outgoing = Set(try await list(account.folders.out, over: client).map(\.name))
      for var delivery in triggered where !outgoing.contains(Array((delivery.wireName + account.suffixes.trigger).utf8))
      {
        var machine = DeliveryMachine(resuming: delivery.state)
        machine.apply(.taken)
        delivery.state = machine.state
        _ = try await journal.record(delivery)
      }
    }
    return round.settled
  }

  private func noteOverdue(_ item: StagedOrder, ledger: DeliveryLedger) async throws(ExchangeError) {
    guard var delivery = try await journal.delivery(item.staged.delivery.id) else { return }
    var machine = DeliveryMachine(resuming: delivery.state)
    machine.apply(.receiptOverdue)
    if machine.state != delivery.state {
      delivery.state = machine.state
      delivery = try await journal.record(delivery, detail: "no receipt yet")
    }
    ledger.note(item.index, delivery)
  }

  func list(_ folder: String, over client: SFTPClient) async throws(ExchangeError) -> [DirectoryEntry] {
    do throws(SFTPError) {
      return try await client.list(RemotePath(folder))
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
