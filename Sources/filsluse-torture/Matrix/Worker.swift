import FoundationEssentials
import LocalPlatform
import SystemPackage

/// One sender and one receiver that go through rounds: files are delivered and collected, disturbed at a point each,
/// and everything is looked through afterwards.
struct Worker {
  let number: Int
  private let server: BadServer
  private let platform: LocalPlatform
  private var sender: ExchangeSide
  private var receiver: ExchangeSide
  private let outgoing: FilePath
  private let foreign: ForeignThings
  private let hook: HookLog?
  /// True if receipts come at once and once: only then can a journal be left behind with no receipt to come for it.
  private let isOrdinary: Bool
  /// True if the receiver's hook answers each file with a business receipt.
  private let hasAnswers: Bool
  private let tally: Tally
  private var rounds = 0

  /// A run that was disturbed is followed by as many others as this before it counts as stuck.
  private static let restarts = 3

  init(
    _ number: Int, on platform: LocalPlatform, server: BadServer, in folder: FilePath, command: Command, tally: Tally
  ) throws {
    self.number = number
    self.server = server
    self.platform = platform
    self.tally = tally
    isOrdinary = server.name == BadServer.ordinary.name
    hasAnswers = isOrdinary && number % 2 == 1
    // Every fourth receiver has no hook: there, lying in the inbox is all.
    hook =
      number % 4 == 0
      ? nil
      : try HookLog(
        in: folder.appending("receiver-\(number)"), answerBy: hasAnswers ? PlatformPlan.answer(number) : nil)
    sender = try ExchangeSide(
      PlatformPlan.sender(number), on: platform, in: folder.appending("sender-\(number)"), command: command,
      hasBulk: server.hasBulk)
    receiver = try ExchangeSide(
      PlatformPlan.receiver(number), on: platform, in: folder.appending("receiver-\(number)"), command: command,
      hook: hook?.hook, hasBulk: server.hasBulk)
    outgoing = folder.appending("files-\(number)")
    try FileManager.default.createDirectory(atPath: outgoing.string, withIntermediateDirectories: true)
    foreign = try ForeignThings(worker: number, on: platform, inbox: receiver.inbox)
  }

  /// Measures undisturbed runs, with a new journal and with a used one.
  mutating func measure() async throws -> [Stage: (new: Baseline, old: Baseline)] {
    let new = try await measureRound()
    let old = try await measureRound()
    return [.delivering: (new.0, old.0), .collecting: (new.1, old.1)]
  }

  private mutating func measureRound() async throws -> (Baseline, Baseline) {
    rounds += 1
    let payload = nextPayload()
    try payload.write(to: outgoing)
    let (sent, sending) = try await sender.measure(sendArguments(payload))
    let (received, receiving) = try await receiver.measure(["receive"])
    guard sent.status == .exited(0), ReceiveOutput(received).hasOnlyForeignProblems else {
      throw Trouble("an undisturbed round failed: \(sent) \(received)")
    }
    for proxy in [sender.proxy, receiver.proxy]
    where server.hasBulk && proxy.connectionsMade < ExchangeSide.bulkConnections {
      throw Trouble("the large file went over \(proxy.connectionsMade) connections")
    }
    var runs = [sent, received]
    tally.note(try await inspect(payload, runs: &runs), during: "an undisturbed round", after: runs.map(\.text))
    try payload.remove(from: outgoing)
    return (sending, receiving)
  }

  private func nextPayload() -> Payload {
    server.hasBulk
      ? Payload(worker: number, round: rounds, largest: ExchangeSide.bulkSize) : Payload(worker: number, round: rounds)
  }

  private func sendArguments(_ payload: Payload) -> [String] {
    ["send"] + payload.names.map { outgoing.appending($0).string } + ["--route", PlatformPlan.route(number)]
  }

  /// One round.
  mutating func run(_ points: (delivering: Point?, collecting: Point?), schedule: Schedule) async throws {
    rounds += 1
    let payload = nextPayload()
    try payload.write(to: outgoing)
    if isOrdinary, points.delivering?.isOnNewJournal == true {
      // Only the journal that knows a receipt can tidy it away.
      _ = try await sender.run(["receive"])
      try sender.takeNewJournal()
    }
    if isOrdinary, points.collecting?.isOnNewJournal == true {
      _ = try await receiver.run(["receive"])
      try receiver.takeNewJournal()
    }
    var runs = try await suffer(points.delivering, sender, sendArguments(payload), payload, schedule) {
      $0.status == .exited(0)
    }
    runs += try await suffer(points.collecting, receiver, ["receive"], payload, schedule) {
      ReceiveOutput($0).hasOnlyForeignProblems
    }
    var findings = try await inspect(payload, runs: &runs)
    if rounds % 20 == 0 { findings += try await checkJournals() }
    let name = [points.delivering, points.collecting].compactMap { $0 }.map { "\($0.stage.rawValue) \($0.fault)" }
    tally.note(
      findings, during: "round \(rounds) of worker \(number), \(server.name): \(name.joined(separator: "; "))",
      after: runs.map(\.text))
    try payload.remove(from: outgoing)
    tally.change {
      $0.rounds += 1
      $0.files += payload.names.count
    }
  }

  /// Runs the command with its fault, and then without until it is content; returns the outcomes of all runs.
  private func suffer(
    _ point: Point?, _ side: ExchangeSide, _ arguments: [String], _ payload: Payload, _ schedule: Schedule,
    isContent: (Command.Outcome) -> Bool
  ) async throws -> [Command.Outcome] {
    var outcomes: [Command.Outcome] = []
    defer {
      for outcome in outcomes {
        tally.note(Finding.refusals(in: outcome.errors + outcome.output, of: side.system), during: "\(arguments)")
      }
    }
    if let point {
      let disturbed = side
      async let rival = point.hasRival ? disturbed.run(arguments).outcome : nil
      let (outcome, isStruck) = try await side.run(arguments, fault: point.fault)
      if let rival = try await rival { outcomes.append(rival) }
      outcomes.append(outcome)
      let line = Tally.Line(server: server.name, stage: point.stage, kind: point.fault.kind)
      if isStruck {
        tally.change { $0.points[line, default: 0] += 1 }
      } else if !schedule.giveBack(point) {
        tally.change { $0.withoutEffect[line, default: 0] += 1 }
      }
      if outcome.status == .killed {
        let states = try await side.statesLeft(of: payload.prefix)
        tally.change { for state in states { $0.states[point.stage, default: [:]][state, default: 0] += 1 } }
      } else if outcomes.allSatisfy(isContent) {
        return outcomes
      }
      if let again = point.again {
        let (outcome, isStruck) = try await side.run(arguments, fault: again)
        outcomes.append(outcome)
        if isStruck { tally.change { $0.points[line, default: 0] += 1 } }
      }
    }
    for _ in 0..<Self.restarts {
      let (outcome, _) = try await side.run(arguments)
      outcomes.append(outcome)
      if isContent(outcome) { return outcomes }
    }
    tally.note([Finding(kind: .stuck, what: outcomes.map(\.text).joined(separator: "\n"))], during: "\(arguments)")
    return outcomes
  }
}

// What must be true after every round.
extension Worker {
  private func inspect(_ payload: Payload, runs: inout [Command.Outcome]) async throws -> [Finding] {
    var transfers: [String: String] = [:]
    var findings = Inbox(receiver.inbox).takeOut(payload, hook: hook, transfers: &transfers)
    if hasAnswers {
      let incoming = platform.inFolder(of: sender.system)
      _ = try await Wait.until(within: .seconds(10)) { Inbox.answers(in: incoming) >= transfers.count }
      runs.append(try await sender.run(["receive"]).outcome)
      findings += Inbox(sender.inbox).takeOutAnswers(to: transfers)
    }
    findings += foreign.missing().map { Finding(kind: .foreignRemoved, what: $0) }
    let folders = [
      platform.outFolder(of: sender.system), platform.inFolder(of: receiver.system), sender.inbox, receiver.inbox,
      sender.inbox.appending(".unfinished"), receiver.inbox.appending(".unfinished"),
      receiver.inbox.appending(".answers"),
    ]
    // Receipts are tidied away by the next run of a sender.
    return findings + folders.flatMap(leftIn).filter { !$0.what.hasSuffix(".sftpreceipt") }
  }

  private func leftIn(_ folder: FilePath) -> [Finding] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? []).filter { name in
      !ForeignThings.isOne(name) && name != ".unfinished" && name != ".answers" && !Inbox.isOldWitness(name)
    }.map { Finding(kind: .left, what: folder.appending($0).string) }
  }

  /// Checks the journals by the command itself.
  private func checkJournals() async throws -> [Finding] {
    var findings: [Finding] = []
    for side in [sender, receiver] {
      let (outcome, _) = try await side.run(["journal", "check"])
      if outcome.status != .exited(0) {
        findings.append(Finding(kind: .journalDamaged, what: "\(side.journal): \(outcome.errors) \(outcome.output)"))
      }
    }
    return findings
  }

  /// The last look: nothing comes late, and both journals are sound.
  func finish() async throws {
    let (last, _) = try await receiver.run(["receive"])
    var findings = try await checkJournals()
    if !ReceiveOutput(last).hasOnlyForeignProblems {
      findings.append(Finding(kind: .stuck, what: "\(last.status) \(last.errors)"))
    }
    var runs = [last]
    findings += try await inspect(Payload(worker: number, round: 0, isEmpty: true), runs: &runs)
    // A run that was killed between writing a receipt into the journal and removing it leaves it to the next, and a
    // platform that answers twice puts its second receipt into IN only when the first is gone.
    for _ in 0..<5 where !leftIn(platform.inFolder(of: sender.system)).isEmpty {
      _ = try await sender.run(["receive"])
      try await Task.sleep(for: .milliseconds(500))
    }
    findings += leftIn(platform.inFolder(of: sender.system)) + leftIn(platform.inFolder(of: receiver.system))
    tally.note(findings, during: "the last look at worker \(number), \(server.name)", after: runs.map(\.text))
  }
}
