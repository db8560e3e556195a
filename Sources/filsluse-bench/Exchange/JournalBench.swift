import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage

/// `filsluse-bench journal`: what a journal of many deliveries costs those who open, search, list and claim it.
struct JournalBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: "Measure opening, searching and listing a journal of many deliveries, and claiming them.",
    discussion: """
      The deliveries are real ones, over loopback, of one small file under as many names; the first alone has another \
      content, and is looked for by its SHA-256 and by the id of its transmission. What has been delivered is removed \
      from OUT as the journal grows, so that a million deliveries take little space. The commands run as processes of \
      their own, and their memory is taken from the system's account of each. The last two lists are of a night's 10,000 \
      deliveries and of 100. Claims are taken as a run of each delivery takes them, one after the other, of 1000 \
      deliveries all over the journal.
      """)

  @Option(help: "How many deliveries the journal holds.")
  var deliveries = 100_000

  @Option(help: "How many rounds; the median counts.")
  var rounds = 3

  @Flag(help: "Have the journal on a PostgreSQL server of this program's own making, with 16 MiB of shared buffers.")
  var postgresql = false

  /// So many at a time, as a night's work would be.
  private static let portion = 10_000
  private static let folder = "BENCH"
  private static let schema = "bench"

  /// The deliveries of each portion; the last one is small.
  private var portions: [Range<Int>] {
    let rest = max(0, deliveries - 100)
    return stride(from: 0, to: rest, by: Self.portion).map { $0..<min($0 + Self.portion, rest) } + [rest..<deliveries]
  }

  func validate() throws {
    guard deliveries > 0, rounds > 0 else { throw ValidationError("every number is at least 1") }
  }

  func run() async throws {
    guard let command = BuiltProducts.command else {
      throw ToolError(description: "filsluse was not built beside this program; Scripts/bench builds both")
    }
    let scratch = FilePath(FileManager.default.temporaryDirectory.path)
      .appending("filsluse-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: scratch.string) }
    guard postgresql else { return try await measure(command, in: scratch, on: nil) }
    if let obstacle = PostgreSQLServer.obstacle { throw ToolError(description: obstacle) }
    try await PostgreSQLServer.run(in: scratch) { try await measure(command, in: scratch, on: $0) }
  }

  private func measure(_ command: FilePath, in scratch: FilePath, on server: PostgreSQLServer?) async throws {
    let filled = try await fill(in: scratch, on: server)
    let size = try await Self.size(of: filled.settings, on: server)
    print("\(deliveries) deliveries, a journal of \(size) bytes; medians of \(rounds) rounds\n")
    // A part of the first name, which nothing newer has; the first delivery's municipality, which each has; the ids of
    // the oldest delivery; a text that nothing has, which ends with 65.
    let searches = ["nr0.c", "0101", filled.transaction, filled.sha256.hex, "findes-ikke"]
    let found = searches.map { ["journal", "find", $0] }
    let others = [["journal", "list"], ["journal", "list", "--json"], ["journal", "export"], ["status"]]
    for arguments in [["journal", "show", "D1"]] + found + others {
      try await show(arguments.joined(separator: " "), of: command, by: filled) { arguments }
    }
    for last in filled.last {
      try await show("journal list --within, the last \(last.count)", of: command, by: filled) {
        // Nothing was delivered in the two seconds before the portion began.
        let age: Double = (ContinuousClock.now - last.began) / .seconds(1)
        return ["journal", "list", "--within", "\(Int((age + 0.5).rounded(.up)))s"]
      }
    }
    let step = max(1, deliveries / 1000)
    try await claim(every: step, by: filled, "claims of deliveries")
    if let server {
      try await server.sql(
        "UPDATE \(Self.schema).delivery SET machine = NULL WHERE id % \(step) = 1 % \(step)", in: "filsluse")
      try await claim(every: step, by: filled, "claims of deliveries that no machine has")
    }
  }

  /// Measures a command.
  private func show(
    _ title: String, of command: FilePath, by filled: Filled, _ arguments: () -> [String]
  ) async throws {
    var uses: [(seconds: Double, kilobytes: Int)] = []
    for _ in 0..<rounds {
      let words = arguments()
      let endings: Set<Int> = words.last == "findes-ikke" ? [65] : [0, 1]
      uses.append(
        try await Tool.use(of: [command.string] + words + ["--config", filled.config.string], endings: endings))
    }
    let milliseconds = Int((uses.map(\.seconds).median * 1000).rounded())
    let kilobytes = uses.map(\.kilobytes).max() ?? 0
    print("  filsluse \(title): \(milliseconds) ms, \(kilobytes >> 10) MiB")
  }

  /// Measures claims by this process, of every so many deliveries.
  private func claim(every step: Int, by filled: Filled, _ title: String) async throws {
    let journal = try await Journal.open(of: filled.settings)
    var milliseconds: [Double] = []
    for id in stride(from: 1, through: deliveries, by: step) {
      let start = ContinuousClock.now
      guard try await journal.claim(delivery: Int64(id)) else {
        throw ToolError(description: "D\(id) is claimed elsewhere")
      }
      milliseconds.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    try await journal.close()
    let (median, longest) = (milliseconds.median, milliseconds.max() ?? .nan)
    print("  \(title): median \(BenchText.rounded(median, 2)) ms, longest \(BenchText.rounded(longest, 2)) ms")
  }

  private static func size(of settings: ExchangeSettings, on server: PostgreSQLServer?) async throws -> String {
    if let server { return try await server.sql("SELECT pg_database_size('filsluse')") }
    let size = try FileManager.default.attributesOfItem(atPath: settings.journal.string)[.size]
    return size.map { "\($0)" } ?? "?"
  }

  /// A journal with its deliveries.
  private struct Filled: Sendable {
    let settings: ExchangeSettings
    /// The file with the settings.
    let config: FilePath
    /// The id of the first delivery's transmission.
    let transaction: String
    /// The hash of the first delivery's content, which no other has.
    let sha256: SHA256Digest
    /// The number of deliveries from the beginning of each of the last portions on, and that moment.
    let last: [(count: Int, began: ContinuousClock.Instant)]
  }

  /// Delivers everything, and leaves settings that name the journal.
  private func fill(in scratch: FilePath, on server: PostgreSQLServer?) async throws -> Filled {
    let (deliveries, portions) = (deliveries, portions)
    let (file, unlike) = (scratch.appending("extract.csv"), scratch.appending("first.csv"))
    try DocumentFiles.write(Array("en linje\n".utf8), file)
    try DocumentFiles.write(Array("en anden linje\n".utf8), unlike)
    let journalServer = try await Self.journalServer(on: server, in: scratch)
    let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    return try await withLocalPlatform(at: scratch.appending("platform"), plan: .demo, logger: quiet) { platform in
      var settings = try platform.settings(for: "fagsystem")
      settings.accounts[0].folders = RemoteFolders(out: Self.folder)
      settings.journal = scratch.appending("journal.sqlite")
      settings.journalServer = journalServer
      let out = platform.folder(of: "fagsystem").appending(Self.folder).string
      let exchange = try await Exchange.open(settings, logger: quiet)
      var oldest: Delivery?
      var last: [(count: Int, began: ContinuousClock.Instant)] = []
      for (index, portion) in portions.enumerated() {
        Progress.show("delivering, \(portion.lowerBound) of \(deliveries) done")
        if index >= portions.count - 2 {
          try await Task.sleep(for: .seconds(2))
          last.append((count: deliveries - portion.lowerBound, began: .now))
        }
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let orders = portion.map {
          DeliveryOrder(file: $0 == 0 ? unlike : file, route: "flis-0101", wireName: "udtræk-nr\($0).csv")
        }
        let reports = await exchange.deliver(reporting: orders, options: Exchange.DeliveryOptions(waitForReceipts: nil))
        if let error = reports.compactMap(\.error).first { throw error }
        if portion.lowerBound == 0 { oldest = reports.first?.delivery }
        try FileManager.default.removeItem(atPath: out)
      }
      try await exchange.close()
      guard let first = oldest, let transaction = first.transactionID else {
        throw ToolError(description: "the first delivery has no id of a transmission")
      }
      let config = scratch.appending("filsluse.yaml")
      try DocumentFiles.write(Array(settings.yaml().utf8), config)
      return Filled(
        settings: settings, config: config, transaction: transaction, sha256: first.sha256, last: last)
    }
  }

  /// A schema of a server, as settings name it; `nil` for a journal in a file.
  private static func journalServer(
    on server: PostgreSQLServer?, in scratch: FilePath
  ) async throws -> JournalServer? {
    guard let server else { return nil }
    try await server.sql("CREATE SCHEMA \(schema) AUTHORIZATION filsluse", in: "filsluse")
    let password = scratch.appending("password")
    try DocumentFiles.write(Array(PostgreSQLServer.password.utf8), password)
    let place = "host=\(server.socket)&port=\(server.port)&options=-csearch_path%3D\(schema)"
    return JournalServer(address: "postgresql://filsluse@/filsluse?\(place)", passwordFile: password)
  }
}
