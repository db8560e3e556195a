import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// One `filsluse run` that delivers from a watched folder and collects what comes of it: killed at a point, started
/// again, and looked through.
struct UnattendedWorker {
  let number: Int
  private let platform: LocalPlatform
  private let command: Command
  private let settings: ExchangeSettings
  private let folder: FilePath
  /// The line of both accounts to the server.
  private let proxy: TCPProxy
  private let outgoing: WatchedFolder
  private let inbox: FilePath
  /// The folder in which the sender's account finds the business receipts.
  private let answers: FilePath
  private let foreign: ForeignThings
  private let hook: HookLog
  private let tally: Tally
  private var rounds = 0

  static let server = "filsluse run"
  private static let patience = Duration.seconds(60)

  init(_ number: Int, on platform: LocalPlatform, in folder: FilePath, command: Command, tally: Tally) throws {
    self.number = number
    self.platform = platform
    self.command = command
    self.tally = tally
    self.folder = folder.appending("unattended-\(number)")
    try FileManager.default.createDirectory(
      atPath: self.folder.appending("attic").string, withIntermediateDirectories: true)
    // Every other one says itself which files are whole; the others have to stand still for a while.
    outgoing = WatchedFolder(
      path: self.folder.appending("outgoing"), settledFor: .milliseconds(100),
      readyMarker: number % 2 == 1 ? ".ready" : nil)
    hook = try HookLog(in: self.folder, answerBy: PlatformPlan.answer(number))
    var settings = try platform.settings(for: PlatformPlan.sender(number))
    let receiver = try platform.settings(for: PlatformPlan.receiver(number))
    settings.source = self.folder.appending("filsluse.yaml")
    settings.accounts += receiver.accounts
    proxy = try TCPProxy(to: platform.port)
    settings.arrivals = receiver.arrivals + settings.arrivals.filter { $0.infRef == PlatformPlan.answers }
    for index in settings.accounts.indices {
      settings.accounts[index].port = proxy.port
      settings.accounts[index].poll = .milliseconds(200)
    }
    for index in settings.routes.indices { settings.routes[index].outgoing = outgoing }
    settings.routes += receiver.routes
    settings.register = [PlatformPlan.answers.name]
    for index in settings.arrivals.indices {
      let isAnswers = settings.arrivals[index].infRef == PlatformPlan.answers
      settings.arrivals[index].businessReceipts = isAnswers
      settings.arrivals[index].hook = isAnswers ? nil : hook.hook
    }
    settings.journal = self.folder.appending("journal.sqlite")
    settings.inbox = self.folder.appending("inbox")
    self.settings = settings
    inbox = settings.inbox.appending(PlatformPlan.receiver(number))
    answers = settings.inbox.appending(PlatformPlan.sender(number))
    try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
    try FileManager.default.createDirectory(atPath: outgoing.path.string, withIntermediateDirectories: true)
    foreign = try ForeignThings(worker: number, on: platform, inbox: inbox)
  }

  private var log: FilePath { folder.appending("run.log") }
  private var attic: FilePath { folder.appending("attic") }

  private func start(faults: [String] = []) async throws -> RunningCommand {
    try await RunningCommand.start(command, ["run", "--config", settings.source.string], faults: faults, log: log)
  }

  /// Counts the calls of a run until a round is done.
  mutating func measure() async throws -> Baseline {
    let calls = folder.appending("calls.log")
    var baseline = Baseline()
    for _ in 0..<2 {
      let payload = try nextPayload()
      let before = TCPProxy.Direction.allCases.map { ($0, proxy.carried($0)) }
      let run = try await start(faults: ["FILSLUSE_FAULT_LOG=\(calls)"])
      let didFinish = try await Wait.until(within: Self.patience) { isDone(payload) && run.isReady || run.ended != nil }
      baseline.calls = try Baseline.calls(in: calls)
      for (direction, bytes) in before { baseline.bytes[direction] = proxy.carried(direction) - bytes }
      run.send(SIGTERM)
      let ending = try await run.waitForEnd(within: .seconds(30))
      guard didFinish, ending == .exited(0) else { throw Trouble("an undisturbed run failed: \(ending), see \(log)") }
      tally.note(inspect(payload), during: "an undisturbed round")
      try FileManager.default.removeItem(atPath: calls.string)
    }
    return baseline
  }

  mutating func run(_ point: Point, schedule: Schedule) async throws {
    let payload = try nextPayload()
    var faults = [point.fault]
    if let again = point.again { faults.append(again) }
    var findings: [Finding] = []
    for (index, fault) in faults.enumerated() {
      let (isStruck, found) = try await suffer(fault, payload)
      findings += found
      let line = Tally.Line(server: Self.server, stage: point.stage, kind: fault.kind)
      if isStruck {
        tally.change { $0.points[line, default: 0] += 1 }
      } else if index == 0, !schedule.giveBack(point) {
        tally.change { $0.withoutEffect[line, default: 0] += 1 }
      }
    }
    let run = try await start()
    if try await !Wait.until(within: Self.patience, { isDone(payload) && run.isReady }) {
      let open = openWork(of: payload) + (run.isReady ? [] : ["the run is not ready"])
      findings.append(
        Finding(kind: .stuck, what: "\(payload.prefix): \(open.joined(separator: "; ")); see \(log)"))
    }
    run.send(SIGTERM)
    let ending = try await run.waitForEnd(within: .seconds(30))
    if ending != .exited(0) { findings.append(Finding(kind: .stuck, what: "SIGTERM: \(ending)")) }
    findings += Finding.refusals(in: run.words, of: "filsluse run \(number)") + inspect(payload)
    tally.note(findings, during: "round \(rounds) of filsluse run \(number), \(faults)")
    tally.change {
      $0.rounds += 1
      $0.files += payload.names.count
    }
  }

  /// Makes one run with a fault, and returns whether the fault came. After a cut connection and in another hour the run
  /// finishes its work; with a full disk it lives on until it is stopped.
  private func suffer(_ fault: Fault, _ payload: Payload) async throws -> (isStruck: Bool, findings: [Finding]) {
    if case .cut(let direction, let bytes, let ending) = fault { proxy.cut(direction, after: bytes, ending) }
    defer { proxy.forgetCut() }
    let run = try await start(faults: fault.variables(attic: attic))
    let patience = fault.kind == .fullDisk ? Duration.seconds(3) : Self.patience
    let isOver = try await Wait.until(within: patience) { isDone(payload) && run.isReady || run.ended != nil }
    let isCut = !proxy.awaitsCut
    // The moment may come while the run ends normally, too.
    run.send(SIGTERM)
    let ending = try await run.waitForEnd(within: .seconds(30))
    var findings = Finding.refusals(in: run.words, of: "filsluse run \(number)")
    switch fault {
    case .kill, .powerLoss: return (ending == .killed, findings)
    case .fullDisk:
      if ending == .hung { findings.append(Finding(kind: .stuck, what: "SIGTERM on a full disk")) }
      return (Fault.isDiskFull(run.words), findings)
    case .cut, .clockJump:
      let isWell = isOver && ending == .exited(0)
      if !isWell { findings.append(Finding(kind: .stuck, what: "\(fault): \(ending); see \(log)")) }
      return (isCut, findings)
    }
  }

  private mutating func nextPayload() throws -> Payload {
    rounds += 1
    let payload = Payload(worker: number, round: rounds)
    for name in payload.names {
      let (path, temporary) = (outgoing.path.appending(name), outgoing.path.appending(name + ".tmp"))
      try payload.content(of: name).write(to: URL(filePath: temporary.string))
      guard rename(temporary.string, path.string) == 0 else { throw Errno(rawValue: errno) }
      if let marker = outgoing.readyMarker { try Data().write(to: URL(filePath: path.string + marker)) }
    }
    return payload
  }

  /// Returns true if everything of a round is in its final place.
  private func isDone(_ payload: Payload) -> Bool { openWork(of: payload).isEmpty }

  /// The places in which something of a round is still missing or left.
  private func openWork(of payload: Payload) -> [String] {
    var open: [String] = []
    func expectNone(_ names: Set<String>, left place: String) {
      if !names.isEmpty { open.append("\(names.sorted().joined(separator: ", ")) left in \(place)") }
    }
    let own: Set<String> = ["sent", "refused", "set-aside", ".taken"]
    expectNone(names(in: outgoing.path).subtracting(own), left: "the outgoing folder")
    expectNone(names(in: outgoing.path.appending(".taken")), left: ".taken")
    for system in [PlatformPlan.receiver(number), PlatformPlan.sender(number)] {
      expectNone(names(in: platform.inFolder(of: system)).filter { !ForeignThings.isOne($0) }, left: "IN of \(system)")
    }
    for folder in [inbox, answers] {
      expectNone(
        names(in: folder.appending(".unfinished")).filter { !Inbox.isOldWitness($0) }, left: "\(folder)/.unfinished")
    }
    let missing = Set(payload.names.flatMap { [$0, $0 + ".metadata"] }).subtracting(names(in: inbox))
    if !missing.isEmpty { open.append("\(missing.sorted().joined(separator: ", ")) missing in the inbox") }
    let answered = Inbox.answers(in: answers)
    if answered < payload.names.count { open.append("\(answered) of \(payload.names.count) answers") }
    return open
  }

  private func names(in folder: FilePath) -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? [])
  }

  private func inspect(_ payload: Payload) -> [Finding] {
    var transfers: [String: String] = [:]
    var findings = Inbox(inbox).takeOut(payload, hook: hook, transfers: &transfers)
    findings += Inbox(answers).takeOutAnswers(to: transfers)
    findings += foreign.missing().map { Finding(kind: .foreignRemoved, what: $0) }
    findings += takeOutSent(payload)
    for left in [platform.outFolder(of: PlatformPlan.sender(number)), inbox, answers] {
      findings += names(in: left).filter { !ForeignThings.isOne($0) && ![".unfinished", ".answers"].contains($0) }.map {
        Finding(kind: .left, what: left.appending($0).string)
      }
    }
    for subfolder in ["refused", "set-aside"] where !names(in: outgoing.path.appending(subfolder)).isEmpty {
      findings.append(Finding(kind: .left, what: outgoing.path.appending(subfolder).string))
    }
    return findings
  }

  /// Checks and removes the files in `sent`: each once, unchanged.
  private func takeOutSent(_ payload: Payload) -> [Finding] {
    let sent = outgoing.path.appending("sent")
    let files = names(in: sent).flatMap { day in names(in: sent.appending(day)).map { (sent.appending(day), $0) } }
    var findings: [Finding] = []
    for name in payload.names where !files.contains(where: { $0.1 == name }) {
      findings.append(Finding(kind: .lost, what: "\(name) in sent"))
    }
    for (day, name) in files {
      let path = day.appending(name).string
      if !payload.names.contains(name) {
        findings.append(Finding(kind: .doubled, what: path))
      } else if FileManager.default.contents(atPath: path) != payload.content(of: name) {
        findings.append(Finding(kind: .damaged, what: path))
      }
      try? FileManager.default.removeItem(atPath: path)
    }
    return findings
  }

  func finish() async throws {
    let outcome = try await command.run(["journal", "check", "--config", settings.source.string], in: folder)
    guard outcome.status != .exited(0) else { return }
    tally.note(
      [Finding(kind: .journalDamaged, what: outcome.errors)], during: "the last look at filsluse run \(number)")
  }
}
