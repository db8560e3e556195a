import ExchangeSettings
import FileExchange
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SeededNumbers
import SystemPackage

/// Files that the machines of two sides send to each other, with faults on the way, and what became of them.
struct MachinesCourse {
  /// The two systems. The files with even numbers go from the first one to the second, the others back.
  private static let systems = [PlatformPlan.sender(1), PlatformPlan.receiver(1)]

  private var sides: [MachineSide] = []
  /// The outgoing folders of each system on all machines.
  private var outgoing: [[FilePath]] = [[], []]
  /// The inbox folders of each system on all machines.
  private var inboxes: [[FilePath]] = [[], []]
  /// The logs of the receivers' programs.
  private var hooks: [HookLog] = []
  private var generator: SeededGenerator
  private var put = 0
  /// The number of times that each file has come.
  private var come: [Int: Int] = [:]
  private var damaged = 0
  /// The arrivals that are gone from IN, and those of them that a program was given, at all and more than once.
  private var (removed, told, toldAgain) = (0, 0, 0)
  private var strikes: [MachineFault: Int] = [:]
  private var troubles: [String] = []

  /// After this time without an arrival the files that are missing count as lost: longer than a machine may be silent.
  private static let patience = Duration.seconds(120)

  init(
    machines count: Int, isStandby: Bool, hasBothAccounts: Bool, stall: Duration, realGrace: Int, seed: UInt64,
    on platform: LocalPlatform, with database: ReplicatedPostgreSQL, in folder: FilePath, command: Command
  ) async throws {
    generator = SeededGenerator(seed: seed)
    let password = folder.appending("password")
    try Data(PostgreSQLServer.password.utf8).write(to: URL(filePath: password.string))
    guard chmod(password.string, 0o600) == 0 else { throw Errno(rawValue: errno) }
    let groups =
      hasBothAccounts
      ? [(side: "both", ways: [0, 1])] : [(side: "sender", ways: [0]), (side: "receiver", ways: [1])]
    // 127.0.0.1 is the servers' own.
    var address: UInt8 = 10
    for (side, ways) in groups {
      try await database.sql("CREATE SCHEMA \(side) AUTHORIZATION filsluse", in: "filsluse")
      var machines: [TorturedMachine] = []
      for number in 1...count {
        address += 1
        let host = "127.0.0.\(address)"
        let own = folder.appending(side).appending("machine-\(number)")
        // Machines that stand by share their folders.
        let files = isStandby ? folder.appending(side).appending("files") : own
        let line = try await database.newLine(at: address)
        let sftpLine = try TCPProxy(to: platform.port, at: address)
        var settings = try platform.settings(for: Self.systems[ways[0]])
        for way in ways.dropFirst() {
          let other = try platform.settings(for: Self.systems[way])
          settings.accounts += other.accounts
          settings.routes += other.routes
          settings.arrivals += other.arrivals
        }
        settings.source = own.appending("filsluse.yaml")
        settings.journal = own.appending("journal")
        settings.journalServer = JournalServer(
          address:
            "postgresql://filsluse@\(host):\(line.port)/filsluse?options=-csearch_path%3D\(side)&application_name=\(side)",
          passwordFile: password, machines: isStandby ? .one : .several)
        settings.inbox = files.appending("inbox")
        for index in settings.accounts.indices {
          settings.accounts[index].poll = .milliseconds(500)
          settings.accounts[index].host = host
          settings.accounts[index].port = sftpLine.port
        }
        let hook = try HookLog(in: own)
        hooks.append(hook)
        for index in settings.arrivals.indices { settings.arrivals[index].hook = hook.hook }
        for way in ways {
          let system = Self.systems[way]
          let watched = files.appending("outgoing-\(system)")
          try FileManager.default.createDirectory(atPath: watched.string, withIntermediateDirectories: true)
          for index in settings.routes.indices where settings.routes[index].account == system {
            settings.routes[index].outgoing = WatchedFolder(
              path: watched, settledFor: .milliseconds(1), whenAccepted: .remove)
          }
          if !outgoing[way].contains(watched) {
            outgoing[way].append(watched)
            inboxes[way].append(settings.inbox.appending(system))
          }
        }
        // The clocks of two machines are an hour apart.
        let ahead = number.isMultiple(of: 2) ? 3600 : 0
        machines.append(
          try await TorturedMachine(settings, over: line, and: sftpLine, ahead: ahead, command: command))
      }
      sides.append(MachineSide(machines, on: database, in: side, stall: stall, realGrace: realGrace))
    }
  }

  /// Sends files while machines and servers fail.
  ///
  /// - Parameters:
  ///   - files: the number of files for each fault.
  ///   - eachWay: the number of files that each system sends in all, in place of `files`; `nil` for none.
  mutating func run(points: Int, files: Int, eachWay: Int?, faults: [MachineFault]) async throws {
    var (turn, point) = (0, 0)
    while point < points {
      let fault = faults[turn % faults.count]
      turn += 1
      // Both sides have one server. Their machines are struck at the same time.
      let struck = fault.isOfServer ? [turn % sides.count] : Array(sides.indices.prefix(points - point))
      let start = Int.random(in: 0..<100, using: &generator)
      var targets: [Target] = []
      for side in struck {
        targets.append(Target(side: side, machine: try await sides[side].machineAtWork(from: start)))
      }
      let due = eachWay.map { 2 * $0 * (point + struck.count) / points } ?? put + files * struck.count
      try putMore(due - put)
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &generator)))
      if fault == .paused {
        for target in targets { sides[target.side].pause(target.machine) }
        // What comes from here on waits for the others.
        try putMore(files * struck.count)
      }
      sides = try await Self.strike(fault, at: targets, of: sides)
      strikes[fault, default: 0] += struck.count
      point += struck.count
      if turn % 25 == 0 { Note.write("\(point) faults, \(put) files are sent or on their way") }
    }
    if let eachWay { try putMore(2 * eachWay - put) }
    try await finish()
  }

  /// A machine that is to have a fault.
  private struct Target {
    let side: Int
    let machine: Int
  }

  /// Strikes machines of different sides at the same time.
  private static func strike(
    _ fault: MachineFault, at targets: [Target], of sides: [MachineSide]
  ) async throws -> [MachineSide] {
    try await withThrowingTaskGroup(of: (side: Int, struck: MachineSide).self) { group in
      for target in targets {
        group.addTask {
          var struck = sides[target.side]
          try await struck.strike(fault, at: target.machine)
          return (side: target.side, struck: struck)
        }
      }
      var changed = sides
      for try await result in group { changed[result.side] = result.struck }
      return changed
    }
  }

  /// Each file appears under its name when it is whole.
  private mutating func putMore(_ count: Int) throws {
    for _ in 0..<count {
      let file = SoakFile(put)
      let folders = outgoing[put % 2]
      let path = folders[put / 2 % folders.count].appending(file.name).string
      try file.content.write(to: URL(filePath: path + ".tmp"))
      guard rename(path + ".tmp", path) == 0 else { throw Errno(rawValue: errno) }
      put += 1
    }
  }

  /// Counts the files in the inboxes, where the programs leave them. One that came twice has another name there.
  private mutating func countFiles() throws {
    for way in inboxes.indices { for inbox in inboxes[way] { try countFiles(in: inbox, of: way) } }
  }

  /// Counts the files in an inbox folder of a system; one that this system sent itself is damaged there.
  private mutating func countFiles(in inbox: FilePath, of way: Int) throws {
    if FileManager.default.fileExists(atPath: inbox.string) {
      for name in try FileManager.default.contentsOfDirectory(atPath: inbox.string) {
        guard !name.hasSuffix(".metadata"), name != ".unfinished" else { continue }
        let content = FileManager.default.contents(atPath: inbox.appending(name).string)
        let plain = name.split(separator: "~").first.map { $0.hasSuffix(".csv") ? String($0) : "\($0).csv" } ?? name
        if let file = SoakFile(name: plain), file.number < put, file.number % 2 != way, content == file.content {
          come[file.number, default: 0] += 1
        } else {
          damaged += 1
        }
      }
    }
  }

  /// Compares the arrivals that are gone from IN with what the programs were given: at least once, by the same id.
  private mutating func countTold() async throws {
    var runs: [String: Int] = [:]
    for hook in hooks { runs.merge(hook.runs(), uniquingKeysWith: +) }
    for side in sides {
      guard let machine = side.machines.first else { continue }
      let journal = try await Journal.openToRead(of: machine.settings)
      for arrival in try await journal.arrivals() where arrival.state == .removed {
        removed += 1
        let count = runs[arrival.fileTransferUUID] ?? 0
        if count > 0 { told += 1 }
        if count > 1 { toldAgain += 1 }
      }
      try await journal.close()
    }
  }

  /// Everything comes, and the journals have every file once.
  private mutating func finish() async throws {
    var (known, lastNews) = (-1, ContinuousClock.now)
    while ContinuousClock.now - lastNews < Self.patience {
      for index in sides.indices { try await sides[index].keepGoing() }
      let done = try await counts()
      if done.accepted == put, done.removed == put { break }
      let now = done.accepted + done.removed
      if now != known { (known, lastNews) = (now, .now) }
      try await Task.sleep(for: .milliseconds(300))
    }
    let done = try await counts()
    if done.accepted != put { troubles.append("the journals have \(done.accepted) accepted deliveries") }
    if done.removed != put { troubles.append("the journals have \(done.removed) arrivals removed from IN") }
    for side in sides {
      for machine in side.machines { try await machine.stop() }
      guard let first = side.machines.first else { continue }
      for word in ["verify", "check"] {
        let outcome = try await first.run(["journal", word])
        if outcome.status != .exited(0) { troubles.append("journal \(word) of \(side.schema): \(outcome.text)") }
      }
    }
    try countFiles()
    try await countTold()
  }

  /// The numbers of accepted deliveries and of arrivals that are done, on both sides.
  private func counts() async throws -> (accepted: Int, removed: Int) {
    var done = (accepted: 0, removed: 0)
    for side in sides {
      done.accepted += try await count("delivery WHERE state = 'accepted'", of: side)
      done.removed += try await count("arrival WHERE state = 'removed'", of: side)
    }
    return done
  }

  /// Counts rows of a side's journal, without reading any: there may be tens of thousands.
  private func count(_ rows: String, of side: MachineSide) async throws -> Int {
    let count = try await side.database.sql("SELECT count(*) FROM \(side.schema).\(rows)", in: "filsluse")
    guard let number = Int(count) else { throw Trouble("PostgreSQL counted \(count)") }
    return number
  }
}

extension MachinesCourse {
  private var lost: Int { put - come.count }
  private var doubled: Int { come.values.count(where: { $0 > 1 }) }

  private var removedUnread: Int { removed - told }

  var isComplete: Bool { lost == 0 && doubled == 0 && damaged == 0 && removedUnread == 0 && troubles.isEmpty }

  /// The times until another machine went on: after the grace, where the server was made to forget it, and in all,
  /// where a machine stood still and nothing else was done.
  private var goingOn: [String] {
    let (helped, whole) = (sides.flatMap(\.goingOn), sides.flatMap(\.takingOver))
    let unasked = sides.map(\.unasked).reduce(0, +)
    return [
      "until another machine went on, after the grace of 30 s: \(Self.summary(of: helped))",
      "until another machine went on, from the moment that one stood still: \(Self.summary(of: whole))"
        + (unasked == 0 ? "" : "; nothing of it was asked for \(unasked) times"),
    ]
  }

  private static func summary(of times: [Duration]) -> String {
    let times = times.sorted()
    guard let longest = times.last else { return "no machine took another one's work over" }
    func seconds(_ time: Duration) -> String { String(format: "%.1f s", time / .seconds(1)) }
    return "median \(seconds(times[times.count / 2])), longest \(seconds(longest)), of \(times.count)"
  }

  /// The files that have come from each system.
  private var ways: String {
    Self.systems.indices.map { way in
      let came = come.keys.count { $0 % 2 == way }
      return "\(came) of \((put + 1 - way) / 2) from \(Self.systems[way])"
    }.joined(separator: ", ")
  }

  var text: String {
    let counted = MachineFault.allCases.map { "\($0.rawValue) \(strikes[$0, default: 0])" }
    let starts = sides.map { side in
      "\(side.schema) \(side.machines.map { String($0.starts) }.joined(separator: " "))"
    }
    let lines = [
      "faults: " + counted.joined(separator: ", "), "starts of each machine: " + starts.joined(separator: ", "),
      "\(come.count) of \(put) files, both ways: \(ways)", "told of \(told), of \(toldAgain) more than once",
      "lost \(lost), doubled \(doubled), damaged \(damaged), removed unread \(removedUnread)",
    ]
    return (goingOn + lines + troubles).joined(separator: "\n")
  }
}
