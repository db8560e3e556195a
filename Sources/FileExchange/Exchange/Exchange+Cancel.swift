internal import ExchangeSettings
internal import FilsluseSFTP
internal import FilsluseBase
internal import TriggerFiles

extension Exchange {
  /// Gives up a delivery that the platform cannot have, and removes its data from OUT.
  ///
  /// If its trigger was about to be committed, OUT is checked first, which can take ``Patience/settle``; a trigger that
  /// is not out is taken back. Cancelling a cancelled delivery again removes its remains.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-delivery`, `committed` if the platform may have it or has it,
  ///   `claimed-elsewhere` while another process is working on it, or an error of connection or journal.
  public func cancel(_ id: Int64) async throws(ExchangeError) -> Delivery {
    let known = try await known(id, for: "cancel")
    guard let account = settings.account(named: known.account) else {
      throw ExchangeError(
        .unknownRoute, operation: "cancel", message: "its account \(known.account) is not in \(settings.source)",
        remedy: "use the settings that it was sent with"
      ).inDanish("Kontoen \(known.account) står ikke i \(settings.source). Brug de indstillinger, den blev sendt med.")
    }
    let cancelled = try await journal.withClaim(on: .delivery(id)) { () async throws(ExchangeError) in
      // Reads the journal again: another process may have held the claim until now.
      try await cancel(try await takeBack(try await journal.delivery(id) ?? known, of: account), of: account)
    }
    if let cancelled { return cancelled }
    throw Self.claimed(known, for: "cancel")
  }

  private func cancel(_ current: Delivery, of account: Account) async throws(ExchangeError) -> Delivery {
    let delivery = current
    try await suspects.load(account.name)
    try await suspects.clear(account.dataInOUT(delivery.wireName), of: account.name)
    guard DeliveryMachine.expects(.cancelled, in: delivery.state) else {
      throw ExchangeError(
        .committed, operation: "cancel", path: delivery.wireName.string,
        message: "it is \(delivery.state.rawValue): its trigger is out of our hands",
        remedy:
          "there is nothing left to cancel; ask the recipient to disregard it, or stop waiting for its receipt\(by: .giveUp("D\(delivery.id)"))"
      ).inDanish(
        ("Leveringen er \(delivery.state.title.da): dens trigger er ude, så der er intet at annullere. Bed modtageren se bort fra den, eller hold op med at vente på kvitteringen\(by: .giveUp("D\(delivery.id)"))."
          as Remedy).inDanish)
    }
    // Until the journal records the cancellation, the name in OUT is this delivery's, so its file may be removed. A
    // delivery cancelled earlier may have lost the name to another.
    let isOurs =
      if delivery.state == .cancelled {
        try await journal.isFree(delivery.wireName, account: account.name)
      } else {
        delivery.state != .staged
      }
    if isOurs { try await clearOUT(of: delivery, account: account) }
    return try await journal.transition(delivery, .cancelled).required()
  }

  /// Stops waiting for the receipt of a delivery that the platform may have, and frees its name for another one. A
  /// later receipt still counts.
  ///
  /// If its trigger was about to be committed, OUT is checked first, as by ``cancel(_:)``: if the trigger is not out,
  /// nothing was sent, and the delivery is cancelled. If its account is no longer in the settings, OUT cannot be
  /// checked, and it is given up unseen.
  ///
  /// - Throws: ``ExchangeError`` with code `unknown-delivery`, `invalid-delivery` if it has its receipt or its trigger
  ///   is not out, `claimed-elsewhere` while another process is working on it, or an error of connection or journal.
  public func giveUp(_ id: Int64) async throws(ExchangeError) -> Delivery {
    let known = try await known(id, for: "give up")
    let givenUp = try await journal.withClaim(on: .delivery(id)) { () async throws(ExchangeError) in
      var delivery = try await journal.delivery(id) ?? known
      if delivery.state.isAboutToBeCommitted, let account = settings.account(named: delivery.account) {
        delivery = try await takeBack(delivery, of: account)
        if !delivery.state.isCommitted { return try await cancel(delivery, of: account) }
      }
      return try await giveUp(delivery)
    }
    if let givenUp { return givenUp }
    throw Self.claimed(known, for: "give up")
  }

  private func giveUp(_ current: Delivery) async throws(ExchangeError) -> Delivery {
    let delivery = current
    if delivery.state == .givenUp { return delivery }
    guard DeliveryMachine.expects(.givenUp, in: delivery.state) else {
      throw ExchangeError(
        .invalidDelivery, operation: "give up", path: delivery.wireName.string,
        message: "it is \(delivery.state.rawValue): it does not wait for a receipt",
        remedy: delivery.state.isFinished ? "there is nothing left to do" : "cancel it\(by: .cancel("D\(delivery.id)"))"
      ).inDanish("Leveringen er \(delivery.state.title.da): den venter ikke på en kvittering.")
    }
    let detail =
      "given up by its user while it was \(delivery.state.rawValue): no receipt; the platform may have it"
    switch try await journal.transition(delivery, .givenUp, detail: detail) {
    case .done(let givenUp): return givenUp
    // The platform's progress, or the receipt, was quicker.
    case .overtaken(let now): return try await giveUp(now)
    }
  }

  /// Checks OUT if the journal does not show whether a delivery is committed; takes the trigger back if it is not.
  /// Any other delivery stays unchanged.
  private func takeBack(_ delivery: Delivery, of account: Account) async throws(ExchangeError) -> Delivery {
    guard delivery.state.isAboutToBeCommitted else { return delivery }
    var current = delivery
    try await withConnection(to: account) { client throws(ExchangeError) in
      // An earlier connection may have been lost after a step.
      current = try await journal.delivery(delivery.id) ?? current
      current = try await deliveryRun(over: client, of: account).takeBack(current)
    }
    return current
  }

  /// The delivery of that number.
  func known(_ id: Int64, for operation: String) async throws(ExchangeError) -> Delivery {
    if let known = try await journal.delivery(id) { return known }
    throw ExchangeError(
      .unknownDelivery, operation: operation, message: "there is no D\(id) in \(journal.name)",
      remedy: "see the numbers that \(.send) and \(.listJournal) show"
    ).inDanish(("Der er ingen D\(id) i \(journal.name). Se numrene i \(.listJournal)." as Remedy).inDanish)
  }

  private static func claimed(_ delivery: Delivery, for operation: String) -> ExchangeError {
    ExchangeError(
      .claimedElsewhere, operation: operation, path: delivery.wireName.string,
      message: "another process is delivering it",
      remedy: "end that process first")
  }

  private func clearOUT(of delivery: Delivery, account: Account) async throws(ExchangeError) {
    try await withConnection(to: account) { client throws(ExchangeError) in
      let outbox = OutFolder(of: delivery, account: account, client: client)
      // A machine that stood still meanwhile may have lost the delivery, and the files would be another one's.
      try await journal.requireHold()
      try await outbox.removeTemporaryTrigger()
      try await journal.requireHold()
      try await outbox.removeData()
    }
  }

  /// Runs `body` with a connection to the account, and again with a new one if it is lost; throws the final error.
  private func withConnection(
    to account: Account, _ body: (SFTPClient) async throws(ExchangeError) -> Void
  ) async throws(ExchangeError) {
    var problem: ExchangeError?
    let failure = await withConnections(to: account) { client in
      do throws(ExchangeError) {
        try await body(client)
        return .done
      } catch {
        if error.endsRun { return .lost(error, madeProgress: false) }
        problem = error
        return .done
      }
    }
    if let failure = failure ?? problem { throw failure }
  }
}
