/// The rules of an arrival as a pure value: which step comes next, and what its outcome means.
struct ArrivalMachine: Sendable, Equatable {
  private(set) var state: ArrivalState

  /// What is to be done next.
  enum Step: Sendable, Equatable {
    /// Download the data into a temporary file, from the start.
    case fetch
    /// Give the temporary file its final name in the inbox folder.
    case place
    /// Give it to the receiver.
    case handOver
    /// Remove data and metadata from IN.
    case removeRemote
    /// Nothing more to do.
    case nothing
  }

  /// What came of a step.
  enum Event: Sendable, Equatable {
    case began
    case fetched
    case placed
    /// The temporary file is gone, and nothing of ours took it away.
    case lost
    case handedOver
    case removedRemotely
    case refused
  }

  init(resuming state: ArrivalState) { self.state = state }

  var step: Step {
    switch state {
    case .seen, .fetching: .fetch
    case .fetched: .place
    case .verified: .handOver
    case .handedOver: .removeRemote
    case .removed, .quarantined: .nothing
    }
  }

  mutating func apply(_ event: Event) {
    switch (state, event) {
    case (.seen, .began): state = .fetching
    case (.fetching, .fetched): state = .fetched
    case (.fetched, .placed): state = .verified
    case (.fetched, .lost): state = .seen
    case (.verified, .handedOver): state = .handedOver
    case (.handedOver, .removedRemotely): state = .removed
    case (.seen, .refused), (.fetching, .refused): state = .quarantined
    default: break  // Says nothing new about this state.
    }
  }
}
