/// The state machine of a delivery, a pure value: the next step, and the meaning of its outcome.
///
/// The machine knows no server, file or clock. Its caller takes ``step``, carries it out, passes the outcome to
/// ``apply(_:)``, writes the new ``state`` to the journal (``Journal/transition(_:_:detail:)``), and asks again.
struct DeliveryMachine: Sendable, Hashable {
  private(set) var state: DeliveryState
  private var certainty: Certainty
  /// The number of renames refused without a reason.
  private var refusals = 0

  /// The number of refusals after which the server counts as unable to rename, whatever it answers.
  static let mostRefusals = 3

  /// The knowledge about OUT, beyond the journal's.
  private enum Certainty: Sendable, Hashable {
    /// OUT must be checked: an earlier process, or a call whose answer was lost, may have gone further.
    case unseen
    /// A check of OUT was inconclusive; the platform gets time before the next one.
    case settling
    /// The time has passed; the next look decides.
    case settled
    /// OUT looks as the state says: this process saw to it.
    case known
  }

  /// The next step.
  enum Step: Sendable, Equatable {
    /// See that neither the data's nor the trigger's name is in use in OUT.
    case checkNames
    /// Put the data into OUT, from where an earlier attempt was acknowledged.
    case upload
    /// Check that the data an earlier run put into OUT is still there and whole.
    case checkData
    /// Write the whole trigger under its temporary name.
    case arm
    /// Rename the trigger to its final name.
    case fire
    /// Drop the temporary trigger, and write it under its final name, in one write.
    case writeTrigger
    /// Look into OUT: an earlier process may have done the step and ended before recording it.
    case look
    /// Give the platform time to finish a step that it may have begun, then check OUT again.
    case settle
    /// Wait for the receipt.
    case awaitReceipt
    /// The delivery is finished.
    case nothing
  }

  /// The outcome of a step.
  enum Event: Sendable, Equatable {
    case namesAreFree
    case uploaded
    case dataIsThere(Bool)
    case armed
    case fired
    case renameNotSupported
    /// The rename or write failed in a way that leaves open whether it was done.
    case unclear
    case saw(OutContent)
    case settled
    /// The trigger was taken back: it is in OUT under neither of its names, and only this process can commit the
    /// delivery.
    case disarmed
    case taken
    case receipt(accepted: Bool)
    case receiptOverdue
    case cancelled
    /// Its user no longer waits for the receipt.
    case givenUp
  }

  /// The files of one delivery in OUT.
  struct OutContent: Sendable, Equatable {
    let data: RemoteFileState
    let trigger: RemoteFileState
    let temporary: RemoteFileState
    /// True if a receipt for a file of that name is in IN.
    var receipt = false
  }

  /// The state of a file in OUT: missing, of another size than it should have, or whole.
  enum RemoteFileState: Sendable, Equatable, CaseIterable { case missing, partial, whole }

  /// Resumes a delivery from its state in the journal.
  init(resuming state: DeliveryState) {
    self.state = state
    certainty = .unseen
  }

  var step: Step {
    switch state {
    case .staged: .checkNames
    case .uploading: .upload
    case .uploaded: certainty == .known ? .arm : .checkData
    case .armed, .triggering:
      switch certainty {
      case .known: state == .armed ? .fire : .writeTrigger
      case .settling: .settle
      case .unseen, .settled: .look
      }
    case .triggered, .taken, .overdue: .awaitReceipt
    case .accepted, .refused, .cancelled, .givenUp: .nothing
    }
  }

  /// Applies an event.
  ///
  /// - Throws: ``UnexpectedEvent`` if the event has no meaning in this state; the machine is then unchanged.
  mutating func apply(_ event: Event) throws(UnexpectedEvent) {
    switch (state, event) {
    case (.staged, .namesAreFree): enter(.uploading)
    case (.uploading, .uploaded): enter(.uploaded)
    case (.uploaded, .dataIsThere(true)): certainty = .known
    case (.uploaded, .dataIsThere(false)): enter(.uploading)
    case (.uploaded, .armed): enter(.armed)
    case (.armed, .fired), (.triggering, .fired): enter(.triggered)
    case (.armed, .renameNotSupported): enter(.triggering)
    case (.armed, .unclear):
      certainty = .unseen
      refusals = min(refusals + 1, Self.mostRefusals)
    case (.triggering, .unclear): certainty = .unseen
    case (.armed, .saw(let content)): sawArmed(content)
    case (.triggering, .saw(let content)): sawTriggering(content)
    case (.armed, .settled), (.triggering, .settled): certainty = .settled
    case (.armed, .disarmed) where certainty == .known, (.triggering, .disarmed) where certainty == .known:
      enter(.uploaded)
    case (.triggered, .taken), (.overdue, .taken): enter(.taken)
    case (_, .receipt(let accepted)) where state.isCommitted && (!state.isFinished || state == .givenUp):
      enter(accepted ? .accepted : .refused)
    case (.triggered, .receiptOverdue), (.taken, .receiptOverdue): enter(.overdue)
    case (_, .cancelled) where !state.isCommitted: enter(.cancelled)
    case (_, .givenUp) where state.isCommitted && !state.isFinished: enter(.givenUp)
    default: throw UnexpectedEvent(event: "\(event)", state: .delivery(state))
    }
  }

  /// Returns true if an event has a meaning in a state, beyond the knowledge about OUT.
  static func expects(_ event: Event, in state: DeliveryState) -> Bool {
    var machine = DeliveryMachine(resuming: state)
    do throws(UnexpectedEvent) {
      try machine.apply(event)
      return true
    } catch {
      return false
    }
  }

  private mutating func enter(_ state: DeliveryState) {
    self.state = state
    certainty = .known
  }

  /// The trigger was whole under its temporary name when the journal recorded `armed`, and the data whole under its
  /// own.
  ///
  /// A trigger under neither name was renamed, and the platform has it. The data may stay for an unknown time after
  /// that, so nothing is sent again. If the files were cleared away instead, no receipt comes, and that is reported.
  private mutating func sawArmed(_ content: OutContent) {
    let canRename = refusals < Self.mostRefusals
    switch (content.trigger, content.temporary, content.data) {
    case (.whole, _, _): enter(.triggered)
    case (_, .whole, .whole): if canRename { certainty = .known } else { enter(.triggering) }
    case (_, .partial, .whole): enter(.uploaded)
    case (.missing, .missing, _): enter(.taken)
    case (_, _, .whole): onSecondLook(content, enter: canRename ? .uploaded : .triggering)
    case (_, _, .missing), (_, _, .partial): onSecondLook(content, enter: .uploading)
    }
  }

  /// At `triggering` the trigger may have been written in place or not. A trigger under its temporary name proves
  /// nothing: a server that cannot rename may be unable to remove, too.
  private mutating func sawTriggering(_ content: OutContent) {
    switch (content.trigger, content.data) {
    case (.whole, _): enter(.triggered)
    case (.partial, .whole): certainty = .known
    case (.partial, .missing), (.partial, .partial): onSecondLook(content, enter: .uploading)
    case (.missing, .missing), (.missing, .partial): enter(.taken)
    case (.missing, .whole): onSecondLook(content, enter: .triggering)
    }
  }

  /// The platform may be between taking the trigger and taking the data, and its receipt on its way. Only a second
  /// look, after a pause, may lead to sending anything again, and none where a receipt shows that the platform took the
  /// pair.
  private mutating func onSecondLook(_ content: OutContent, enter state: DeliveryState) {
    if content.receipt {
      enter(.taken)
    } else if certainty == .settled {
      enter(state)
    } else {
      certainty = .settling
    }
  }
}
