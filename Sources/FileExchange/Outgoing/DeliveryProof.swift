/// The proof of a delivery's state by OUT and IN, when the journal may lack its last entries.
///
/// A fact that proves nothing during a delivery proves nothing here either. Some facts that are proofs during a
/// delivery are none here: files gone from OUT, for example, may be those of a delivery that has ended since, with its
/// receipt.
enum DeliveryProof: Sendable, Equatable, CaseIterable {
  /// A receipt in IN carries its SendersFileId.
  case receipt
  /// Its own trigger is in OUT.
  case trigger
  /// Its trigger was about to be renamed, and is in OUT under neither of its names.
  case triggerIsGone
  /// Its data and its trigger are in OUT, and the trigger still has its temporary name.
  case temporaryTrigger
  /// No proof.
  case nothing

  /// - Parameters:
  ///   - state: the delivery's state as the journal has it.
  ///   - content: its files in OUT.
  ///   - isItsTrigger: whether the trigger in OUT has the delivery's own content.
  ///   - hasReceipt: whether a receipt in IN carries its SendersFileId.
  ///   - maybeInPlace: whether the trigger may have been written in place, as on a server that was seen not to rename:
  ///     the entry that says so may be lost.
  init(
    of state: DeliveryState, _ content: DeliveryMachine.OutContent, isItsTrigger: Bool, hasReceipt: Bool,
    maybeInPlace: Bool
  ) {
    let maybeInPlace = maybeInPlace || state == .triggering
    switch (content.trigger, content.temporary, content.data) {
    case _ where hasReceipt: self = .receipt
    case (.whole, _, _): self = isItsTrigger ? .trigger : .nothing
    // A trigger that is written in place leaves the temporary one where the server cannot remove it.
    case (.missing, .partial, .partial), (.missing, .partial, .whole), (.missing, .whole, .partial),
      (.missing, .whole, .whole):
      self = maybeInPlace ? .nothing : .temporaryTrigger
    case (.missing, .missing, .missing) where state.isAboutToBeCommitted: self = .triggerIsGone
    // The temporary trigger is removed before the other one is written in place.
    case (.missing, .missing, _) where state == .armed: self = maybeInPlace ? .nothing : .triggerIsGone
    default: self = .nothing
    }
  }

  /// True if it is sent, false if it is not; `nil` where neither is proven.
  var isSent: Bool? {
    switch self {
    case .receipt, .trigger, .triggerIsGone: true
    case .temporaryTrigger: false
    case .nothing: nil
    }
  }
}
