import FilsluseBase
import FoundationEssentials
import Glibc
import LocalPlatform
import SystemPackage
import TriggerFiles

/// The files to move.
struct Load: Sendable, Codable {
  let deliveries: Int
  let smallBytes: Int
  let largeBytes: Int
  /// The entries of the folder that is listed; 0 for none.
  let entries: Int
}

/// A way to the server.
struct ServerLine: Sendable {
  let name: String
  let isDelayed: Bool
  let login: Login
}

/// The time of a tool at a task.
struct Measurement: Sendable {
  let seconds: Double
  /// The most memory of its largest process, where that is taken.
  let kilobytes: Int?
}

/// The server, the lines to it and the files, in a scratch folder that vanishes afterwards.
struct Workbench: Sendable {
  let lines: [ServerLine]
  private let scratch: FilePath
  private let load: Load
  private let home: FilePath
  private let local: LocalLoad

  fileprivate init(
    lines: [ServerLine], scratch: FilePath, load: Load, home: FilePath, local: LocalLoad
  ) {
    self.lines = lines
    self.scratch = scratch
    self.load = load
    self.home = home
    self.local = local
  }

  private var large: FilePath { scratch.appending("large") }

  /// Measures a tool at a task in a fresh folder, and checks its result.
  func measure(_ task: Job, by contender: any Contender, over line: ServerLine) async throws -> Measurement {
    if task == .list {
      let call = try contender.listing(of: Self.listedFolder, line.login)
      let use = try await Tool.use(of: call.arguments, input: call.input)
      return Measurement(seconds: use.seconds, kilobytes: use.kilobytes)
    }
    let folder = home.appending("work")
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
    let target = scratch.appending("downloaded")
    defer {
      try? FileManager.default.removeItem(atPath: folder.string)
      try? FileManager.default.removeItem(atPath: target.string)
    }
    if task == .download {
      try FileManager.default.copyItem(atPath: large.string, toPath: folder.appending("large").string)
    }
    let start = ContinuousClock.now
    switch task {
    case .deliver: try await contender.deliver(local, into: "work", line.login)
    case .upload: try await contender.upload(large, to: "work/large", line.login)
    case .download: try await contender.download("work/large", to: target, line.login)
    case .list: break
    }
    let taken = (ContinuousClock.now - start) / .seconds(1)
    switch task {
    case .deliver: try checkDeliveries(in: folder)
    case .upload: try expectSameBytes(folder.appending("large"))
    case .download: try expectSameBytes(target)
    case .list: break
    }
    return Measurement(seconds: taken, kilobytes: nil)
  }

  fileprivate static let listedFolder = "many"

  private func checkDeliveries(in folder: FilePath) throws {
    for name in local.names {
      for (file, original) in [
        (name, local.data.appending(name)), (name + ".trigger", local.triggers.appending(name + ".trigger")),
      ] {
        guard FileManager.default.contentsEqual(atPath: folder.appending(file).string, andPath: original.string) else {
          throw ToolError(description: "\(file) did not arrive as it was sent")
        }
      }
    }
  }

  private func expectSameBytes(_ file: FilePath) throws {
    guard FileManager.default.contentsEqual(atPath: file.string, andPath: large.string) else {
      throw ToolError(description: "\(file) is not what was sent")
    }
  }
}

/// Sets a workbench up, runs `body`, and leaves nothing running and nothing lying about.
func withWorkbench<Result>(
  _ load: Load, roundTripMilliseconds: Int, _ body: (Workbench) async throws -> Result
) async throws -> Result {
  let scratch = FilePath(FileManager.default.temporaryDirectory.path).appending("filsluse-bench-\(getpid())")
  try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: scratch.string) }
  let server = try await SSHServer.start(in: scratch.appending("server"))
  do {
    let user = try await server.addUser("bench")
    let proxy = try TCPProxy(to: server.port, TCPProxy.Conditions(delay: .milliseconds(roundTripMilliseconds) / 2))
    let knownHosts = scratch.appending("known_hosts")
    try [server.port, proxy.port].flatMap { port in server.hostKeys.map { "[127.0.0.1]:\(port) \($0.line)\n" } }
      .joined().write(toFile: knownHosts.string, atomically: false, encoding: .utf8)
    let lines = [("loopback", server.port), ("\(roundTripMilliseconds) ms round trip", proxy.port)].map { name, port in
      ServerLine(
        name: name, isDelayed: port != server.port,
        login: Login(port: port, user: user, fingerprint: server.fingerprint.description, knownHosts: knownHosts))
    }
    if load.entries > 0 { try fill(user.folder.appending(Workbench.listedFolder), entries: load.entries) }
    let bench = Workbench(
      lines: lines, scratch: scratch, load: load, home: user.folder, local: try prepare(load, in: scratch))
    let result = try await body(bench)
    proxy.stop()
    try await server.stop()
    return result
  } catch {
    try await server.stop()
    throw error
  }
}

/// Writes the files to move: bytes without a pattern, different for every run.
private func prepare(_ load: Load, in scratch: FilePath) throws -> LocalLoad {
  let local = LocalLoad(
    data: scratch.appending("data"), triggers: scratch.appending("triggers"),
    names: (1...load.deliveries).map { "extract-\($0).csv" })
  var random = SystemRandomNumberGenerator()
  for folder in [local.data, local.triggers] {
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
  }
  for name in local.names {
    let file = try DataFileDescriptor(
      fileName: name, sizeInBytes: UInt64(load.smallBytes), sender: "bench",
      sendersFileID: TransactionID.random().rawValue,
      recipients: ["flis"])
    let trigger = Trigger(fileDescriptor: file, fileContentDescriptor: .empty)
    try Data(random.bytes(load.smallBytes)).write(to: URL(filePath: local.data.appending(name).string))
    try Data(trigger.xml()).write(to: URL(filePath: local.triggers.appending(name + ".trigger").string))
  }
  let block = random.bytes(1 << 20)
  let large = try FileDescriptor.open(
    scratch.appending("large"), .writeOnly, options: [.create], permissions: [.ownerReadWrite])
  try large.closeAfter { for _ in 0..<(load.largeBytes >> 20) { _ = try large.writeAll(block) } }
  return local
}

/// Makes a folder with so many empty files.
private func fill(_ folder: FilePath, entries: Int) throws {
  try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
  for number in 1...entries {
    let file = folder.appending("udtraek_0101_nr\(number).csv")
    try FileDescriptor.open(file, .writeOnly, options: [.create], permissions: [.ownerReadWrite]).close()
  }
}

extension SystemRandomNumberGenerator {
  /// So many bytes without a pattern.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: next()) { bytes += $0 } }
    bytes.removeLast(bytes.count - count)
    return bytes
  }
}
