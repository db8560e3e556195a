import FoundationEssentials
import LocalPlatform
import SystemPackage

/// One sender and one receiver that go through rounds: files are delivered and collected, harmed at a point each, and
/// everything is looked through afterwards.
struct Lane {
  let number: Int
  private let server: BadServer
  private let platform: LocalPlatform
  private var sender: Station
  private var receiver: Station
  private let outgoing: FilePath
  private let foreign: ForeignThings
  private let hook: HookLog?
  /// True if receipts come at once and once: only then can a journal be left behind with no receipt to come for it.
  private let isOrdinary: Bool
  /// True if the receiver's hook answers each file with a business receipt.
  private let hasAnswers: Bool
  private let tally: Tally
  private var rounds = 0

  /// A run that was harmed is followed by as many others as this before it counts as stuck.
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
    sender = try Station(
      PlatformPlan.sender(number), on: platform, in: folder.appending("sender-\(number)"), command: command,
      hasBulk: server.hasBulk)
    receiver = try Station(
      PlatformPlan.receiver(number), on: platform, in: folder.appending("receiver-\(number)"), command: command,
      hook: hook?.hook, hasBulk: server.hasBulk)
    outgoing = folder.appending("files-\(number)")
    try FileManager.default.createDirectory(atPath: outgoing.string, withIntermediateDirectories: true)
    foreign = try ForeignThings(lane: number, on: platform, inbox: receiver.inbox)
  }

  /// Measures undisturbed runs, with a new journal and with a used one.
  mutating func rehearse() async throws -> [Stage: (new: Rehearsal, old: Rehearsal)] {
    let new = try await rehearseRound()
    let old = try await rehearseRound()
    return [.delivering: (new.0, old.0), .collecting: (new.1, old.1)]
  }

  private mutating func rehearseRound() async throws -> (Rehearsal, Rehearsal) {
    rounds += 1
    let cargo = nextCargo()
    try cargo.write(to: outgoing)
    let (sent, sending) = try await sender.rehearse(sendArguments(cargo))
    let (received, receiving) = try await receiver.rehearse(["receive"])
    guard sent.status == .exited(0), ReceiveOutput(received).hasOnlyForeignProblems else {
      throw Trouble("an undisturbed round failed: \(sent) \(received)")
    }
    for proxy in [sender.proxy, receiver.proxy] where server.hasBulk && proxy.connectionsMade < Station.bulkConnections
    {
      throw Trouble("the large file went over \(proxy.connectionsMade) connections")
    }
    var runs = [sent, received]
    tally.note(try await inspect(cargo, runs: &runs), during: "an undisturbed round", after: runs.map(\.text))
    try cargo.remove(from: outgoing)
    return (sending, receiving)
  }

  private func nextCargo() -> Cargo {
    server.hasBulk
      ? Cargo(lane: number, round: rounds, largest: Station.bulkSize) : Cargo(lane: number, round: rounds)
  }

  private func sendArguments(_ cargo: Cargo) -> [String] {
    ["send"] + cargo.names.map { outgoing.appending($0).string } + ["--route", PlatformPlan.route(number)]
  }

  /// One round.
  mutating func run(_ points: (delivering: Point?, collecting: Point?), schedule: Schedule) async throws {
    rounds += 1
    let cargo = nextCargo()
    try cargo.write(to: outgoing)
    if isOrdinary, points.delivering?.isOnNewJournal == true {
      // Only the journal that knows a receipt can tidy it away.
      _ = try await sender.run(["receive"])
      try sender.takeNewJournal()
    }
    if isOrdinary, points.collecting?.isOnNewJournal == true {
      _ = try await receiver.run(["receive"])
      try receiver.takeNewJournal()
    }
    var runs = try await suffer(points.delivering, sender, sendArguments(cargo), cargo, schedule) {
      $0.status == .exited(0)
    }
    runs += try await suffer(points.collecting, receiver, ["receive"], cargo, schedule) {
      ReceiveOutput($0).hasOnlyForeignProblems
    }
    var findings = try await inspect(cargo, runs: &runs)
    if rounds % 20 == 0 { findings += try await checkJournals() }
    let name = [points.delivering, points.collecting].compactMap { $0 }.map { "\($0.stage.rawValue) \($0.harm)" }
    tally.note(
      findings, during: "round \(rounds) of lane \(number), \(server.name): \(name.joined(separator: "; "))",
      after: runs.map(\.text))
    try cargo.remove(from: outgoing)
    tally.change {
      $0.rounds += 1
      $0.files += cargo.names.count
    }
  }

  /// Runs the command with its harm, and then without until it is content; returns the outcomes of all runs.
  private func suffer(
    _ point: Point?, _ station: Station, _ arguments: [String], _ cargo: Cargo, _ schedule: Schedule,
    isContent: (Command.Outcome) -> Bool
  ) async throws -> [Command.Outcome] {
    var outcomes: [Command.Outcome] = []
    defer {
      for outcome in outcomes {
        tally.note(Finding.refusals(in: outcome.errors + outcome.output, of: station.system), during: "\(arguments)")
      }
    }
    if let point {
      let harmed = station
      async let rival = point.hasRival ? harmed.run(arguments).outcome : nil
      let (outcome, isStruck) = try await station.run(arguments, harm: point.harm)
      if let rival = try await rival { outcomes.append(rival) }
      outcomes.append(outcome)
      let line = Tally.Line(server: server.name, stage: point.stage, kind: point.harm.kind)
      if isStruck {
        tally.change { $0.points[line, default: 0] += 1 }
      } else if !schedule.giveBack(point) {
        tally.change { $0.harmless[line, default: 0] += 1 }
      }
      if outcome.status == .killed {
        let states = try await station.statesLeft(of: cargo.prefix)
        tally.change { for state in states { $0.states[point.stage, default: [:]][state, default: 0] += 1 } }
      } else if outcomes.allSatisfy(isContent) {
        return outcomes
      }
      if let again = point.again {
        let (outcome, isStruck) = try await station.run(arguments, harm: again)
        outcomes.append(outcome)
        if isStruck { tally.change { $0.points[line, default: 0] += 1 } }
      }
    }
    for _ in 0..<Self.restarts {
      let (outcome, _) = try await station.run(arguments)
      outcomes.append(outcome)
      if isContent(outcome) { return outcomes }
    }
    tally.note([Finding(kind: .stuck, what: outcomes.map(\.text).joined(separator: "\n"))], during: "\(arguments)")
    return outcomes
  }
}

// What must be true after every round.
extension Lane {
  private func inspect(_ cargo: Cargo, runs: inout [Command.Outcome]) async throws -> [Finding] {
    var transfers: [String: String] = [:]
    var findings = Inbox(receiver.inbox).takeOut(cargo, hook: hook, transfers: &transfers)
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
    for station in [sender, receiver] {
      let (outcome, _) = try await station.run(["journal", "check"])
      if outcome.status != .exited(0) {
        findings.append(Finding(kind: .journalDamaged, what: "\(station.journal): \(outcome.errors) \(outcome.output)"))
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
    findings += try await inspect(Cargo(lane: number, round: 0, isEmpty: true), runs: &runs)
    // A run that was killed between writing a receipt into the journal and removing it leaves it to the next, and a
    // platform that answers twice puts its second receipt into IN only when the first is gone.
    for _ in 0..<5 where !leftIn(platform.inFolder(of: sender.system)).isEmpty {
      _ = try await sender.run(["receive"])
      try await Task.sleep(for: .milliseconds(500))
    }
    findings += leftIn(platform.inFolder(of: sender.system)) + leftIn(platform.inFolder(of: receiver.system))
    tally.note(findings, during: "the last look at lane \(number), \(server.name)", after: runs.map(\.text))
  }
}
