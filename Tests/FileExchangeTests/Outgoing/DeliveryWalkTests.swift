import Testing

@testable import FileExchange

/// The delivery machine over every state and event, and over random courses through a simulated OUT.
@Suite struct DeliveryWalkTests {
  private static let events: [DeliveryMachine.Event] =
    [
      .namesAreFree, .uploaded, .dataIsThere(true), .dataIsThere(false), .armed, .fired, .renameNotSupported, .unclear,
      .settled, .disarmed, .taken, .receipt(accepted: true), .receipt(accepted: false), .receiptOverdue, .cancelled,
      .givenUp,
    ] + contents.map { .saw($0) }

  private static let contents: [DeliveryMachine.OutContent] = DeliveryMachine.RemoteFileState.allCases.flatMap { data in
    DeliveryMachine.RemoteFileState.allCases.flatMap { trigger in
      DeliveryMachine.RemoteFileState.allCases.flatMap { temporary in
        [false, true].map { .init(data: data, trigger: trigger, temporary: temporary, receipt: $0) }
      }
    }
  }

  /// The states that each state can lead to at all, for any events and any knowledge of OUT.
  private static let ways: [DeliveryState: Set<DeliveryState>] = [
    .staged: [.uploading, .cancelled], .uploading: [.uploaded, .cancelled],
    .uploaded: [.uploading, .armed, .cancelled],
    .armed: [.uploading, .uploaded, .triggering, .triggered, .taken, .accepted, .refused, .givenUp],
    .triggering: [.uploading, .uploaded, .triggered, .taken, .accepted, .refused, .givenUp],
    .triggered: [.taken, .overdue, .accepted, .refused, .givenUp], .taken: [.overdue, .accepted, .refused, .givenUp],
    .overdue: [.taken, .accepted, .refused, .givenUp], .givenUp: [.accepted, .refused], .accepted: [], .refused: [],
    .cancelled: [],
  ]

  @Test("every event keeps to the permitted transitions", arguments: DeliveryState.allCases)
  func noEventLeadsWhereNoWayIs(state: DeliveryState) throws {
    var reached: Set<DeliveryState> = []
    var known: Set<DeliveryMachine> = [DeliveryMachine(resuming: state)]
    var unseen = Array(known)
    while let next = unseen.popLast() {
      for event in Self.events {
        var machine = next
        try? machine.apply(event)
        if machine.state != state {
          reached.insert(machine.state)
        } else if known.insert(machine).inserted {
          unseen.append(machine)
        }
        if state.isCommitted, !state.isAboutToBeCommitted { #expect(machine.state.isCommitted, "\(event)") }
      }
    }
    #expect(reached == (try #require(Self.ways[state])))
  }

  /// Once it is committed nothing but an answer ends it, and nothing sends it again that was seen to be taken.
  @Test("a delivery that awaits its receipt has no other step", arguments: DeliveryState.allCases)
  func whatAwaitsItsReceiptDoesNothingElse(state: DeliveryState) {
    let machine = DeliveryMachine(resuming: state)
    if state.awaitsReceipt { #expect(machine.step == .awaitReceipt) }
    if state.isFinished { #expect(machine.step == .nothing) }
    if !state.awaitsReceipt, !state.isFinished { #expect(machine.step != .awaitReceipt && machine.step != .nothing) }
  }

  /// The server's answer to a rename.
  enum Renaming: Sendable, CaseIterable { case done, notSupported, refusedWithoutAWord }

  /// OUT and the platform, simulated: the platform takes the trigger when it is whole, then the data, whenever it
  /// likes.
  private struct World {
    let renaming: Renaming
    var isDataWhole = false
    var isDataThere = false
    var isTemporaryThere = false
    var trigger = DeliveryMachine.RemoteFileState.missing
    var timesTaken = 0
    var isBetweenTriggerAndData = false
    var tookHalf = false
    var hasBeenCleared = false
    /// A process removed the trigger, and ended before it recorded that.
    var wasTakenBackUnsaid = false

    mutating func platformActs() {
      if isBetweenTriggerAndData {
        isDataThere = false
        isBetweenTriggerAndData = false
      } else if trigger == .whole {
        timesTaken += 1
        tookHalf = tookHalf || !isDataThere || !isDataWhole
        trigger = .missing
        isBetweenTriggerAndData = true
      }
    }

    /// A person clears the data from OUT before the rename, once, while no process is at work on it. Without its
    /// temporary trigger the delivery would look as if the platform had it.
    mutating func somebodyClears(in state: DeliveryState) {
      guard state == .armed, isTemporaryThere, trigger == .missing, timesTaken == 0, !hasBeenCleared else { return }
      hasBeenCleared = true
      isDataThere = false
    }

    var content: DeliveryMachine.OutContent {
      .init(
        data: isDataThere ? (isDataWhole ? .whole : .partial) : .missing, trigger: trigger,
        temporary: isTemporaryThere ? .whole : .missing, receipt: timesTaken > 0 && !isBetweenTriggerAndData)
    }
  }

  /// Does the machine's step in the world, as far as a crash lets it; the outcome, unless the crash took it along.
  private func carryOut(_ step: DeliveryMachine.Step, in world: inout World, crash: Bool) -> DeliveryMachine.Event? {
    let isLost = crash && Bool.random()
    switch step {
    case .checkNames: return crash ? nil : .namesAreFree
    case .upload:
      world.isDataThere = true
      world.isDataWhole = !isLost
      world.isTemporaryThere = Bool.random()
      return crash ? nil : .uploaded
    case .checkData: return .dataIsThere(world.isDataThere && world.isDataWhole)
    case .arm:
      if !isLost { world.isTemporaryThere = true }
      return crash ? nil : .armed
    case .fire:
      switch world.renaming {
      case .notSupported: return .renameNotSupported
      case .refusedWithoutAWord: return .unclear
      case .done: break
      }
      guard world.isTemporaryThere else { return .unclear }
      if !isLost {
        world.isTemporaryThere = false
        world.trigger = .whole
      }
      return crash ? (Bool.random() ? .unclear : nil) : .fired
    case .writeTrigger:
      world.isTemporaryThere = false
      world.trigger = isLost ? .partial : .whole
      return crash ? (Bool.random() ? .unclear : nil) : .fired
    case .look: return .saw(world.content)
    case .settle:
      // The platform finishes in that time what it has begun.
      if world.isBetweenTriggerAndData { world.platformActs() }
      return .settled
    case .awaitReceipt:
      world.platformActs()
      return world.timesTaken > 0 ? .receipt(accepted: true) : nil
    case .nothing: return nil
    }
  }

  /// The steps of taking the trigger back, as far as a crash lets them; `nil` where there is none to take back.
  private func takeBack(_ step: DeliveryMachine.Step, in world: inout World, crash: Bool) -> DeliveryMachine.Event? {
    switch step {
    case .look, .settle: return carryOut(step, in: &world, crash: crash)
    case .fire:
      let wasThere = world.isTemporaryThere
      world.isTemporaryThere = false
      if crash, wasThere { world.wasTakenBackUnsaid = true }
      return crash ? nil : wasThere ? .disarmed : .unclear
    case .writeTrigger:
      world.trigger = .missing
      return crash ? nil : .disarmed
    default: return nil
    }
  }

  @Test("however it is cut off the platform takes it once and whole", arguments: Renaming.allCases)
  func howeverItIsCutOffThePlatformTakesItOnceAndWhole(renaming: Renaming) throws {
    for _ in 0..<3000 {
      var world = World(renaming: renaming)
      var machine = DeliveryMachine(resuming: .staged)
      var steps = 0
      while machine.state != .accepted, steps < 500 {
        steps += 1
        if Int.random(in: 0..<3) == 0 { world.platformActs() }
        let crash = steps < 60 && Int.random(in: 0..<3) == 0
        if let event = carryOut(machine.step, in: &world, crash: crash) { try machine.apply(event) }
        if crash {
          machine = DeliveryMachine(resuming: machine.state)
          if Int.random(in: 0..<4) == 0 { world.somebodyClears(in: machine.state) }
        }
      }
      #expect(machine.state == .accepted && world.timesTaken == 1 && !world.tookHalf, "\(machine) \(world)")
    }
  }

  @Test("the platform never takes a cancelled delivery", arguments: Renaming.allCases)
  func whatIsCancelledThePlatformNeverTakes(renaming: Renaming) throws {
    var outcomes: Set<DeliveryState> = []
    for _ in 0..<3000 {
      var world = World(renaming: renaming)
      var machine = DeliveryMachine(resuming: .staged)
      for _ in 0..<Int.random(in: 1..<12) {
        let crash = Int.random(in: 0..<3) == 0
        if let event = carryOut(machine.step, in: &world, crash: crash) { try machine.apply(event) }
        if crash { machine = DeliveryMachine(resuming: machine.state) }
        if Int.random(in: 0..<3) == 0 { world.platformActs() }
      }
      machine = DeliveryMachine(resuming: machine.state)
      var steps = 0
      while machine.state.isAboutToBeCommitted, steps < 500 {
        steps += 1
        let crash = steps < 60 && Int.random(in: 0..<3) == 0
        if let event = takeBack(machine.step, in: &world, crash: crash) { try machine.apply(event) }
        if crash { machine = DeliveryMachine(resuming: machine.state) }
        if Int.random(in: 0..<3) == 0 { world.platformActs() }
      }
      if DeliveryMachine.expects(.cancelled, in: machine.state) { try machine.apply(.cancelled) }
      outcomes.insert(machine.state)
      if machine.state == .cancelled {
        #expect(world.timesTaken == 0 && world.trigger != .whole, "\(world)")
      } else if world.wasTakenBackUnsaid, world.timesTaken == 0, world.trigger == .missing {
        // As if the platform had it: no receipt comes, which is reported, and it can be given up.
        #expect(machine.state == .taken, "\(machine) \(world)")
      } else {
        #expect(world.timesTaken == 1 || world.trigger == .whole, "\(machine) \(world)")
      }
    }
    #expect(outcomes.isSuperset(of: [.cancelled, .triggered]))
  }

  @Test("a delivery that was given up still takes its receipt")
  func aDeliveryThatWasGivenUpStillTakesItsReceipt() throws {
    for state in DeliveryState.allCases where state.isCommitted && !state.isFinished {
      var machine = DeliveryMachine(resuming: state)
      try machine.apply(.givenUp)
      #expect(machine.state == .givenUp && machine.step == .nothing)
      try machine.apply(.receipt(accepted: false))
      #expect(machine.state == .refused)
    }
  }
}
