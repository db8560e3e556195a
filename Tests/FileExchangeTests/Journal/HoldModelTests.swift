import Testing

@testable import FileExchange

/// Two machines, one journal on a server, one delivery: every course of their steps, with a pause, a kill, or the loss of
/// the way to the server at any point.
///
/// The delivery is driven by the product's own ``DeliveryMachine``. The rest is a model of ``JournalHold`` and of OUT. It
/// takes for granted:
///
/// - The server's row about the last entry is locked by one transaction at a time, and each write is compared behind that
///   lock with the epoch of its machine.
/// - Another machine takes the journal, or a delivery, over only after the grace, counted from the last time that the
///   server heard of the former one. Of several machines at work that is the delivery's own one.
/// - A machine that was heard of within the last ten seconds, counted from before it asked, ends a step on the platform
///   that it begins now before the grace is over. Where that does not hold, the second test shows what can happen.
/// - The platform's server renames a file or does not, and renames none that is not there.
@Suite("The hold on a journal, tried exhaustively", .timeLimit(.minutes(25))) struct HoldModelTests {
  @Test("no course triggers the delivery twice")
  func triggersOnce() {
    let result = Model(looksAtTheClock: true).explore()
    #expect(result.mostTriggers == 1)
    #expect(result.isComplete)
    #expect(result.ends.contains(.triggered) && result.ends.contains(.taken))
    #expect(result.takeOvers == Model.mostEpochs)
  }

  @Test("without a look at the clock before each step, a machine that was paused can trigger it a second time")
  func needsTheClock() {
    #expect(Model(looksAtTheClock: false).explore().mostTriggers == 2)
  }
}

private struct Model {
  /// Whether a step on the platform begins only while the machine was heard of lately, and ends within the grace.
  let looksAtTheClock: Bool

  /// The number of times that the journal is taken, by a machine that did not have it.
  static let mostEpochs = 3
  private static let mostKills = 2

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

    var machine: DeliveryMachine
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
    var epoch = 1
    var holder = 0
    // The machines.
    var processes: [Process?] = [Process(machine: DeliveryMachine(resuming: .uploaded), epoch: 1), nil]
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
      result.takeOvers = max(result.takeOvers, state.epoch)
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
    guard state.kills < Self.mostKills else { return nil }
    var next = state
    next.kills += 1
    next.processes[index] = nil
    return next
  }

  // MARK: A machine

  /// A machine without a process begins one: at once where it has the journal, else after the grace of the one that has it.
  private func begins(_ index: Int, _ state: State) -> [State] {
    var next = state
    if state.holder != index {
      let isFree = state.processes[state.holder]?.isCutOff ?? true
      guard isFree, state.silences[state.holder] == .overGrace, state.epoch < Self.mostEpochs else { return [] }
      (next.holder, next.epoch) = (index, state.epoch + 1)
    }
    next.silences[index] = .short
    next.processes[index] = Process(machine: DeliveryMachine(resuming: state.row), epoch: next.epoch)
    return [next]
  }

  private func acts(_ process: Process, _ index: Int, _ state: State) -> [State] {
    switch process.phase {
    case .deciding: decides(process, index, state)
    case .sent(let step): has(effect: step, process, index, state)
    case .answered(let answers): [records(answers, process, index, state)]
    }
  }

  private func decides(_ process: Process, _ index: Int, _ state: State) -> [State] {
    var next = state
    switch process.machine.step {
    case .awaitReceipt, .nothing: return []
    case let step:
      if looksAtTheClock, state.silences[index] != .short {
        // It asks the server first, which tells a former machine that it is one.
        if process.epoch == state.epoch {
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
  private func records(_ answers: [Answer], _ process: Process, _ index: Int, _ state: State) -> State {
    var (next, process) = (state, process)
    let before = process.machine.state
    process.phase = .deciding
    for answer in answers { try? process.machine.apply(answer.event) }
    if process.machine.state != before {
      guard process.epoch == state.epoch else {
        next.processes[index] = nil
        return next
      }
      if state.row == before { next.row = process.machine.state }
      // Another process of the journal was first.
      if state.row != before { process.machine = DeliveryMachine(resuming: state.row) }
    }
    next.processes[index] = process
    return next
  }
}
