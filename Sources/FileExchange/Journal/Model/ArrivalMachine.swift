/// The rules of an arrival as a pure value: the next step, and the meaning of its outcome.
struct ArrivalMachine: Sendable, Equatable {
  private(set) var state: ArrivalState
  /// The state before it was set aside; `nil` if it is not.
  private(set) var setAsideFrom: ArrivalState?

  /// The next step.
  enum Step: Sendable, Equatable {
    /// Download the data into a temporary file, from where an earlier attempt is proven to have come.
    case fetch
    /// Give the temporary file its final name in the inbox folder.
    case place
    /// Give it to the receiver.
    case handOver
    /// Remove data and metadata from IN.
    case removeRemote
    /// The arrival is finished.
    case nothing
  }

  /// The outcome of a step.
  enum Event: Sendable, Equatable, CaseIterable {
    case began
    case fetched
    case placed
    /// The temporary file is gone, and no process of this journal removed it.
    case lost
    case handOverBegan
    case handedOver
    case removedRemotely
    /// The arrival is not expected here.
    case refused
    /// The arrival is in IN, and the reason against it is gone.
    case permitted
    /// It has failed too often.
    case setAside
    /// A person wants it to be tried again.
    case retried
    /// A person did the work of the receiver's program.
    case takenOverByHand
    /// The arrival is gone from IN, and no process of this journal took it.
    case vanished
  }

  init(resuming state: ArrivalState, setAsideFrom: ArrivalState? = nil) {
    self.state = state
    self.setAsideFrom = setAsideFrom
  }

  init(resuming arrival: Arrival) { self.init(resuming: arrival.state, setAsideFrom: arrival.setAsideFrom) }

  var step: Step {
    switch state {
    case .seen, .fetching: .fetch
    case .fetched: .place
    case .verified, .handingOver: .handOver
    case .handedOver: .removeRemote
    case .removed, .quarantined, .setAside, .vanished: .nothing
    }
  }

  /// True while its data is only in IN.
  var isOnlyRemote: Bool {
    switch state {
    case .seen, .fetching, .quarantined: true
    case .setAside: setAsideFrom == .seen || setAsideFrom == .fetching
    case .fetched, .verified, .handingOver, .handedOver, .removed, .vanished: false
    }
  }

  /// Applies an event.
  ///
  /// - Throws: ``UnexpectedEvent`` if the event has no meaning in this state; the machine is then unchanged.
  mutating func apply(_ event: Event) throws(UnexpectedEvent) {
    switch (state, event) {
    case (.seen, .began): state = .fetching
    // The receiver's program is started once more.
    case (.handingOver, .handOverBegan): break
    // Refused for another reason, or permitted by another route.
    case (.quarantined, .refused), (.seen, .permitted), (.fetching, .permitted): break
    case (.fetching, .fetched): state = .fetched
    case (.fetched, .placed): state = .verified
    case (.fetched, .lost): state = .seen
    case (.verified, .handOverBegan): state = .handingOver
    case (.verified, .handedOver), (.handingOver, .handedOver): state = .handedOver
    case (.handedOver, .removedRemotely): state = .removed
    case (.seen, .refused), (.fetching, .refused): state = .quarantined
    case (.quarantined, .permitted), (.vanished, .permitted): state = .seen
    case (.seen, .setAside), (.fetching, .setAside), (.fetched, .setAside), (.verified, .setAside),
      (.handingOver, .setAside):
      setAsideFrom = state
      state = .setAside
    case (.setAside, .retried):
      switch setAsideFrom {
      case .fetched: state = .fetched
      case .verified, .handingOver: state = .verified
      default: state = .seen
      }
      setAsideFrom = nil
    case (.setAside, .takenOverByHand) where setAsideFrom == .verified || setAsideFrom == .handingOver:
      state = .handedOver
      setAsideFrom = nil
    case (.verified, .takenOverByHand), (.handingOver, .takenOverByHand): state = .handedOver
    case (_, .vanished) where isOnlyRemote:
      state = .vanished
      setAsideFrom = nil
    default: throw UnexpectedEvent(event: "\(event)", state: .arrival(state))
    }
  }

  /// Returns true if an event has a meaning for an arrival.
  static func expects(_ event: Event, for arrival: Arrival) -> Bool {
    var machine = ArrivalMachine(resuming: arrival)
    do throws(UnexpectedEvent) {
      try machine.apply(event)
      return true
    } catch {
      return false
    }
  }
}
