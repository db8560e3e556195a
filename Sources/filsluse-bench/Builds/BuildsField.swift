import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// A server, the lines to it and the files; lets one build at a time work, and checks what came of it.
struct BuildsField: Sendable {
  let lines: [BuildsLine]
  private let load: BuildsLoad
  private let scratch: FilePath
  private let user: SSHUser
  private let fingerprint: String
  private let knownHosts: FilePath
  private let names: [String]

  private static let route = "flis-0101"
  private static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"
  private static let itSystem = "3b241101-e2bb-4255-8caf-4136c566a962"
  private static let largeName = "udtræk_0101_stor.bin"

  fileprivate init(
    _ load: BuildsLoad, lines: [BuildsLine], scratch: FilePath, user: SSHUser, fingerprint: String, knownHosts: FilePath
  ) throws {
    self.load = load
    self.lines = lines
    self.scratch = scratch
    self.user = user
    self.fingerprint = fingerprint
    self.knownHosts = knownHosts
    names = (0..<load.files).map { "udtræk_0101_nr\($0).csv" }
    try Self.makeFolder(data)
    var random = SystemRandomNumberGenerator()
    for name in names { try DocumentFiles.write(random.bytes(load.smallBytes), data.appending(name)) }
    if load.largeBytes > 0 {
      try Self.makeFolder(scratch.appending("large"))
      try Self.writeLarge(original(of: Self.largeName), load.largeBytes, of: random.bytes(1 << 20))
    }
  }

  private var data: FilePath { scratch.appending("data") }

  /// The file that is sent or collected under a name. Other programs take all of the small ones' folder.
  private func original(of name: String) -> FilePath {
    name == Self.largeName ? scratch.appending("large").appending(name) : data.appending(name)
  }
  private var inFolder: FilePath { user.folder.appending("IN") }
  private var outFolder: FilePath { user.folder.appending("OUT") }

  /// Measures a build at the work, in fresh folders with a fresh journal. Returns the seconds it took.
  ///
  /// Nothing is deleted between two measurements: some file systems make new files slowly for seconds after many were
  /// deleted, and the next build would pay for it. Large files are the exception, for the disk's sake.
  ///
  /// - Parameter connections: the most connections that a large file goes over.
  func seconds(
    _ work: BuildsWork, by build: FilePath, over line: BuildsLine, connections: Int = 1
  ) async throws -> Double {
    try await seconds(work) { folder in
      let command = try self.command(build, work, in: folder, over: line, connections: connections)
      return { try await Tool.run(command) }
    }
  }

  /// Returns the most memory in kilobytes that a build takes at the work, in a run that is not measured otherwise.
  func kilobytes(
    _ work: BuildsWork, by build: FilePath, over line: BuildsLine, connections: Int = 1
  ) async throws -> Int {
    let peak = Locked(0)
    _ = try await seconds(work) { folder in
      let command = try self.command(build, work, in: folder, over: line, connections: connections)
      return {
        let kilobytes = try await Tool.use(of: command).kilobytes
        peak.withLock { $0 = kilobytes }
      }
    }
    return peak.withLock { $0 }
  }

  /// The command line of a build at the work, whose files and settings are put in place.
  private func command(
    _ build: FilePath, _ work: BuildsWork, in folder: FilePath, over line: BuildsLine, connections: Int
  ) throws -> [String] {
    let config = folder.appending("filsluse.yaml")
    try DocumentFiles.write(Array(settings(over: line, connections: connections).utf8), config)
    return [build.string] + (try prepare(work, in: folder)) + ["--config", config.string]
  }

  /// Measures another program at the work, which it does without a journal. Of a large file it has the data alone to
  /// move: its trigger or metadata is put beside it.
  func seconds(_ work: BuildsWork, by peer: any Peer, over line: BuildsLine) async throws -> Double {
    let login = Login(port: line.port, user: user, fingerprint: fingerprint, knownHosts: knownHosts)
    return try await seconds(work) { folder in
      _ = try prepare(work, in: folder)
      return try job(work, of: peer, in: folder, login)
    }
  }

  /// The same work by another program.
  private func job(
    _ work: BuildsWork, of peer: any Peer, in folder: FilePath, _ login: Login
  ) throws -> () async throws -> Void {
    let inbox = folder.appending(Self.inbox)
    try Self.makeFolder(inbox)
    let large = Self.largeName
    switch work {
    case .deliver:
      let load = LocalLoad(data: data, triggers: folder.appending("triggers"), names: names)
      try Self.makeFolder(load.triggers)
      for name in names {
        try DocumentFiles.write(Array(Self.triggerText.utf8), load.triggers.appending("\(name).trigger"))
      }
      return { try await peer.deliver(load, into: "OUT", login) }
    case .collect, .collectFresh:
      return { try await peer.collect(from: "IN", into: inbox, login) }
    case .upload:
      return {
        try await peer.upload(original(of: large), to: "OUT/\(large)", login)
        try DocumentFiles.write(Array(Self.triggerText.utf8), outFolder.appending("\(large).trigger"))
      }
    case .download:
      return {
        try await peer.download("IN/\(large)", to: inbox.appending(large), login)
        let rests = [(large, folder.appending("fetched")), ("\(large).metadata", inbox.appending("\(large).metadata"))]
        for (name, target) in rests {
          try FileManager.default.moveItem(atPath: inFolder.appending(name).string, toPath: target.string)
        }
      }
    }
  }

  /// As long as a trigger with its routing information.
  private static let triggerText = String(repeating: "trigger\n", count: 150)
  private static let inbox = "inbox/bench"

  /// Prepares a new folder, measures the work that `prepare` returns, and checks its outcome.
  private func seconds(
    _ work: BuildsWork, _ prepare: (FilePath) throws -> () async throws -> Void
  ) async throws -> Double {
    let folder = scratch.appending("work-\(UUID().uuidString)")
    try Self.makeFolder(folder)
    try Self.makeFolder(inFolder)
    try Self.makeFolder(outFolder)
    let run = try prepare(folder)
    // The disk's work for what came before is not this build's.
    sync()
    let start = ContinuousClock.now
    try await run()
    let taken = (ContinuousClock.now - start) / .seconds(1)
    try check(work, in: folder)
    for (place, name) in [(inFolder, "in"), (outFolder, "out")] {
      try FileManager.default.moveItem(atPath: place.string, toPath: folder.appending(name).string)
    }
    if work.isLarge { try FileManager.default.removeItem(atPath: folder.string) }
    return taken
  }

  /// Moves away what a program has left that failed.
  func clear() throws {
    let folder = scratch.appending("failed-\(UUID().uuidString)")
    try Self.makeFolder(folder)
    for (place, name) in [(inFolder, "in"), (outFolder, "out")]
    where FileManager.default.fileExists(atPath: place.string) {
      try FileManager.default.moveItem(atPath: place.string, toPath: folder.appending(name).string)
    }
  }

  /// Puts in place what the work needs; the command's arguments.
  private func prepare(_ work: BuildsWork, in folder: FilePath) throws -> [String] {
    switch work {
    case .deliver:
      let list = folder.appending("list.csv")
      let rows = ["file;route"] + names.map { "\(data.appending($0));\(Self.route)" }
      try DocumentFiles.write(Array(rows.joined(separator: "\n").utf8), list)
      return ["send", "--batch", list.string, "--no-wait"]
    case .collect, .collectFresh:
      for name in names { try putPair(name, isFresh: work == .collectFresh) }
      return ["receive"]
    case .upload:
      return ["send", original(of: Self.largeName).string, "--route", Self.route, "--no-wait"]
    case .download:
      try putPair(Self.largeName, isFresh: false)
      return ["receive"]
    }
  }

  /// Puts a file and its metadata into IN, as the platform would.
  private func putPair(_ name: String, isFresh: Bool) throws {
    let size = name == Self.largeName ? load.largeBytes : load.smallBytes
    let file = try DataFileDescriptor(
      fileName: name, sizeInBytes: UInt64(size), sender: "fagsystem")
    let routing = try RoutingInfo(
      infRef: InfRef(unchecked: Self.infRef), senderITSystem: .random(), senderAuthority: CVRNumber("10000009"),
      transactionID: .random(),
      senderTimestamp: .now(), recipientITSystem: SystemID(Self.itSystem), recipientAuthority: CVRNumber("10000017"))
    let metadata = try FileMetadata(
      fileTransferUUID: SystemID.random().rawValue, fileDescriptor: file, fileContentDescriptor: .routing(routing))
    let target = inFolder.appending(name)
    try FileManager.default.copyItem(atPath: original(of: name).string, toPath: target.string)
    try DocumentFiles.write(metadata.xml(), inFolder.appending("\(name).metadata"))
    let written = time(nil) - (isFresh ? 0 : 3600)
    for path in [target.string, "\(target).metadata"] {
      var times = [timeval(tv_sec: written, tv_usec: 0), timeval(tv_sec: written, tv_usec: 0)]
      guard utimes(path, &times) == 0 else { throw Errno(rawValue: errno) }
    }
  }

  private func check(_ work: BuildsWork, in folder: FilePath) throws {
    switch work {
    case .deliver: try expectSame(names, in: outFolder, beside: ".trigger")
    case .upload: try expectSame([Self.largeName], in: outFolder, beside: ".trigger")
    case .collect, .collectFresh: try expectSame(names, in: folder.appending(Self.inbox), beside: ".metadata")
    case .download: try expectSame([Self.largeName], in: folder.appending(Self.inbox), beside: ".metadata")
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: inFolder.string)
    guard left.isEmpty else { throw ToolError(description: "\(left.count) files were left in IN") }
  }

  private func expectSame(_ names: [String], in folder: FilePath, beside suffix: String) throws {
    for name in names {
      let path = folder.appending(name).string
      guard FileManager.default.contentsEqual(atPath: path, andPath: original(of: name).string),
        FileManager.default.fileExists(atPath: path + suffix)
      else { throw ToolError(description: "\(path) is not what was sent, or has no \(suffix)") }
    }
  }

  /// Settings by hand, with the keys that every build knows alone.
  private func settings(over line: BuildsLine, connections: Int) -> String {
    let bulk = connections > 1 ? "\n    bulk-connections: \(connections)" : ""
    return """
      journal: journal.sqlite
      inbox: inbox
      accounts:
        bench:
          host: 127.0.0.1
          port: \(line.port)
          user: \(user.name)
          key: \(user.keyFile)
          host-keys: ["\(fingerprint)"]
          it-system: \(Self.itSystem)\(bulk)
      routes:
        \(Self.route):
          account: bench
          kind: explicit
          infref: \(Self.infRef)
          recipient-it-system: 7c9e6679-7425-40de-944b-e07fc1f90ae7
          recipient-authority: "10000017"
          sender-authority: "10000009"
          municipality: "0101"
      arrivals:
        extracts:
          account: bench
          infref: \(Self.infRef)

      """
  }

  private static func makeFolder(_ path: FilePath) throws {
    try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
  }

  private static func writeLarge(_ path: FilePath, _ size: Int, of block: [UInt8]) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create], permissions: [.ownerReadWrite])
    try file.closeAfter { for _ in 0..<(size / block.count) { _ = try file.writeAll(block) } }
  }
}

/// Sets a field up, runs `body`, and leaves nothing running and nothing lying about.
func withBuildsField<Result>(
  _ load: BuildsLoad, roundTripMilliseconds: [Int], _ body: (BuildsField) async throws -> Result
) async throws -> Result {
  let scratch = FilePath(FileManager.default.temporaryDirectory.path)
    .appending("filsluse-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: scratch.string) }
  let server = try await SSHServer.start(in: scratch.appending("server"))
  do {
    let user = try await server.addUser("bench")
    let proxies = try roundTripMilliseconds.map { milliseconds in
      (milliseconds, try TCPProxy(to: server.port, TCPProxy.Conditions(delay: .milliseconds(milliseconds) / 2)))
    }
    defer { for (_, proxy) in proxies { proxy.stop() } }
    let lines =
      [BuildsLine(title: "loopback", port: server.port, isDelayed: false)]
      + proxies.map { BuildsLine(title: "\($0) ms round trip", port: $1.port, isDelayed: true) }
    let knownHosts = scratch.appending("known_hosts")
    let known = lines.flatMap { line in server.hostKeys.map { "[127.0.0.1]:\(line.port) \($0.line)\n" } }
    try DocumentFiles.write(Array(known.joined().utf8), knownHosts)
    let field = try BuildsField(
      load, lines: lines, scratch: scratch, user: user, fingerprint: server.fingerprint.description,
      knownHosts: knownHosts)
    let result = try await body(field)
    try await server.stop()
    return result
  } catch {
    try await server.stop()
    throw error
  }
}
