import Testing

@testable import FileExchange

/// The delivery machine over every state and event, and over random courses through a simulated OUT.
@Suite struct DeliveryWalkTests {
  private static let events: [DeliveryMachine.Event] =
    [
      .namesAreFree, .uploaded, .dataIsThere(true), .dataIsThere(false), .armed, .fired, .renameNotSupported, .unclear,
      .settled, .taken, .receipt(accepted: true), .receipt(accepted: false), .receiptOverdue, .cancelled, .givenUp,
    ] + sights.map { .saw($0) }

  private static let sights: [DeliveryMachine.Sight] = [true, false].flatMap { data in
    [DeliveryMachine.TriggerSight.missing, .partial, .whole].flatMap { trigger in
      [true, false].map { DeliveryMachine.Sight(data: data, trigger: trigger, temporary: $0) }
    }
  }

  /// Where each state can go at all, whatever happens.
  private static let ways: [DeliveryState: Set<DeliveryState>] = [
    .staged: [.uploading, .cancelled], .uploading: [.uploaded, .cancelled],
    .uploaded: [.uploading, .armed, .cancelled],
    .armed: [.triggering, .triggered, .taken, .accepted, .refused, .givenUp],
    .triggering: [.triggered, .taken, .accepted, .refused, .givenUp],
    .triggered: [.taken, .overdue, .accepted, .refused, .givenUp], .taken: [.overdue, .accepted, .refused, .givenUp],
    .overdue: [.taken, .accepted, .refused, .givenUp], .givenUp: [.accepted, .refused], .accepted: [], .refused: [],
    .cancelled: [],
  ]

  @Test(arguments: DeliveryState.allCases) func noEventLeadsWhereNoWayIs(state: DeliveryState) throws {
    var reached: Set<DeliveryState> = []
    for event in Self.events {
      var machine = DeliveryMachine(resuming: state)
      machine.apply(event)
      if machine.state != state { reached.insert(machine.state) }
      if state.isCommitted { #expect(machine.state.isCommitted, "\(event)") }
    }
    #expect(reached == (try #require(Self.ways[state])))
  }

  /// Once it is committed nothing but an answer ends it, and nothing sends it again that was seen to be taken.
  @Test(arguments: DeliveryState.allCases) func whatAwaitsItsReceiptDoesNothingElse(state: DeliveryState) {
    let machine = DeliveryMachine(resuming: state)
    if state.awaitsReceipt { #expect(machine.step == .awaitReceipt) }
    if state.isFinished { #expect(machine.step == .nothing) }
    if !state.awaitsReceipt, !state.isFinished { #expect(machine.step != .awaitReceipt && machine.step != .nothing) }
  }

  /// OUT and the platform, simulated: the platform takes the trigger when it is whole, then the data, whenever it likes.
  private struct World {
    let canRename: Bool
    var isDataWhole = false
    var isDataThere = false
    var isTemporaryThere = false
    var trigger = DeliveryMachine.TriggerSight.missing
    var timesTaken = 0
    var isBetweenTriggerAndData = false
    var tookHalf = false

    mutating func platformActs() {
      if isBetweenTriggerAndData {
        isDataThere = false
        isBetweenTriggerAndData = false
      } else if trigger == .whole {
        timesTaken += 1
        tookHalf = tookHalf || !isDataWhole
        trigger = .missing
        isBetweenTriggerAndData = true
      }
    }

    var sight: DeliveryMachine.Sight { .init(data: isDataThere, trigger: trigger, temporary: isTemporaryThere) }
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
      guard world.canRename else { return .renameNotSupported }
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
    case .look: return .saw(world.sight)
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

  @Test(arguments: [true, false]) func howeverItIsCutOffThePlatformTakesItOnceAndWhole(canRename: Bool) {
    for _ in 0..<3000 {
      var world = World(canRename: canRename)
      var machine = DeliveryMachine(resuming: .staged)
      var steps = 0
      while machine.state != .accepted, steps < 500 {
        steps += 1
        if Int.random(in: 0..<3) == 0 { world.platformActs() }
        let crash = steps < 60 && Int.random(in: 0..<3) == 0
        if let event = carryOut(machine.step, in: &world, crash: crash) { machine.apply(event) }
        if crash { machine = DeliveryMachine(resuming: machine.state) }
      }
      #expect(machine.state == .accepted && world.timesTaken == 1 && !world.tookHalf, "\(machine) \(world)")
    }
  }

  @Test func aDeliveryThatWasGivenUpStillTakesItsReceipt() {
    for state in DeliveryState.allCases where state.isCommitted && !state.isFinished {
      var machine = DeliveryMachine(resuming: state)
      machine.apply(.givenUp)
      #expect(machine.state == .givenUp && machine.step == .nothing)
      machine.apply(.receipt(accepted: false))
      #expect(machine.state == .refused)
    }
  }
}
