import SeededNumbers
import Testing

@testable import FileExchange

@Suite struct ArrivalMachineTests {
  @Test("an undisturbed arrival takes each step once")
  func anUndisturbedArrivalTakesEachStepOnce() throws {
    var machine = ArrivalMachine(resuming: .seen)
    let course: [(ArrivalMachine.Step, ArrivalMachine.Event, ArrivalState)] = [
      (.fetch, .began, .fetching), (.fetch, .fetched, .fetched), (.place, .placed, .verified),
      (.handOver, .handOverBegan, .handingOver), (.handOver, .handedOver, .handedOver),
      (.removeRemote, .removedRemotely, .removed),
    ]
    for (step, event, state) in course {
      #expect(machine.step == step)
      try machine.apply(event)
      #expect(machine.state == state)
    }
    #expect(machine.step == .nothing)
  }

  /// Every event in every state; events that are not listed are refused.
  @Test("only these transitions are there")
  func onlyTheseTransitionsAreThere() throws {
    let transitions: [ArrivalState: [ArrivalMachine.Event: ArrivalState]] = [
      .seen: [
        .began: .fetching, .permitted: .seen, .refused: .quarantined, .setAside: .setAside, .vanished: .vanished,
      ],
      .fetching: [
        .fetched: .fetched, .permitted: .fetching, .refused: .quarantined, .setAside: .setAside, .vanished: .vanished,
      ],
      .fetched: [.placed: .verified, .lost: .seen, .setAside: .setAside],
      .verified: [
        .handOverBegan: .handingOver, .handedOver: .handedOver, .setAside: .setAside, .takenOverByHand: .handedOver,
      ],
      .handingOver: [
        .handOverBegan: .handingOver, .handedOver: .handedOver, .setAside: .setAside, .takenOverByHand: .handedOver,
      ],
      .handedOver: [.removedRemotely: .removed], .removed: [:],
      .quarantined: [.permitted: .seen, .refused: .quarantined, .vanished: .vanished], .setAside: [.retried: .seen],
      .vanished: [.permitted: .seen],
    ]
    for state in ArrivalState.allCases {
      for event in ArrivalMachine.Event.allCases {
        var machine = ArrivalMachine(resuming: state)
        if let next = transitions[state]?[event] {
          try machine.apply(event)
          #expect(machine.state == next, "\(state) \(event)")
        } else {
          #expect(throws: UnexpectedEvent(event: "\(event)", state: .arrival(state))) { try machine.apply(event) }
          #expect(machine == ArrivalMachine(resuming: state))
        }
      }
    }
  }

  @Test(
    "an arrival that was set aside continues from its step",
    arguments: [
      (ArrivalState.seen, ArrivalState.seen), (.fetching, .seen), (.fetched, .fetched), (.verified, .verified),
      (.handingOver, .verified),
    ])
  func whatIsSetAsideGoesOnWhereItStood(from: ArrivalState, to: ArrivalState) throws {
    var machine = ArrivalMachine(resuming: from)
    try machine.apply(.setAside)
    #expect(machine.state == .setAside && machine.setAsideFrom == from && machine.step == .nothing)
    var byHand = machine
    try? byHand.apply(.takenOverByHand)
    #expect((byHand.state == .handedOver) == (from == .verified || from == .handingOver))
    var gone = machine
    try? gone.apply(.vanished)
    #expect((gone.state == .vanished) == (from == .seen || from == .fetching))
    try machine.apply(.retried)
    #expect(machine.state == to && machine.setAsideFrom == nil)
  }

  /// In any order of events: only placed files are handed over, only those handed over are removed, and the hand-over
  /// is never undone.
  @Test("no walk loses or doubles anything")
  func noWalkLosesOrDoublesAnything() throws {
    var generator = SeededGenerator(seed: 20_261_121)
    for _ in 0..<2000 {
      var machine = ArrivalMachine(resuming: .seen)
      var placed = 0
      var handedOver = 0
      for _ in 0..<60 {
        let before = machine
        let event = ArrivalMachine.Event.allCases.randomElement(using: &generator) ?? .began
        try? machine.apply(event)
        guard machine != before else { continue }
        switch machine.state {
        case .verified where before.state == .fetched: placed += 1
        case .handingOver: #expect(placed == 1 && handedOver == 0)
        case .handedOver:
          handedOver += 1
          #expect(placed == 1 && handedOver == 1)
        case .removed: #expect(before.state == .handedOver && event == .removedRemotely)
        case .vanished: #expect(before.isOnlyRemote && placed == 0)
        case .seen, .fetching, .fetched, .quarantined: #expect(placed == 0 && handedOver == 0)
        case .verified, .setAside: #expect(handedOver == 0)
        }
        #expect((machine.state.isFinished || machine.state == .setAside) == (machine.step == .nothing))
      }
      if handedOver == 1 { #expect(machine.state == .handedOver || machine.state == .removed) }
    }
  }

  /// From the end of any walk, a person and the ordinary steps bring the arrival to its final state.
  @Test("every state has a way out")
  func everyStateHasAWayOut() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      var machine = ArrivalMachine(resuming: .seen)
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        try? machine.apply(ArrivalMachine.Event.allCases.randomElement(using: &generator) ?? .began)
      }
      var steps = 0
      while machine.state != .removed, steps < 12 {
        steps += 1
        switch machine.step {
        case .fetch: try machine.apply(machine.state == .seen ? .began : .fetched)
        case .place: try machine.apply(.placed)
        case .handOver: try machine.apply(machine.state == .verified ? .handOverBegan : .handedOver)
        case .removeRemote: try machine.apply(.removedRemotely)
        case .nothing: try machine.apply(machine.state == .setAside ? .retried : .permitted)
        }
      }
      #expect(machine.state == .removed)
    }
  }
}
