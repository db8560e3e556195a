import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import PickupWatch
import PlatformFixture
import SystemPackage
import TriggerFiles

/// A test user's folders on a real server, and the watcher's settings for them.
struct WatchedServer {
  static let extract = "FagsystemdefineredeDataRefGDPR1203_1"
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  let folder: FilePath
  var settings: ExchangeSettings
  /// The watcher's clock is so far ahead of the real one.
  var ahead = Duration.zero

  /// The folder of the watcher's database.
  var state: FilePath { settings.source.removingLastComponent() }
  var inbox: FilePath { folder.appending("IN") }
  var outbox: FilePath { folder.appending("OUT") }

  /// The user's account as `a`, with one rule: extracts within 2 hours, sortiment within 1.
  init(
    host: String, port: UInt16, user: String, key: FilePath, fingerprint: KeyFingerprint, folder: FilePath,
    state: FilePath
  ) {
    self.folder = folder
    let account = Account(
      name: "a", host: host, port: port, user: user, key: key, hostKeys: .pinned([fingerprint]))
    settings = ExchangeSettings(
      source: state.appending("filsluse.yaml"), accounts: [account],
      watch: WatchSettings(
        database: state.appending("watch.sqlite"),
        infRefRules: [
          InfRefRule(
            accounts: ["a"], infRef: .sf7002,
            pickUp: PickUpLimit(within: RulePeriod(.seconds(3600))), line: 3),
          InfRefRule(
            accounts: ["a"], infRef: InfRef(unchecked: Self.extract),
            pickUp: PickUpLimit(within: RulePeriod(.seconds(7200))), line: 4),
        ]))
  }

  init(_ server: TestServer, state: FilePath) {
    self.init(
      host: server.host, port: server.port, user: server.user.name, key: server.user.keyFile,
      fingerprint: server.fingerprint, folder: server.folder, state: state)
  }

  private var clock: @Sendable () -> Timestamp {
    { [ahead] in Timestamp.now.later(by: ahead) }
  }

  /// Looks once, as `watch --once` does.
  func look() async throws -> [AccountReport] {
    try await WatchOnce(settings: settings, clock: clock, logger: Self.quiet).run()
  }

  /// Looks over a connection that is kept.
  func look(over client: SFTPClient, into store: WatchDatabase, tellsGaps: Bool = true) async throws -> AccountReport {
    guard let evaluator = RuleEvaluator(settings) else { throw Errno.invalidArgument }
    return await InboxCheck(
      evaluator: evaluator, store: store, journal: nil, tellsGaps: tellsGaps, clock: clock, logger: Self.quiet
    ).look(into: settings.accounts[0], over: client)
  }

  /// Puts a pair into IN.
  func put(_ name: String, infRef: String, sender: String = "afsender", size: Int = 4, data: String = "data") throws {
    try Self.write(Array(data.utf8), to: inbox.appending(name))
    try Self.write(
      try Self.metadata(name, size: size, infRef: infRef, sender: sender), to: inbox.appending("\(name).metadata"))
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: inbox.appending(name).string)
    try FileManager.default.removeItem(atPath: inbox.appending("\(name).metadata").string)
  }

  static func write(_ bytes: [UInt8], to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
    _ = try file.closeAfter { try file.writeAll(bytes) }
  }

  /// Sets a file's modification time back by a number of seconds.
  static func age(_ path: FilePath, by seconds: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: path.string)
  }

  static func metadata(
    _ name: String, size: Int, infRef: String, sender: String = "afsender", uuid: String = SystemID.random().rawValue
  ) throws -> [UInt8] {
    let file = try DataFileDescriptor(
      fileName: name, sizeInBytes: UInt64(size), sender: sender, recipients: ["ROUTING_V1_0_0"])
    let routing = try RoutingInfo(
      infRef: InfRef(unchecked: infRef), senderITSystem: .random(), senderAuthority: CVRNumber("99000101"),
      transactionID: .random(),
      senderTimestamp: .now(), recipientITSystem: .random(), recipientAuthority: CVRNumber("99000101"))
    return try FileMetadata(
      fileTransferUUID: uuid, fileDescriptor: file, fileContentDescriptor: .routing(routing)
    ).xml()
  }
}

/// Runs a test with a watched server, and a folder for what the watcher keeps.
func withWatchedServer(_ body: @escaping @Sendable (WatchedServer) async throws -> Void) async throws {
  try await withScratchFolder("watch") { state in
    try await withTestServer { server in try await body(WatchedServer(server, state: state)) }
  }
}
