import Testing

@testable import FileExchange

/// Two machines, one journal on a server, one delivery: every course of their steps, with a pause, a kill, or the loss
/// of the way to the server at any point. Either one machine has the journal at a time, or both have it and one the
/// delivery.
///
/// The delivery is driven by the product's own ``DeliveryMachine``. The rest is a model of ``JournalHold`` and of OUT.
/// It takes for granted:
///
/// - The server's row about the last entry is locked by one transaction at a time, and each write is compared behind
///   that lock with the epoch of its machine.
/// - Another machine takes the journal, or a delivery, over only after the grace, counted from the last time that the
///   server heard of the former one. Of several machines at work that is the delivery's own one.
/// - A machine that was heard of within the last ten seconds, counted from before it asked, ends a step on the platform
///   that it begins now before the grace is over. Where that does not hold, the second test shows what can happen.
/// - The platform's server renames a file or does not, and renames none that is not there.
@Suite("The hold on a journal, tried exhaustively", .timeLimit(.minutes(25))) struct HoldModelTests {
  @Test("no course triggers the delivery twice", arguments: [false, true])
  func triggersOnce(areSeveral: Bool) {
    let result = Model(looksAtTheClock: true, areSeveral: areSeveral).explore()
    #expect(result.mostTriggers == 1)
    #expect(result.isComplete)
    #expect(result.ends.contains(.triggered) && result.ends.contains(.taken))
    #expect(result.takeOvers == Model.mostTakeOvers)
  }

  @Test(
    "without a look at the clock before each step, a machine that was paused can trigger it a second time",
    arguments: [false, true])
  func needsTheClock(areSeveral: Bool) {
    #expect(Model(looksAtTheClock: false, areSeveral: areSeveral).explore().mostTriggers == 2)
  }
}

private struct Model {
  /// True if a step on the platform begins only while the machine was heard of lately, and ends within the grace.
  let looksAtTheClock: Bool
  /// True if both machines may have the journal open; a machine then asks for the delivery once it has opened it.
  let areSeveral: Bool

  /// The number of times that the delivery passes to the other machine.
  static let mostTakeOvers = 2
  private var mostKills: Int { areSeveral ? 1 : 2 }

  /// The time since the server last heard of a machine.
  enum Silence: Hashable {
    /// So little that a step on the platform may begin.
    case short
    /// Less than the grace.
    case medium
    case overGrace
  }

  /// The process of a machine, from one step to the next.
  struct Process: Hashable {
    enum Phase: Hashable {
      case deciding
      /// The request is on its way to the platform.
      case sent(DeliveryMachine.Step)
      /// The answer is there, and not in the journal yet.
      case answered([Answer])
    }

    /// The delivery as it is known here; `nil` while the other machine has it.
    var delivery: DeliveryMachine?
    let epoch: Int
    var phase = Phase.deciding
    /// True once its session with the server is gone.
    var isCutOff = false
  }

  /// An event that can be compared.
  enum Answer: Hashable {
    case uploaded, armed, fired, unclear, settled
    case dataIsThere(Bool)
    case saw(isTriggerThere: Bool, isTemporaryThere: Bool, isDataThere: Bool, isReceiptThere: Bool)

    var event: DeliveryMachine.Event {
      switch self {
      case .uploaded: .uploaded
      case .armed: .armed
      case .fired: .fired
      case .unclear: .unclear
      case .settled: .settled
      case .dataIsThere(let isThere): .dataIsThere(isThere)
      case .saw(let trigger, let temporary, let data, let receipt):
        .saw(
          .init(
            data: data ? .whole : .missing, trigger: trigger ? .whole : .missing,
            temporary: temporary ? .whole : .missing, receipt: receipt))
      }
    }
  }

  struct State: Hashable {
    // OUT and the platform.
    var isDataThere = true
    var isTemporaryThere = false
    var isTriggerThere = false
    var isBetweenTriggerAndData = false
    var triggers = 0
    // The server.
    var row = DeliveryState.uploaded
    var owner = 0
    var epochs = [1, 1]
    var takeOvers = 0
    // The machines.
    var processes: [Process?] = [Process(delivery: DeliveryMachine(resuming: .uploaded), epoch: 1), nil]
    var silences = [Silence.short, .overGrace]
    var kills = 0
  }

  struct Result {
    var mostTriggers = 0
    var takeOvers = 0
    var ends: Set<DeliveryState> = []
    var isComplete = true
  }

  /// Visits every state that can be reached.
  func explore() -> Result {
    var result = Result()
    var known: Set<State> = [State()]
    var unseen = Array(known)
    while let state = unseen.popLast() {
      result.mostTriggers = max(result.mostTriggers, state.triggers)
      result.takeOvers = max(result.takeOvers, state.takeOvers)
      result.ends.insert(state.row)
      // One is enough.
      if state.triggers > 1 { return result }
      for next in successors(of: state) where known.insert(next).inserted { unseen.append(next) }
      if known.count > 3_000_000 {
        result.isComplete = false
        return result
      }
    }
    return result
  }

  private func successors(of state: State) -> [State] {
    var next = platformActs(state)
    for index in state.processes.indices {
      next += timePasses(for: index, state)
      if let process = state.processes[index] {
        next += acts(process, index, state)
        next += [isCutOff(index, state), isKilled(index, state)].compactMap { $0 }
      } else {
        next += begins(index, state)
      }
    }
    return next
  }

  // MARK: The platform, the clock and accidents

  private func platformActs(_ state: State) -> [State] {
    var next = state
    if state.isBetweenTriggerAndData {
      (next.isDataThere, next.isBetweenTriggerAndData) = (false, false)
    } else if state.isTriggerThere {
      next.triggers += 1
      (next.isTriggerThere, next.isBetweenTriggerAndData) = (false, true)
    } else {
      return []
    }
    return [next]
  }

  private func timePasses(for index: Int, _ state: State) -> [State] {
    var next = state
    switch state.silences[index] {
    case .short: next.silences[index] = .medium
    case .medium:
      // What is under way ends first.
      if looksAtTheClock, case .sent? = state.processes[index]?.phase { return [] }
      next.silences[index] = .overGrace
    case .overGrace: return []
    }
    return [next]
  }

  private func isCutOff(_ index: Int, _ state: State) -> State? {
    guard state.processes[index]?.isCutOff == false else { return nil }
    var next = state
    next.processes[index]?.isCutOff = true
    return next
  }

  /// A request that is on its way when its process is killed has had its effect, or never has it.
  private func isKilled(_ index: Int, _ state: State) -> State? {
    guard state.kills < mostKills else { return nil }
    var next = state
    next.kills += 1
    next.processes[index] = nil
    return next
  }

  // MARK: A machine

  /// A machine without a process begins one: at once where it may have the journal, else when the other one is gone.
  private func begins(_ index: Int, _ state: State) -> [State] {
    var next = state
    if !areSeveral, state.owner != index {
      guard let taken = takesOver(index, state) else { return [] }
      next = taken
    }
    next.silences[index] = .short
    let delivery = next.owner == index ? DeliveryMachine(resuming: state.row) : nil
    next.processes[index] = Process(delivery: delivery, epoch: next.epochs[index])
    return [next]
  }

  /// The delivery passes to a machine from the other one, whose epoch is raised; `nil` while that is not gone.
  private func takesOver(_ index: Int, _ state: State) -> State? {
    let other = 1 - index
    let isFree = state.processes[other]?.isCutOff ?? true
    guard isFree, state.silences[other] == .overGrace, state.takeOvers < Self.mostTakeOvers else { return nil }
    var next = state
    next.owner = index
    next.epochs[other] += 1
    next.takeOvers += 1
    return next
  }

  /// A machine that has the journal open, and not the delivery, asks for it: one that was declared gone is told so.
  private func asks(_ process: Process, _ index: Int, _ state: State) -> [State] {
    guard process.epoch == state.epochs[index] else {
      var next = state
      next.processes[index] = nil
      return [next]
    }
    guard var next = state.owner == index ? state : takesOver(index, state) else { return [] }
    next.silences[index] = .short
    next.processes[index]?.delivery = DeliveryMachine(resuming: state.row)
    return [next]
  }

  private func acts(_ process: Process, _ index: Int, _ state: State) -> [State] {
    guard let delivery = process.delivery else { return asks(process, index, state) }
    return switch process.phase {
    case .deciding: decides(process, delivery, index, state)
    case .sent(let step): has(effect: step, process, index, state)
    case .answered(let answers): [records(answers, process, delivery, index, state)]
    }
  }

  private func decides(
    _ process: Process, _ delivery: DeliveryMachine, _ index: Int, _ state: State
  ) -> [State] {
    var next = state
    switch delivery.step {
    case .awaitReceipt, .nothing: return []
    case let step:
      if looksAtTheClock, state.silences[index] != .short {
        // It asks the server first, which tells a former machine that it is one.
        if process.epoch == state.epochs[index] {
          next.silences[index] = .short
          next.processes[index]?.isCutOff = false
        } else {
          next.processes[index] = nil
        }
      } else {
        next.processes[index]?.phase = .sent(step)
      }
      return [next]
    }
  }

  /// The request has its effect, and the answer comes.
  private func has(effect step: DeliveryMachine.Step, _ process: Process, _ index: Int, _ state: State) -> [State] {
    var next = state
    let answers: [Answer]
    switch step {
    case .upload:
      (next.isDataThere, next.isTemporaryThere) = (true, true)
      answers = [.uploaded, .armed]
    case .checkData: answers = [.dataIsThere(state.isDataThere)]
    case .arm:
      next.isTemporaryThere = true
      answers = [.armed]
    case .fire:
      if state.isTemporaryThere, !state.isTriggerThere {
        (next.isTemporaryThere, next.isTriggerThere) = (false, true)
        answers = [.fired]
      } else {
        answers = [.unclear]
      }
    case .look:
      answers = [
        .saw(
          isTriggerThere: state.isTriggerThere, isTemporaryThere: state.isTemporaryThere,
          isDataThere: state.isDataThere, isReceiptThere: state.triggers > 0 && !state.isBetweenTriggerAndData)
      ]
    case .settle:
      // The platform finishes in that time what it has begun.
      if state.isBetweenTriggerAndData { (next.isDataThere, next.isBetweenTriggerAndData) = (false, false) }
      answers = [.settled]
    case .checkNames, .writeTrigger, .awaitReceipt, .nothing: return []
    }
    next.processes[index]?.phase = .answered(answers)
    return [next]
  }

  /// The machine takes the answer, and writes the state that it leads to where that is another one.
  private func records(
    _ answers: [Answer], _ process: Process, _ delivery: DeliveryMachine, _ index: Int, _ state: State
  ) -> State {
    var (next, process, delivery) = (state, process, delivery)
    let before = delivery.state
    process.phase = .deciding
    for answer in answers { try? delivery.apply(answer.event) }
    if delivery.state != before {
      guard process.epoch == state.epochs[index] else {
        next.processes[index] = nil
        return next
      }
      if state.row == before { next.row = delivery.state }
      // Another process of the journal was first.
      if state.row != before { delivery = DeliveryMachine(resuming: state.row) }
    }
    process.delivery = delivery
    next.processes[index] = process
    return next
  }
}
