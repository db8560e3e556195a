import ExchangeSettings
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import SystemPackage
import TriggerFiles

/// The server with its users and their files, and settings that watch them all.
struct WatchField {
  /// The settings file.
  let settings: FilePath
  /// The users' folders.
  let folders: [FilePath]
  private let pairs: Int

  fileprivate init(settings: FilePath, folders: [FilePath], pairs: Int) {
    self.settings = settings
    self.folders = folders
    self.pairs = pairs
  }

  /// Runs a new watcher for a number of scans, beginning with an empty database.
  func scan(_ manner: WatchProcess.Manner, scans: Int) async throws -> ScanReport {
    Progress.show("scanning, \(manner.rawValue)")
    let lines = try await watcher([manner.rawValue, "--scans", "\(scans)"])
    let report = try JSONDecoder().decode(ScanReport.self, from: Data(lines.utf8))
    for scan in [report.first] + report.later where scan.files != folders.count * pairs {
      throw ToolError(description: "a scan saw \(scan.files) of \(folders.count * pairs) files")
    }
    return report
  }

  /// Runs a watcher through simulated hours, and returns the text of its curve.
  func live(hours: Int) async throws -> String {
    Progress.show("living through \(hours) hours")
    return try await watcher(
      [WatchProcess.Manner.day.rawValue, "--hours", "\(hours)", "--pairs", "\(pairs)"]
        + folders.flatMap { ["--folder", $0.string] })
  }

  /// Settings by which every file should have been picked up long ago, and each inbox expects a file of its
  /// municipality daily.
  func settingsWhereAllIsLate() throws -> FilePath {
    var late = try ExchangeSettings.load(settings)
    let pickUp = PickUpLimit(within: RulePeriod(.seconds(1)))
    let municipalities = Municipality.all
    late.watch.infRefRules = late.accounts.enumerated().map { index, account in
      InfRefRule(
        accounts: [account.name], infRef: InfRef(unchecked: Self.infRef), pickUp: pickUp,
        expected: ExpectedFiles(
          rhythm: Rhythm(.daily, byMinute: 6 * 60),
          municipalities: [.code(municipalities[index % municipalities.count].code)]))
    }
    late.watch.infRefRules.append(
      InfRefRule(accounts: late.accounts.map(\.name), infRef: .sf7002, pickUp: pickUp))
    let path = settings.removingLastComponent().appending("late.yaml")
    try DocumentFiles.write(Array(late.yaml().utf8), path)
    return path
  }

  private func watcher(_ arguments: [String]) async throws -> String {
    guard let program = BuiltProducts.this else { throw ToolError(description: "/proc/self/exe cannot be read") }
    let state = settings.removingLastComponent().appending("state")
    try? FileManager.default.removeItem(atPath: state.string)
    return try await Tool.run([program.string, "watch-process", settings.string] + arguments)
  }

  // MARK: Files

  static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"

  /// Puts a pair into an inbox, as the platform would.
  static func put(_ number: Int, into folder: FilePath) throws {
    let name = "udtræk_\(number)_20270303.csv"
    let file = try DataFileDescriptor(
      fileName: name, sizeInBytes: 4, sender: "fagsystem")
    let routing = try RoutingInfo(
      infRef: InfRef(unchecked: infRef), senderITSystem: .random(), senderAuthority: CVRNumber("10000009"),
      transactionID: .random(),
      senderTimestamp: .now(), recipientITSystem: .random(), recipientAuthority: CVRNumber("10000017"))
    let metadata = try FileMetadata(
      fileTransferUUID: SystemID.random().rawValue, fileDescriptor: file, fileContentDescriptor: .routing(routing))
    let inbox = folder.appending("IN")
    try DocumentFiles.write(Array("data".utf8), inbox.appending(name))
    try DocumentFiles.write(metadata.xml(), inbox.appending("\(name).metadata"))
  }

  /// Takes a pair from an inbox.
  static func take(_ number: Int, from folder: FilePath) throws {
    let name = folder.appending("IN").appending("udtræk_\(number)_20270303.csv").string
    for path in [name, "\(name).metadata"] { try FileManager.default.removeItem(atPath: path) }
  }
}

/// Sets up a field, runs `body`, then stops and removes everything.
func withWatchField(
  inboxes: Int, pairs: Int, roundTripMilliseconds: Int, _ body: (WatchField) async throws -> Void
) async throws {
  let scratch = FilePath(FileManager.default.temporaryDirectory.path)
    .appending("filsluse-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: scratch.string) }
  let server = try await SSHServer.start(in: scratch.appending("server"))
  do {
    let proxy = try TCPProxy(to: server.port, TCPProxy.Conditions(delay: .milliseconds(roundTripMilliseconds) / 2))
    defer { proxy.stop() }
    let port = roundTripMilliseconds == 0 ? server.port : proxy.port
    try await body(try await fill(server, port: port, inboxes: inboxes, pairs: pairs, scratch))
  } catch {
    try await server.stop()
    throw error
  }
  try await server.stop()
}

private func fill(
  _ server: SSHServer, port: UInt16, inboxes: Int, pairs: Int, _ scratch: FilePath
) async throws -> WatchField {
  Progress.show("writing \(inboxes) × \(pairs) pairs")
  var accounts: [Account] = []
  var folders: [FilePath] = []
  for number in 1...inboxes {
    let user = try await server.addUser("inbox-\(number)")
    for folder in ["IN", "OUT"] {
      try FileManager.default.createDirectory(
        atPath: user.folder.appending(folder).string, withIntermediateDirectories: false)
    }
    for pair in 0..<pairs { try WatchField.put(pair, into: user.folder) }
    folders.append(user.folder)
    accounts.append(
      Account(
        name: user.name, host: server.host, port: port, user: user.name, key: user.keyFile,
        hostKeys: .pinned([server.fingerprint])))
  }
  let path = scratch.appending("filsluse.yaml")
  let settings = ExchangeSettings(
    source: path, accounts: accounts,
    watch: WatchSettings(
      database: scratch.appending("state").appending("watch.sqlite"),
      infRefRules: [
        InfRefRule(
          accounts: accounts.map(\.name), infRef: InfRef(unchecked: WatchField.infRef),
          pickUp: PickUpLimit(within: RulePeriod(.seconds(14_400)))),
        InfRefRule(
          accounts: accounts.map(\.name), infRef: .sf7002,
          pickUp: PickUpLimit(within: RulePeriod(.seconds(3600)))),
      ]))
  try DocumentFiles.write(Array(settings.yaml().utf8), path)
  return WatchField(settings: path, folders: folders, pairs: pairs)
}
