internal import FilsluseBase
internal import Logging

extension DeliveryRun {
  /// Takes back the trigger of a delivery, where OUT shows that it is not committed: the delivery is `uploaded` then,
  /// or `uploading`, and can be cancelled. Where it is committed, the journal records that.
  ///
  /// The trigger is removed before the journal records it: a rename that an earlier connection asked for may still be
  /// done, and only one of the two can succeed. A run that is cut off in between leaves a delivery that looks taken: it
  /// is not sent again, no receipt comes, which is reported, and it can be given up.
  ///
  /// - Returns: the delivery as the journal then has it.
  /// - Throws: ``ExchangeError`` when OUT cannot be read, or the server refuses to remove the trigger.
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
        // Only one of two can have it: who finds it gone has to look again who was quicker.
        event = try await outbox.removeTemporaryTrigger() ? .disarmed : .unclear
      case .writeTrigger:
        if isHalfOut { try await outbox.removePartialTrigger() }
        event = .disarmed
      case .checkNames, .upload, .checkData, .arm, .awaitReceipt, .nothing: return delivery
      }
      try await apply([event], to: &machine, of: &delivery)
    }
  }
}
