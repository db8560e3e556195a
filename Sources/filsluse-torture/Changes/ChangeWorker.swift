import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// One `filsluse run` that delivers from a watched folder and collects what comes of it, while things change under it.
struct ChangeWorker {
  let number: Int
  let platform: LocalPlatform
  let command: Command
  var settings: ExchangeSettings
  /// The folder of the whole exchange: a small file system of its own where one can be mounted.
  let folder: FilePath
  /// The folder for everything that must survive the exchange's disk.
  let safe: FilePath
  let outgoing: FilePath
  let inbox: FilePath
  let key: FilePath
  let hook: FilePath
  let tally: ChangeTally
  /// The proxy of the receiver's account, so that the server can be held.
  let line: TCPProxy
  /// For so long a change stands before a person puts it right.
  private let standing: Duration
  /// The time within which a process must end after SIGTERM.
  private let stopLimit: Duration
  /// The time within which a person must be alerted about everything that stays.
  private let timeToReport: Duration
  private(set) var rounds = 0
  /// The duration of an undisturbed round.
  private var usual = Duration.seconds(1)
  private let isMounted: Bool

  static let diskBytes = 64 << 20
  static let patience = Duration.seconds(180)
  /// `run` is started again so often in one round after it ended by itself.
  private static let mostStarts = 10

  init(
    _ number: Int, on platform: LocalPlatform, in parent: FilePath, command: Command, standing: Duration,
    stopLimit: Duration, timeToReport: Duration, tally: ChangeTally
  ) throws {
    (self.standing, self.stopLimit, self.timeToReport) = (standing, stopLimit, timeToReport)
    self.number = number
    self.platform = platform
    self.command = command
    self.tally = tally
    folder = parent.appending("changes-\(number)")
    safe = parent.appending("safe-\(number)")
    for path in [folder, safe] {
      try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }
    isMounted = Mounting.isPermitted
    if isMounted { try Mounting.mountMemory(at: folder, bytes: Self.diskBytes) }
    outgoing = folder.appending("outgoing")
    key = folder.appending("key")
    hook = folder.appending("take-over")
    var settings = try platform.settings(for: PlatformPlan.sender(number))
    let receiver = try platform.settings(for: PlatformPlan.receiver(number))
    settings.source = folder.appending("filsluse.yaml")
    let given = settings.accounts[0].keys.compactMap(\.file)[0]
    try Data(contentsOf: URL(filePath: given.string)).write(to: URL(filePath: key.string))
    guard chmod(key.string, 0o600) == 0 else { throw Errno(rawValue: errno) }
    settings.accounts[0].keys = [.file(key)]
    settings.accounts += receiver.accounts
    line = try TCPProxy(to: receiver.accounts[0].port)
    settings.accounts[1].port = line.port
    for index in settings.accounts.indices { settings.accounts[index].poll = .milliseconds(200) }
    for index in settings.routes.indices {
      settings.routes[index].outgoing = WatchedFolder(path: outgoing, settledFor: .milliseconds(100))
    }
    settings.arrivals = receiver.arrivals
    for index in settings.arrivals.indices {
      settings.arrivals[index].hook = ArrivalHook(command: [hook.string])
    }
    settings.journal = folder.appending("journal.sqlite")
    settings.inbox = folder.appending("inbox")
    let reportingProgram = safe.appending("tell")
    let watchTeller = safe.appending("tell-of-watch")
    try Self.writeProgram("#!/bin/sh\ncat >> '\(safe.appending("reported.log"))'\n", at: reportingProgram)
    try Self.writeProgram("#!/bin/sh\n(cat; echo) >> '\(safe.appending("watched.log"))'\n", at: watchTeller)
    settings.alert = AlertCommand(command: [reportingProgram.string])
    settings.watch = WatchSettings(
      database: folder.appending("watch.sqlite"), lookEvery: .seconds(5),
      accountRules: [AccountRule(accounts: settings.accounts.map(\.name), halfPairAfter: .seconds(3))],
      alerts: AlertSettings(groupAbove: 1000, sinks: [.command(.init(command: [watchTeller.string]))]))
    self.settings = settings
    inbox = settings.inbox.appending(PlatformPlan.receiver(number))
    try Self.writeProgram(Self.workingHook(in: safe), at: hook)
    try writeSettings(settings)
    for path in [outgoing, inbox] {
      try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }
  }

  static func writeProgram(_ text: String, at program: FilePath) throws {
    try Data(text.utf8).write(to: URL(filePath: program.string))
    guard chmod(program.string, 0o755) == 0 else { throw Errno(rawValue: errno) }
  }

  func writeSettings(_ settings: ExchangeSettings) throws {
    try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
  }

  private var log: FilePath { safe.appending("run.log") }
  /// The number of alerts to a person: by the exchange, and by the watch of waiting files.
  private var reportCount: Int {
    let (reported, watched) = (lines(of: "reported.log"), lines(of: "watched.log"))
    return reported.count + watched.filter { $0.contains("l\(number)r\(rounds)-") }.count
  }

  private func lines(of log: String) -> [Substring] {
    ((try? String(contentsOfFile: safe.appending(log).string, encoding: .utf8)) ?? "").split(separator: "\n")
  }

  /// The folder in which the sender's IN and the receiver's IN lie.
  var arrived: FilePath { platform.inFolder(of: PlatformPlan.receiver(number)) }

  private func start(faults: [String] = []) async throws -> RunningCommand {
    try await RunningCommand.start(command, ["run", "--config", settings.source.string], faults: faults, log: log)
  }

  /// Goes through two rounds that nothing disturbs.
  mutating func measure() async throws {
    for _ in 0..<2 {
      let payload = try nextPayload()
      let begin = ContinuousClock.now
      let run = try await start()
      guard try await Wait.until(within: Self.patience, { isDone(payload) || run.ended != nil }), run.ended == nil
      else {
        throw Trouble("an undisturbed round failed; see \(log)")
      }
      usual = ContinuousClock.now - begin
      run.send(SIGTERM)
      guard try await run.waitForEnd(within: stopLimit) == .exited(0) else { throw Trouble("see \(log)") }
      takeOut(payload)
    }
  }

  /// Goes through one round.
  ///
  /// - Returns: false when there was nothing left to change at that moment; the round then was an undisturbed one.
  mutating func run(_ point: ChangePoint) async throws -> Bool {
    try keepOlderCopies()
    let jump = ["FILSLUSE_FAULT_CLOCK=\(rounds % 2 == 0 ? 3600 : -3600)@\(1 + Int(point.share * 400))"]
    try prepare(point.window)
    let payload = try nextPayload()
    let reportsBefore = reportCount
    var run = try await start(faults: point.change == .clockMoved ? jump : [])
    var watch = try await startWatch()
    if let window = point.window {
      try await hold(window, payload, at: point.share, run)
    } else {
      try await Task.sleep(for: usual * point.share)
    }
    if point.change.isReload { _ = try await Wait.until(within: Self.patience) { run.isReady || run.ended != nil } }
    var effect: ChangeEffect?
    if !isDone(payload), run.ended == nil { effect = try await apply(point.change, payload, run) }
    if let effect {
      if point.change.isReload { watch.reload() }
      tally.change {
        $0.points[point.change, default: 0] += 1
        if let window = point.window { $0.held[window, default: 0] += 1 }
      }
      let begin = ContinuousClock.now
      _ = try await Wait.until(within: standing) {
        ContinuousClock.now - begin > standing * 0.3 && (isDone(payload) || reportCount > reportsBefore)
          || run.ended != nil
      }
      // Nothing may have the journal open while a person puts it back.
      let endsWatch = point.isStopped || point.change.replacesJournal
      if point.isStopped { try await stop(run, during: point) }
      if endsWatch { try await stop(watch, during: point, isInEffect: true) }
      release()
      try await effect.repair()
      if endsWatch { watch = try await startWatch() }
      if point.change.isReload { watch.reload() }
      if run.ended != nil { run = try await start() }
    }
    release()
    var starts = 0
    let isOver = try await wait(within: Self.patience, keeping: &run, started: &starts) {
      isAccounted(payload, effect)
    }
    // Everything that stays must be alerted.
    _ = try await wait(within: timeToReport, keeping: &run, started: &starts) {
      !inspect(payload, effect, isReported: reportCount > reportsBefore).contains { $0.0 == .unreported }
    }
    if !isOver || run.ended != nil {
      tally.note(
        .stuck, "\(payload.prefix), run \(String(describing: run.ended)), started again \(starts) times; see \(log)",
        during: point, round: name)
    }
    tally.change { $0.starts += starts }
    run.send(SIGTERM)
    let ending = try await run.waitForEnd(within: stopLimit)
    if ending == .hung { tally.note(.slowStop, "after the change", during: point, round: name) }
    try await stop(watch, during: point, isInEffect: false)
    let isReported = reportCount > reportsBefore
    if effect != nil, isReported { tally.change { $0.reported[point.change, default: 0] += 1 } }
    for (fault, what) in inspect(payload, effect, isReported: isReported) {
      tally.note(fault, what, during: point, round: name)
    }
    takeOut(payload)
    tally.change {
      $0.rounds += 1
      $0.files += payload.names.count
    }
    return effect != nil
  }

  /// Waits for a condition, and starts `run` again where it ends by itself, as a service manager does; not where its
  /// settings cannot be used.
  ///
  /// - Returns: false when the condition did not come to hold.
  private func wait(
    within limit: Duration, keeping run: inout RunningCommand, started starts: inout Int, until isReached: () -> Bool
  ) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while true {
      let current = run
      if try await Wait.until(within: end - .now, { isReached() || current.ended != nil }), isReached() { return true }
      guard let status = run.ended, status != .exited(78), starts < Self.mostStarts, ContinuousClock.now < end else {
        return false
      }
      try await Task.sleep(for: .seconds(1))
      run = try await start()
      starts += 1
    }
  }

  private var name: String { "round \(rounds) of worker \(number)" }

  private func startWatch() async throws -> WatchBeside {
    try await WatchBeside.start(command, settings: settings.source, log: safe.appending("watch.log"))
  }

  private func stop(_ watch: WatchBeside, during point: ChangePoint, isInEffect: Bool) async throws {
    let (taken, fault) = try await watch.stop(within: stopLimit)
    if isInEffect { tally.noteStop(during: point.change, taken: taken) }
    if let (fault, what) = fault { tally.note(fault, what, during: point, round: name) }
  }

  private func stop(_ run: RunningCommand, during point: ChangePoint) async throws {
    guard run.ended == nil else { return }
    let begin = ContinuousClock.now
    run.send(SIGTERM)
    let ending = try await run.waitForEnd(within: stopLimit)
    let taken = ContinuousClock.now - begin
    if ending == .hung { tally.note(.slowStop, "while the change was in effect", during: point, round: name) }
    tally.noteStop(during: point.change, taken: taken)
  }

  private mutating func nextPayload() throws -> Payload {
    rounds += 1
    let payload = Payload(worker: number, round: rounds)
    for name in payload.names {
      let (path, temporary) = (outgoing.appending(name), outgoing.appending(name + ".tmp"))
      try payload.content(of: name).write(to: URL(filePath: temporary.string))
      guard rename(temporary.string, path.string) == 0 else { throw Errno(rawValue: errno) }
    }
    return payload
  }

  /// Copies the journal and the watch's database while no process uses them, as a backup would.
  private func keepOlderCopies() throws {
    for (file, name) in [(settings.journal, "older.sqlite"), (settings.watch.database, "older-watch.sqlite")] {
      let copy = safe.appending(name)
      try? FileManager.default.removeItem(atPath: copy.string)
      if FileManager.default.fileExists(atPath: file.string) {
        try FileManager.default.copyItem(atPath: file.string, toPath: copy.string)
      }
    }
  }

  func finish() async throws {
    let outcome = try await command.run(["journal", "check", "--config", settings.source.string], in: safe)
    if outcome.status != .exited(0) {
      Note.write("journals damaged: \(outcome.errors)")
      tally.change { $0.faults[.journal, default: 0] += 1 }
    }
    if isMounted { Mounting.unmount(folder) }
  }
}
