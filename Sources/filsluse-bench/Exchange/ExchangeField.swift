import ExchangeSettings
import FileExchange
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import TriggerFiles

/// The platform, the lines to it and the files; measures one contender at a time and checks what came of it.
struct ExchangeField: Sendable {
  /// The contenders that deliver.
  enum Contender: String, CaseIterable, Sendable {
    /// The client alone: no journal, no look before, no receipts.
    case bare
    /// The exchange with its journal, without waiting for receipts and without a platform that takes the files.
    case journal
    /// The same with the journal on a PostgreSQL server of this machine.
    case server
    /// The same with a round trip of 2 ms to the server.
    case farServer
    /// Three machines with one journal on that server deliver a third each, over lines of their own.
    case machines
    /// The same with a round trip of 2 ms to the server.
    case machinesFarFromServer
    /// The exchange with its journal against the router, until the last receipt is in the journal.
    case receipts
    /// `filsluse send`, without waiting for receipts: a process of its own.
    case command
    /// The same on a disk whose every fsync takes 5 ms longer.
    case slowDisk

    var title: String {
      switch self {
      case .bare: "bare client"
      case .journal: "with journal"
      case .server: "with journal on PostgreSQL"
      case .farServer: "with journal on PostgreSQL, 2 ms away"
      case .machines: "three machines with journal on PostgreSQL"
      case .machinesFarFromServer: "three machines with journal on PostgreSQL, 2 ms away"
      case .receipts: "with journal and receipts"
      case .command: "filsluse send, with journal"
      case .slowDisk: "filsluse send, with journal, each fsync 5 ms slower"
      }
    }
  }

  /// A way to the server.
  enum Line: Sendable, Hashable {
    case loopback(UInt16)
    /// Through the proxy without delay: what the proxy itself costs.
    case proxy(UInt16)
    case delayed(UInt16)

    var port: UInt16 {
      switch self {
      case .loopback(let port), .proxy(let port), .delayed(let port): port
      }
    }

    var title: String {
      switch self {
      case .loopback: "loopback"
      case .proxy: "the proxy without delay"
      case .delayed: "delayed"
      }
    }

    /// Returns true if a contender is measured on this line. Through the proxy only the bare client is: its figure is
    /// the proxy's own limit.
    func measures(_ contender: Contender) -> Bool {
      if case .proxy = self, contender != .bare { return false }
      return switch contender {
      case .command: BuiltProducts.command != nil
      case .slowDisk: BuiltProducts.command != nil && BuiltProducts.faults != nil
      case .server, .farServer, .machines, .machinesFarFromServer: PostgreSQLServer.obstacle == nil
      default: true
      }
    }
  }

  private static let system = "fagsystem"
  private static let route = "flis-0101"
  private static let recipient = "flis"
  /// A folder that the router does not look into.
  private static let quietFolder = "BENCH"

  let platform: LocalPlatform
  let files: ExchangeBenchFiles
  let scratch: FilePath
  let quiet: Logger
  /// A server of the measurement's own; `nil` where there can be none.
  let database: PostgreSQLServer?
  /// The ports by which that server is 2 ms away, one for each machine.
  let databasePorts: [UInt16]
  /// The ports of the delayed lines to the platform, one for each machine.
  let delayedPorts: [UInt16]

  /// The number of machines that share a journal.
  static let machines = 3

  private var names: [String] { files.load.names }

  /// Measures a contender delivering everything in a fresh folder with a fresh journal. Returns the seconds it took.
  func seconds(_ contender: Contender, over line: Line) async throws -> Double {
    let work = platform.folder(of: Self.system).appending(Self.quietFolder)
    let journal = try aside("journal")
    let servers = try await journalServers(for: contender)
    try FileManager.default.createDirectory(atPath: work.string, withIntermediateDirectories: false)
    let start = ContinuousClock.now
    switch contender {
    case .bare:
      guard let user = platform.user(of: Self.system) else { throw ToolError(description: "no user") }
      let login = Login(
        port: line.port, user: user, fingerprint: platform.hostKeyFingerprint.description,
        knownHosts: scratch.appending("none"))
      try await Filsluse().deliver(files.load, into: Self.quietFolder, login)
    case .journal, .server, .farServer:
      try await deliver(names, over: line, to: Self.quietFolder, journal: journal, on: servers.first, waiting: nil)
    case .machines, .machinesFarFromServer: try await deliverByMachines(over: line, journal: journal, on: servers)
    case .receipts: try await deliver(names, over: line, to: "OUT", journal: journal, waiting: .seconds(300))
    case .command: try await send(over: line, in: journal, environment: [:])
    case .slowDisk:
      try await send(
        over: line, in: journal,
        environment: ["LD_PRELOAD": BuiltProducts.faults?.string ?? "", "FILSLUSE_FAULT_FSYNC_MS": "5"])
    }
    let taken = (ContinuousClock.now - start) / .seconds(1)
    if contender == .receipts {
      try await clearRecipient()
    } else {
      try expect(names.flatMap { [$0, $0 + ".trigger"] }, in: work)
    }
    try move(work, to: try aside("work").appending("done"))
    return taken
  }

  /// A journal of its own on the server, as each machine reaches it; empty for a contender that has none there.
  private func journalServers(for contender: Contender) async throws -> [JournalServer] {
    guard let database, [.server, .farServer, .machines, .machinesFarFromServer].contains(contender) else { return [] }
    let schema = "bench_" + UUID().uuidString.lowercased().filter { $0 != "-" }
    try await database.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    let isFar = contender == .farServer || contender == .machinesFarFromServer
    let isAlone = contender == .server || contender == .farServer
    return databasePorts.map { port in
      let address =
        isFar
        ? "host=127.0.0.1 port=\(port) user=filsluse dbname=filsluse password='\(PostgreSQLServer.password)'"
        : database.address()
      return JournalServer(
        address: "\(address) options='-csearch_path=\(schema)'", machines: isAlone ? .one : .several)
    }
  }

  private func deliverByMachines(over line: Line, journal: FilePath, on servers: [JournalServer]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (machine, server) in servers.enumerated() {
        let part = names.enumerated().filter { $0.offset % servers.count == machine }.map(\.element)
        let own: Line = if case .delayed = line { .delayed(delayedPorts[machine]) } else { line }
        group.addTask {
          try await deliver(
            part, over: own, to: Self.quietFolder, journal: journal.appending("machine-\(machine)"), on: server,
            waiting: nil)
        }
      }
      try await group.waitForAll()
    }
  }

  private func deliver(
    _ names: [String], over line: Line, to folder: String, journal: FilePath, on server: JournalServer? = nil,
    waiting: Duration?
  ) async throws {
    var settings = try settings(over: line, to: folder, journal: journal)
    settings.journalServer = server
    let exchange = try await Exchange.open(settings, logger: quiet)
    let reports = await exchange.deliver(
      reporting: names.map { DeliveryOrder(file: files.load.data.appending($0), route: Self.route) },
      options: Exchange.DeliveryOptions(waitForReceipts: waiting))
    let wanted: (DeliveryState) -> Bool = { waiting == nil ? $0.awaitsReceipt : $0 == .accepted }
    guard reports.allSatisfy({ $0.error == nil && $0.delivery.map { wanted($0.state) } == true }) else {
      throw ToolError(
        description: "not everything was delivered: \(reports.compactMap(\.error).first.map { "\($0)" } ?? "")")
    }
  }

  private func send(over line: Line, in folder: FilePath, environment: [String: String]) async throws {
    let config = folder.appending("filsluse.yaml")
    let list = folder.appending("list.csv")
    let settings = try settings(over: line, to: Self.quietFolder, journal: folder)
    try DocumentFiles.write(Array(settings.yaml().utf8), config)
    let rows = ["file;route"] + names.map { "\(files.load.data.appending($0));\(Self.route)" }
    try DocumentFiles.write(Array(rows.joined(separator: "\n").utf8), list)
    guard let command = BuiltProducts.command else { throw ToolError(description: "filsluse was not built") }
    try await Tool.run(
      [command.string, "send", "--batch", list.string, "--no-wait", "--config", config.string],
      environment: environment)
  }

  private func settings(over line: Line, to folder: String, journal: FilePath) throws -> ExchangeSettings {
    var settings = try platform.settings(for: Self.system)
    settings.accounts[0].port = line.port
    settings.accounts[0].folders = RemoteFolders(out: folder)
    settings.journal = journal.appending("journal.sqlite")
    return settings
  }

  /// Returns the seconds the platform's router takes for as many pairs in OUT, until the last receipt.
  func routerSeconds() async throws -> Double {
    let settings = try platform.settings(for: Self.system)
    let out = platform.outFolder(of: Self.system)
    for name in names {
      let file = files.load.data.appending(name)
      let content = try DocumentFiles.read(file)
      let order = DeliveryOrder(file: file, route: Self.route)
      try DocumentFiles.write(content, out.appending(name))
      let trigger = try NewTrigger(for: order, size: UInt64(content.count), settings: settings).document
      try DocumentFiles.write(trigger, scratch.appending("trigger-\(name)"))
    }
    let start = ContinuousClock.now
    for name in names {
      try move(scratch.appending("trigger-\(name)"), to: out.appending(name + ".trigger"))
    }
    let inbox = platform.inFolder(of: Self.system)
    try await eventually("the receipts in \(inbox)") { try Self.names(in: inbox).count == names.count }
    let taken = (ContinuousClock.now - start) / .seconds(1)
    let receipts = try aside("receipts")
    for name in names.map({ $0 + ".sftpreceipt" }) { try move(inbox.appending(name), to: receipts.appending(name)) }
    try await clearRecipient()
    return taken
  }

  /// Returns the seconds the recipient takes to collect as many pairs until IN is empty; all were changed just
  /// before.
  func collectSeconds(over line: Line) async throws -> Double {
    try await deliver(names, over: line, to: "OUT", journal: try aside("journal"), waiting: .seconds(300))
    let inbox = try await waitForRecipient()
    for name in names {
      try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: inbox.appending(name).string)
    }
    let place = try aside("recipient")
    var settings = try platform.settings(for: Self.recipient)
    settings.accounts[0].port = line.port
    settings.journal = place.appending("journal.sqlite")
    settings.inbox = place.appending("inbox")
    let start = ContinuousClock.now
    let report = try await Exchange.open(settings, logger: quiet).collect(Self.recipient)
    let taken = (ContinuousClock.now - start) / .seconds(1)
    guard report.problems.isEmpty, report.collected.count == names.count else {
      throw ToolError(description: "not everything was collected: \(report.problems.first.map { "\($0)" } ?? "")")
    }
    try expect([], in: inbox)
    return taken
  }

  /// Waits for everything at the recipient: the folder.
  private func waitForRecipient() async throws -> FilePath {
    let inbox = platform.inFolder(of: Self.recipient)
    let wanted = names.flatMap { [$0, $0 + ".metadata"] }
    try await eventually("the files in \(inbox)") { try Self.names(in: inbox).count == wanted.count }
    try expect(wanted, in: inbox)
    return inbox
  }

  /// Waits for everything at the recipient, and takes it away.
  private func clearRecipient() async throws {
    let inbox = try await waitForRecipient()
    let wanted = names.flatMap { [$0, $0 + ".metadata"] }
    let received = try aside("received")
    for name in wanted { try move(inbox.appending(name), to: received.appending(name)) }
  }

  /// A new folder for what is done with. Nothing is deleted between two measurements: some file systems make new files
  /// slowly for seconds after many were deleted, and the next contender would pay for it.
  private func aside(_ name: String) throws -> FilePath {
    let folder = scratch.appending("\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: false)
    return folder
  }

  private func move(_ path: FilePath, to place: FilePath) throws {
    try FileManager.default.moveItem(atPath: path.string, toPath: place.string)
  }

  private func expect(_ wanted: [String], in folder: FilePath) throws {
    let there = Set(try Self.names(in: folder))
    guard there == Set(wanted) else {
      throw ToolError(description: "\(folder) holds \(there.count) files where \(wanted.count) were expected")
    }
  }

  private func eventually(_ what: String, _ holds: () throws -> Bool) async throws {
    for _ in 0..<30_000 {
      if try holds() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw ToolError(description: "\(what) did not come within 5 minutes")
  }

  private static func names(in folder: FilePath) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.string).filter { !$0.hasPrefix(".") }
  }
}
