import ArgumentParser
import ExchangeSettings
import FileExchange
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import SystemPackage

/// `filsluse-bench journal`: what a journal of many deliveries costs those who open, search and list it.
struct JournalBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Measure opening, searching and listing a journal of many deliveries.",
    discussion: """
      The deliveries are real ones, over loopback, of one small file under as many names; the first alone has another \
      content, and is looked for by its SHA-256 and by the id of its transmission. What has been delivered is removed \
      from OUT as the journal grows, so that a million deliveries take little space. The commands run as processes of \
      their own, and their memory is taken from the system's account of each.
      """)

  @Option(help: "How many deliveries the journal holds.")
  var deliveries = 100_000

  @Option(help: "How many rounds; the median counts.")
  var rounds = 3

  /// So many at a time, as a night's work would be.
  private static let portion = 10_000
  private static let folder = "BENCH"

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
    let filled = try await fill(in: scratch)
    let size = try FileManager.default.attributesOfItem(atPath: scratch.appending("journal.sqlite").string)[.size]
    print("\(deliveries) deliveries, a journal of \(size.map { "\($0)" } ?? "?") bytes; medians of \(rounds) rounds\n")
    // A part of the first name, which nothing newer has; the first delivery's municipality, which each has; the ids of the
    // oldest delivery; a text that nothing has, which ends with 65.
    let searches = ["nr0.c", "0101", filled.transaction, filled.sha256.hex, "findes-ikke"]
    let found = searches.map { ["journal", "find", $0] }
    let others = [["journal", "list"], ["journal", "list", "--json"], ["journal", "export"], ["status"]]
    for arguments in [["journal", "show", "D1"]] + found + others {
      let words = arguments + ["--config", filled.config.string]
      let endings: Set<Int> = arguments.last == "findes-ikke" ? [65] : [0, 1]
      var uses: [(seconds: Double, kilobytes: Int)] = []
      for _ in 0..<rounds { uses.append(try await Tool.use(of: [command.string] + words, endings: endings)) }
      let milliseconds = Int((uses.map(\.seconds).median * 1000).rounded())
      let kilobytes = uses.map(\.kilobytes).max() ?? 0
      print("  filsluse \(arguments.joined(separator: " ")): \(milliseconds) ms, \(kilobytes >> 10) MiB")
    }
  }

  /// A journal with its deliveries.
  private struct Filled: Sendable {
    /// The settings that name it.
    let config: FilePath
    /// The id of the first delivery's transmission.
    let transaction: String
    /// The hash of the first delivery's content, which no other has.
    let sha256: SHA256Digest
  }

  /// Delivers everything, and leaves settings that name the journal.
  private func fill(in scratch: FilePath) async throws -> Filled {
    let (deliveries, file, unlike) = (deliveries, scratch.appending("extract.csv"), scratch.appending("first.csv"))
    try DocumentFiles.write(Array("en linje\n".utf8), file)
    try DocumentFiles.write(Array("en anden linje\n".utf8), unlike)
    let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    return try await withLocalPlatform(at: scratch.appending("platform"), plan: .demo, logger: quiet) { platform in
      var settings = try platform.settings(for: "fagsystem")
      settings.accounts[0].folders = RemoteFolders(out: Self.folder)
      settings.journal = scratch.appending("journal.sqlite")
      let out = platform.folder(of: "fagsystem").appending(Self.folder).string
      let exchange = try await Exchange.open(settings, logger: quiet)
      var oldest: Delivery?
      for start in stride(from: 0, to: deliveries, by: Self.portion) {
        Progress.show("delivering, \(start) of \(deliveries) done")
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: false)
        let orders = (start..<min(start + Self.portion, deliveries)).map {
          DeliveryOrder(file: $0 == 0 ? unlike : file, route: "flis-0101", wireName: "udtræk-nr\($0).csv")
        }
        let reports = await exchange.deliver(reporting: orders, options: Exchange.DeliveryOptions(waitForReceipts: nil))
        if let error = reports.compactMap(\.error).first { throw error }
        if start == 0 { oldest = reports.first?.delivery }
        try FileManager.default.removeItem(atPath: out)
      }
      guard let first = oldest, let transaction = first.transactionID else {
        throw ToolError(description: "the first delivery has no id of a transmission")
      }
      let config = scratch.appending("filsluse.yaml")
      try DocumentFiles.write(Array(settings.yaml().utf8), config)
      return Filled(config: config, transaction: transaction, sha256: first.sha256)
    }
  }
}
