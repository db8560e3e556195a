import ArgumentParser
import ExchangeSettings
import FileExchange
import FoundationEssentials
import SystemPackage
import TriggerFiles

/// `filsluse-bench batch`: how long a file for each municipality is checked, against two routes each, before anything
/// is sent.
struct BatchBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "Measure the check of 98 files against 98 times 2 routes, as a list and a pattern.")

  @Option(help: "How many rounds; the median counts.")
  var rounds = 21

  func validate() throws {
    guard rounds > 0 else { throw ValidationError("the number of rounds is at least 1") }
  }

  func run() async throws {
    let scratch = FilePath(FileManager.default.temporaryDirectory.path)
      .appending("filsluse-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: scratch.string) }
    let names = Municipality.all.map { "udtræk_\($0.code)_\($0.name)_20261128_0730.csv" }
    for name in names { try DocumentFiles.write(Array("x".utf8), scratch.appending(name)) }
    let settings = try settings(in: scratch)
    let rows = zip(names, Municipality.all).map { "\($0);\($1.code)\n" }
    let list = Array(("file;municipality\n" + rows.joined()).utf8)
    let pattern = scratch.appending("udtræk_{code}_{name}_*.csv").string

    print("Medians of \(rounds) rounds: \(names.count) files against \(settings.routes.count) routes.\n")
    try show("list read and checked") {
      try DeliveryBatch(reading: list, from: scratch.appending("list.csv"), settings: settings).orders.count
    }
    try show("pattern read and checked") { try DeliveryBatch(pattern: pattern, settings: settings).orders.count }
    let routes = Dictionary(grouping: settings.routes, by: \.municipality)
    try show("names alone") {
      for (name, municipality) in zip(names, Municipality.all) {
        for route in routes[municipality.code] ?? [] {
          try route.municipalityRule?.judge(local: name, wire: "\(name).\(route.name)")
        }
      }
      return settings.routes.count
    }
  }

  private func show(_ title: String, _ work: () throws -> Int) throws {
    let times = try (0..<rounds).map { _ in
      let start = ContinuousClock.now
      guard try work() == 2 * Municipality.all.count else {
        throw ToolError(description: "\(title): there are not two orders for each file")
      }
      return (ContinuousClock.now - start) / .milliseconds(1)
    }
    print("  \(title): \((times.median * 100).rounded() / 100) ms")
  }

  private func settings(in scratch: FilePath) throws -> ExchangeSettings {
    let sender = try CVRNumber("99000101")
    let system = try SystemID("11111111-1111-4111-8111-111111111111")
    let routes = ["flis", "lis"].flatMap { name in
      Municipality.all.map { municipality in
        Route(
          name: "\(name)-\(municipality.code)", account: "bench",
          kind: .explicit(
            Addressing(
              infRef: InfRef(unchecked: "FagsystemdefineredeDataRefGDPR1203_1"), senderITSystem: system,
              senderAuthority: sender,
              recipientAuthority: sender), recipientITSystem: system), municipality: municipality.code)
      }
    }
    let account = Account(
      name: "bench", host: "h", user: "bench", key: scratch.appending("key"), hostKeys: .knownHosts(scratch))
    return ExchangeSettings(source: scratch.appending("filsluse.yaml"), accounts: [account], routes: routes)
  }
}
