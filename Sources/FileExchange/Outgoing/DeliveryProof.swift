/// The proof that OUT and IN give of a delivery, where the journal may lack the last entries about it.
///
/// What is no proof while a delivery runs is none here either. And what is one then need not be one here: files that are
/// gone from OUT, for example, may be those of a delivery that has ended since, with its receipt.
enum DeliveryProof: Sendable, Equatable, CaseIterable {
  /// A receipt in IN carries its SendersFileId.
  case receipt
  /// Its own trigger lies in OUT.
  case trigger
  /// Its trigger was about to be renamed, and is in OUT under neither of its names.
  case triggerIsGone
  /// Its data and its trigger lie in OUT, and the trigger still has its temporary name.
  case temporaryTrigger
  /// Neither.
  case nothing

  /// - Parameters:
  ///   - state: the delivery's state as the journal has it.
  ///   - content: its files in OUT.
  ///   - isItsTrigger: whether the trigger in OUT has the delivery's own content.
  ///   - hasReceipt: whether a receipt in IN carries its SendersFileId.
  init(
    of state: DeliveryState, _ content: DeliveryMachine.OutContent, isItsTrigger: Bool, hasReceipt: Bool
  ) {
    switch (content.trigger, content.temporary, content.data) {
    case _ where hasReceipt: self = .receipt
    case (.whole, _, _): self = isItsTrigger ? .trigger : .nothing
    // A trigger that is written in place leaves the temporary one where the server cannot remove it.
    case (.missing, .partial, .partial), (.missing, .partial, .whole), (.missing, .whole, .partial),
      (.missing, .whole, .whole):
      self = state == .triggering ? .nothing : .temporaryTrigger
    case (.missing, .missing, _) where state == .armed: self = .triggerIsGone
    case (.missing, .missing, .missing) where state == .triggering: self = .triggerIsGone
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
