internal import FilsluseBase
internal import TriggerFiles

/// The outcome of a transition: the delivery as the journal now has it.
enum Transition: Sendable {
  /// The journal has its new state.
  case done(Delivery)
  /// Another task or process changed the delivery's state first; nothing was written.
  case overtaken(Delivery)

  /// Returns the delivery if the transition was written; throws if another task or process changed it first.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` where the transition was overtaken.
  func required() throws(ExchangeError) -> Delivery {
    switch self {
    case .done(let delivery): return delivery
    case .overtaken(let now): throw .overtaken("D\(now.id)", path: now.wireName.string, by: .delivery(now.state))
    }
  }
}

/// An event that has no meaning in the state of a delivery or an arrival: a defect of its sender.
struct UnexpectedEvent: Error, Equatable {
  let event: String
  let state: SubjectState
}

extension ExchangeError {
  /// Returns the error for a change that found its subject in another state than the one it was to leave.
  static func overtaken(_ subject: String, path: String, by state: SubjectState) -> ExchangeError {
    ExchangeError(
      .claimedElsewhere, operation: "record a step", path: path,
      message: "\(subject) is \(state.name) by now: another task or process has changed it",
      remedy: "see \(.showJournal(subject)), and try again"
    ).inDanish(
      ("\(subject) er \(state.name) nu: en anden opgave eller proces har ændret den. Se \(.showJournal(subject)), og prøv igen."
        as Remedy).inDanish)
  }

  /// Stops a debug build, and returns the error of any other.
  init(_ cause: UnexpectedEvent, about subject: String, path: String) {
    assertionFailure("\(subject) is \(cause.state.name), where \(cause.event) has no meaning")
    self.init(
      .journal, operation: "record a step", path: path,
      message: "\(subject) is \(cause.state.name), where the event \(cause.event) has no meaning",
      remedy: "report this as a defect; nothing was written")
  }
}

extension Delivery {
  /// Applies an event to a machine of this delivery.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` where the event has no meaning; a debug build stops there.
  func apply(_ event: DeliveryMachine.Event, to machine: inout DeliveryMachine) throws(ExchangeError) {
    do throws(UnexpectedEvent) {
      try machine.apply(event)
    } catch {
      throw ExchangeError(error, about: "D\(id)", path: wireName.string)
    }
  }
}

extension Arrival {
  /// Returns the arrival in the state that events lead to.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` where one of them has no meaning; a debug build stops there.
  func after(_ events: [ArrivalMachine.Event]) throws(ExchangeError) -> Arrival {
    var machine = ArrivalMachine(resuming: self)
    do throws(UnexpectedEvent) {
      for event in events { try machine.apply(event) }
    } catch {
      throw ExchangeError(error, about: "A\(id)", path: wireName.string)
    }
    var next = self
    next.state = machine.state
    next.setAsideFrom = machine.setAsideFrom
    return next
  }
}
