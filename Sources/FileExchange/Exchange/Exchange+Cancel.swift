internal import ExchangeSettings
internal import FilsluseSFTP

extension Exchange {
  /// Gives up a delivery that the platform cannot have yet, and removes its data from OUT.
  ///
  /// Giving up one that was given up before removes again what may be left of it.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-delivery`, `committed` when the platform may have it already or has,
  ///   `claimed-elsewhere` while another process is at work on it, or what connection and journal throw.
  public func cancel(_ id: Int64) async throws(ExchangeError) -> Delivery {
    guard let known = try await journal.delivery(id) else {
      throw ExchangeError(
        .unknownDelivery, operation: "cancel", message: "there is no delivery \(id) in \(settings.journal)",
        remedy: "see the numbers that filsluse send shows")
    }
    guard let account = settings.account(named: known.account) else {
      throw ExchangeError(
        .unknownRoute, operation: "cancel", message: "its account \(known.account) is not in \(settings.source)",
        remedy: "use the settings that it was sent with")
    }
    let cancelled = try await journal.withClaim(on: .delivery(id)) { () async throws(ExchangeError) in
      try await cancel(known, of: account)
    }
    if let cancelled { return cancelled }
    throw ExchangeError(
      .claimedElsewhere, operation: "cancel", path: known.wireName, message: "another process is delivering it",
      remedy: "end that process first")
  }

  private func cancel(_ known: Delivery, of account: Account) async throws(ExchangeError) -> Delivery {
    // What the journal says now: another process may have had the claim until a moment ago.
    var delivery = try await journal.delivery(known.id) ?? known
    var machine = DeliveryMachine(resuming: delivery.state)
    machine.apply(.cancelled)
    guard machine.state == .cancelled else {
      throw ExchangeError(
        .committed, operation: "cancel", path: delivery.wireName,
        message: "it is \(delivery.state.rawValue): its trigger is out of our hands",
        remedy: "there is nothing left to cancel; ask the recipient to disregard it")
    }
    // Until the journal says cancelled the name is this delivery's, so what lies there is ours to remove. One that was
    // cancelled before may have lost it to another.
    let isOurs =
      if delivery.state == .cancelled {
        try await journal.isFree(delivery.wireName, account: account.name)
      } else {
        delivery.state != .staged
      }
    if isOurs { try await clearOUT(of: delivery, account: account) }
    delivery.state = .cancelled
    return try await journal.record(delivery)
  }

  private func clearOUT(of delivery: Delivery, account: Account) async throws(ExchangeError) {
    let client = try await connect(to: account)
    let outcome = await Result { () async throws(ExchangeError) in
      let outbox = Outbox(of: delivery, account: account, client: client)
      try await outbox.removeTemporaryTrigger()
      try await outbox.removeData()
    }
    await client.close()
    try outcome.get()
  }
}
