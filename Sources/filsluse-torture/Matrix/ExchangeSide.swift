import ExchangeSettings
import FileExchange
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import SystemPackage
import TriggerFiles

/// One side of the exchange: a system's settings, journals and line to the platform, and its runs of `filsluse`.
struct ExchangeSide {
  let system: String
  let folder: FilePath
  let command: Command
  /// The line to the server, which can be cut.
  let proxy: TCPProxy
  private var settings: ExchangeSettings
  private var journals = 0

  /// The connections that a large file goes over, where it goes over several.
  static let bulkConnections = 3
  /// The size in bytes of such a file: long enough for the journal to note twice how far it is.
  static let bulkSize = 40_000_000

  init(
    _ system: String, on platform: LocalPlatform, in folder: FilePath, command: Command, hook: ArrivalHook? = nil,
    hasBulk: Bool = false
  ) throws {
    self.system = system
    self.folder = folder
    self.command = command
    proxy = try TCPProxy(to: platform.port)
    settings = try platform.settings(for: system)
    settings.source = folder.appending("filsluse.yaml")
    settings.accounts[0].port = proxy.port
    settings.inbox = folder.appending("inbox")
    if hasBulk {
      settings.accounts[0].bulkConnections = Self.bulkConnections
      settings.accounts[0].bulkFrom = UInt64(Self.bulkSize / 4)
      // Slow enough for the further connections to be there before the file is sent.
      settings.accounts[0].bandwidth = [Bandwidth(bytesPerSecond: UInt64(Self.bulkSize / 2))]
    }
    for index in settings.arrivals.indices {
      settings.arrivals[index].hook = hook
      settings.arrivals[index].businessReceipts = settings.arrivals[index].infRef == PlatformPlan.answers
    }
    try FileManager.default.createDirectory(atPath: attic.string, withIntermediateDirectories: true)
    try takeNewJournal()
  }

  var inbox: FilePath { settings.inbox.appending(system) }
  var journal: FilePath { settings.journal }
  private var attic: FilePath { folder.appending("attic") }

  /// From now on another journal is used, which the next run makes.
  mutating func takeNewJournal() throws {
    journals += 1
    settings.journal = folder.appending("journal-\(journals).sqlite")
    try Data(settings.yaml().utf8).write(to: URL(filePath: settings.source.string))
  }

  /// Runs the command, disturbed or not.
  func run(_ arguments: [String], fault: Fault? = nil) async throws -> (outcome: Command.Outcome, isStruck: Bool) {
    if case .cut(let direction, let bytes, let ending) = fault { proxy.cut(direction, after: bytes, ending) }
    let outcome = try await command.run(
      arguments + ["--config", settings.source.string, "--json"], faults: fault?.variables(attic: attic) ?? [],
      in: folder)
    let isCut = !proxy.awaitsCut
    proxy.forgetCut()
    let isStruck =
      switch fault {
      case .kill, .powerLoss: outcome.status == .killed
      case .cut: isCut
      case .fullDisk: Fault.isDiskFull(outcome.errors)
      case .clockJump, nil: true
      }
    return (outcome, isStruck)
  }

  /// Runs the command and notes what it does and how much it sends.
  func measure(_ arguments: [String]) async throws -> (Command.Outcome, Baseline) {
    let log = folder.appending("calls.log")
    let before = TCPProxy.Direction.allCases.map { ($0, proxy.carried($0)) }
    let outcome = try await command.run(
      arguments + ["--config", settings.source.string, "--json"], faults: ["FILSLUSE_FAULT_LOG=\(log)"], in: folder)
    defer { try? FileManager.default.removeItem(atPath: log.string) }
    var baseline = Baseline()
    baseline.calls = try Baseline.calls(in: log)
    for (direction, bytes) in before { baseline.bytes[direction] = proxy.carried(direction) - bytes }
    return (outcome, baseline)
  }

  /// The states that a killed run has left behind of the files with a prefix, read from a copy: the journal itself is
  /// the next run's to mend.
  func statesLeft(of prefix: String) async throws -> [String] {
    let copy = folder.appending("copy.sqlite")
    for suffix in ["", "-wal", "-shm", ".claims", ".mark"] {
      let file = FileManager.default
      if file.fileExists(atPath: copy.string + suffix) { try file.removeItem(atPath: copy.string + suffix) }
    }
    guard FileManager.default.fileExists(atPath: journal.string) else { return ["no journal yet"] }
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: journal.string + suffix) {
      try FileManager.default.copyItem(atPath: journal.string + suffix, toPath: copy.string + suffix)
    }
    let opened = try await Journal.open(copy)
    let deliveries = try await opened.deliveries().filter { $0.wireName.string.hasPrefix(prefix) }.map(\.state.rawValue)
    let arrivals = try await opened.arrivals().filter { $0.wireName.string.hasPrefix(prefix) }.map(\.state.rawValue)
    let states = deliveries + arrivals
    return states.isEmpty ? ["nothing begun"] : states
  }
}
