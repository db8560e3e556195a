import ArgumentParser
import ExchangeSettings
import FileExchange
import FoundationEssentials
import LocalPlatform
import Logging
import SystemPackage

/// `filsluse-bench journal`: what a journal of many deliveries costs those who open, search and list it.
struct JournalBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal", abstract: "Measure opening, searching and listing a journal of many deliveries.",
    discussion: """
      The deliveries are real ones, over loopback, of one small file under as many names. The commands run as processes \
      of their own, and their memory is taken from the system's account of each.
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
    let config = try await fill(in: scratch)
    let size = try FileManager.default.attributesOfItem(atPath: scratch.appending("journal.sqlite").string)[.size]
    print("\(deliveries) deliveries, a journal of \(size.map { "\($0)" } ?? "?") bytes; medians of \(rounds) rounds\n")
    // A part of the first name, which nothing newer has; the first delivery's municipality, which each has.
    for arguments in [
      ["journal", "show", "D1"], ["journal", "find", "nr0.c"], ["journal", "find", "0101"], ["journal", "list"],
      ["journal", "list", "--json"], ["journal", "export"], ["status"],
    ] {
      let words = arguments + ["--config", config.string]
      var uses: [(seconds: Double, kilobytes: Int)] = []
      for _ in 0..<rounds { uses.append(try await Tool.use(of: [command.string] + words, endings: [0, 1])) }
      let milliseconds = Int((uses.map(\.seconds).median * 1000).rounded())
      let kilobytes = uses.map(\.kilobytes).max() ?? 0
      print("  filsluse \(arguments.joined(separator: " ")): \(milliseconds) ms, \(kilobytes >> 10) MiB")
    }
  }

  /// Delivers everything, and leaves settings that name the journal.
  private func fill(in scratch: FilePath) async throws -> FilePath {
    let (deliveries, file) = (deliveries, scratch.appending("extract.csv"))
    try DocumentFiles.write(Array("en linje\n".utf8), file)
    let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    return try await withLocalPlatform(at: scratch.appending("platform"), plan: .demo, logger: quiet) { platform in
      var settings = try platform.settings(for: "fagsystem")
      settings.accounts[0].folders = RemoteFolders(out: Self.folder)
      settings.journal = scratch.appending("journal.sqlite")
      try FileManager.default.createDirectory(
        atPath: platform.folder(of: "fagsystem").appending(Self.folder).string, withIntermediateDirectories: false)
      let exchange = try await Exchange.open(settings, logger: quiet)
      for start in stride(from: 0, to: deliveries, by: Self.portion) {
        Progress.show("delivering, \(start) of \(deliveries) done")
        let orders = (start..<min(start + Self.portion, deliveries)).map {
          DeliveryOrder(file: file, route: "flis-0101", wireName: "udtræk-nr\($0).csv")
        }
        let reports = await exchange.deliver(reporting: orders, options: Exchange.DeliveryOptions(waitForReceipts: nil))
        if let error = reports.compactMap(\.error).first { throw error }
      }
      let config = scratch.appending("filsluse.yaml")
      try DocumentFiles.write(Array(settings.yaml().utf8), config)
      return config
    }
  }
}
