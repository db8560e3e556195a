import ExchangeSettings
import FileExchange
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SeededNumbers
import SystemPackage

/// Files from machines that send to machines that collect, with faults on the way, and what became of them.
struct MachinesCourse {
  private var sides: [MachineSide] = []
  private var outgoing: [FilePath] = []
  private var inboxes: [FilePath] = []
  private var generator: SeededGenerator
  private var put = 0
  /// How often each file has come.
  private var come: [Int: Int] = [:]
  private var damaged = 0
  private var strikes: [MachineFault: Int] = [:]
  private var troubles: [String] = []

  /// After this time without an arrival the files that are missing count as lost: longer than a machine may be silent.
  private static let patience = Duration.seconds(120)

  init(
    machines count: Int, isStandby: Bool, stall: Duration, seed: UInt64, on platform: LocalPlatform,
    with database: ReplicatedPostgreSQL,
    in folder: FilePath, command: Command
  ) async throws {
    generator = SeededGenerator(seed: seed)
    let password = folder.appending("password")
    try Data(PostgreSQLServer.password.utf8).write(to: URL(filePath: password.string))
    guard chmod(password.string, 0o600) == 0 else { throw Errno(rawValue: errno) }
    for (side, system) in [("sender", PlatformPlan.sender(1)), ("receiver", PlatformPlan.receiver(1))] {
      try await database.sql("CREATE SCHEMA \(side) AUTHORIZATION filsluse", in: "filsluse")
      var machines: [TorturedMachine] = []
      for number in 1...count {
        let own = folder.appending(side).appending("machine-\(number)")
        // Machines that stand by share their folders.
        let files = isStandby ? folder.appending(side).appending("files") : own
        let line = try await database.newLine()
        var settings = try platform.settings(for: system)
        settings.source = own.appending("filsluse.yaml")
        settings.journal = own.appending("journal")
        settings.journalServer = JournalServer(
          address:
            "postgresql://filsluse@127.0.0.1:\(line.port)/filsluse?options=-csearch_path%3D\(side)&application_name=\(side)",
          passwordFile: password, machines: isStandby ? .one : .several)
        settings.accounts[0].poll = .milliseconds(500)
        settings.inbox = files.appending("inbox")
        if side == "sender" {
          let watched = files.appending("outgoing")
          settings.routes[0].outgoing = WatchedFolder(
            path: watched, settledFor: .milliseconds(1), whenAccepted: .remove)
          try FileManager.default.createDirectory(atPath: watched.string, withIntermediateDirectories: true)
          if !outgoing.contains(watched) { outgoing.append(watched) }
        } else {
          let inbox = settings.inbox.appending(system)
          if !inboxes.contains(inbox) { inboxes.append(inbox) }
        }
        // The clocks of two machines are an hour apart.
        let ahead = number.isMultiple(of: 2) ? 3600 : 0
        machines.append(try await TorturedMachine(settings, over: line, ahead: ahead, command: command))
      }
      sides.append(MachineSide(machines, on: database, in: side, stall: stall))
    }
  }

  mutating func run(points: Int, files: Int, faults: [MachineFault]) async throws {
    for point in 0..<points {
      let side = point % sides.count
      let fault = faults[point / sides.count % faults.count]
      let start = Int.random(in: 0..<100, using: &generator)
      let machine = try await sides[side].machineAtWork(from: start)
      try putMore(files)
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &generator)))
      try await sides[side].strike(fault, at: machine)
      strikes[fault, default: 0] += 1
      try takeOut()
      if point % 50 == 49 { Note.write("\(point + 1) faults, \(come.count) of \(put) files have come") }
    }
    try await finish()
  }

  /// Each file appears under its name when it is whole.
  private mutating func putMore(_ count: Int) throws {
    for _ in 0..<count {
      let file = SoakFile(put)
      let path = outgoing[put % outgoing.count].appending(file.name).string
      try file.content.write(to: URL(filePath: path + ".tmp"))
      guard rename(path + ".tmp", path) == 0 else { throw Errno(rawValue: errno) }
      put += 1
    }
  }

  /// Takes what has come out of the inboxes. The metadata is there before the data.
  private mutating func takeOut() throws {
    for inbox in inboxes where FileManager.default.fileExists(atPath: inbox.string) {
      for name in try FileManager.default.contentsOfDirectory(atPath: inbox.string) {
        guard !name.hasSuffix(".metadata"), name != ".unfinished" else { continue }
        let path = inbox.appending(name).string
        let content = FileManager.default.contents(atPath: path)
        if let file = SoakFile(name: name), file.number < put, content == file.content {
          come[file.number, default: 0] += 1
        } else {
          damaged += 1
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.removeItem(atPath: path + ".metadata")
      }
    }
  }

  /// Everything comes, and both journals have every file once.
  private mutating func finish() async throws {
    var (known, lastNews) = (-1, ContinuousClock.now)
    while ContinuousClock.now - lastNews < Self.patience {
      for index in sides.indices { try await sides[index].keepGoing() }
      try takeOut()
      let done = try await counts()
      if done.accepted == put, done.removed == put, come.count == put { break }
      let now = done.accepted + done.removed + come.count
      if now != known { (known, lastNews) = (now, .now) }
      try await Task.sleep(for: .milliseconds(300))
    }
    let done = try await counts()
    if done.accepted != put { troubles.append("the senders' journal has \(done.accepted) accepted deliveries") }
    if done.removed != put { troubles.append("the receivers' journal has \(done.removed) arrivals removed from IN") }
    for side in sides {
      for machine in side.machines { try await machine.stop() }
      guard let first = side.machines.first else { continue }
      for word in ["verify", "check"] {
        let outcome = try await first.run(["journal", word])
        if outcome.status != .exited(0) { troubles.append("journal \(word) of \(side.schema): \(outcome.text)") }
      }
    }
    try takeOut()
  }

  /// The numbers of accepted deliveries and of arrivals that are done.
  private func counts() async throws -> (accepted: Int, removed: Int) {
    guard let sender = sides.first?.machines.first, let receiver = sides.last?.machines.first else { return (0, 0) }
    let sent = try await Journal.openToRead(of: sender.settings)
    let accepted = try await sent.deliveries().count(where: { $0.state == .accepted })
    try await sent.close()
    let received = try await Journal.openToRead(of: receiver.settings)
    let removed = try await received.arrivals().count(where: { $0.state == .removed })
    try await received.close()
    return (accepted, removed)
  }
}

extension MachinesCourse {
  private var lost: Int { put - come.count }
  private var doubled: Int { come.values.count(where: { $0 > 1 }) }

  var isComplete: Bool { lost == 0 && doubled == 0 && damaged == 0 && troubles.isEmpty }

  /// The grace, which the server is made to forget, comes on top of it.
  private var goingOn: String {
    let times = sides.flatMap(\.goingOn).sorted()
    guard let longest = times.last else { return "no machine took another one's work over" }
    func seconds(_ time: Duration) -> String { String(format: "%.1f s", time / .seconds(1)) }
    return
      "until another machine went on, after the grace of 30 s: median \(seconds(times[times.count / 2])), longest \(seconds(longest)), of \(times.count)"
  }

  var text: String {
    let counted = MachineFault.allCases.map { "\($0.rawValue) \(strikes[$0, default: 0])" }
    let starts = sides.map { side in
      "\(side.schema) \(side.machines.map { String($0.starts) }.joined(separator: " "))"
    }
    let lines = [
      "faults: " + counted.joined(separator: ", "), "starts of each machine: " + starts.joined(separator: ", "),
      goingOn, "\(come.count) of \(put) files", "lost \(lost), doubled \(doubled), damaged \(damaged)",
    ]
    return (lines + troubles).joined(separator: "\n")
  }
}
