internal import FilsluseBase
internal import Logging

extension DeliveryRun {
  /// Takes back a delivery's trigger if OUT shows that it is not committed: the delivery is then `uploaded` or
  /// `uploading`, and can be cancelled. If it is committed, the journal records that.
  ///
  /// The trigger is removed before the journal records it: a rename requested by an earlier connection may still
  /// happen, and only one of the two can succeed. A run interrupted in between leaves a delivery that looks taken: it
  /// is not sent again, its missing receipt is reported, and it can be given up.
  ///
  /// - Returns: the delivery in the journal's new state.
  /// - Throws: ``ExchangeError`` if OUT cannot be read, or the server refuses to remove the trigger.
  func takeBack(_ delivery: Delivery) async throws(ExchangeError) -> Delivery {
    var delivery = delivery
    var machine = DeliveryMachine(resuming: delivery.state)
    let outbox = OutFolder(of: delivery, account: account, client: client)
    var isHalfOut = false
    while true {
      try await journal.requireHold()
      let event: DeliveryMachine.Event
      switch machine.step {
      case .look:
        let content = try await outbox.content()
        isHalfOut = content.trigger == .partial
        event = .saw(content)
      case .settle:
        try await pause()
        event = .settled
      case .fire:
        // Only one of the two succeeds: if the trigger is gone, OUT must be checked again.
        event = try await outbox.removeTemporaryTrigger() ? .disarmed : .unclear
      case .writeTrigger:
        // A part that is gone by now may have become whole, and the platform may have taken it.
        let isOurs = isHalfOut ? try await outbox.removePartialTrigger() : true
        event = isOurs ? .disarmed : .unclear
      case .checkNames, .upload, .checkData, .arm, .awaitReceipt, .nothing: return delivery
      }
      try await apply([event], to: &machine, of: &delivery)
    }
  }
}
