import ArgumentParser
import FilsluseBase
import FoundationEssentials
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage

/// `filsluse-bench exchange`: what journal and receipts cost, beside the bare client on the same line in the same run.
struct ExchangeBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange",
    abstract: "Measure deliveries with journal and receipts beside the bare client without either.",
    discussion: """
      Every contender connects, logs on, delivers all files (data, trigger, rename) and leaves, and all of that is \
      timed. The contenders take turns; the median of the rounds counts. The router of the local platform takes \
      what is delivered and writes the receipts, and the recipient collects the pairs; its own ceiling, and the delay proxy's, stand beside the figures. \
      Machines that share a journal have lines of their own, and run in this one process.
      """)

  @Option(help: "How many rounds.")
  var rounds = 3

  @Option(help: "How many deliveries in each round.")
  var deliveries = 2000

  @Option(help: ArgumentHelp("The data files' size.", valueName: "KiB"))
  var small = 4

  @Option(help: ArgumentHelp("The round trip through the proxy.", valueName: "ms"))
  var roundTrip = 20

  func validate() throws {
    guard rounds > 0, deliveries > 0, small > 0, roundTrip > 0 else {
      throw ValidationError("every number is at least 1")
    }
  }

  func run() async throws {
    let scratch = FilePath(FileManager.default.temporaryDirectory.path)
      .appending("filsluse-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: scratch.string) }
    let results: ExchangeResults
    if PostgreSQLServer.obstacle == nil {
      results = try await PostgreSQLServer.run(in: scratch, takesTLS: true) {
        try await measure(in: scratch, with: $0)
      }
    } else {
      results = try await measure(in: scratch, with: nil)
    }
    print(results.text(roundTripMilliseconds: roundTrip))
  }

  private func measure(in scratch: FilePath, with database: PostgreSQLServer?) async throws -> ExchangeResults {
    let (rounds, deliveries, bytes) = (rounds, deliveries, small << 10)
    let delay = Duration.milliseconds(roundTrip) / 2
    let quiet = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    return try await withLocalPlatform(at: scratch.appending("platform"), plan: .demo, logger: quiet) {
      platform in
      let files = try ExchangeBenchFiles(in: scratch, count: deliveries, bytes: bytes)
      let direct = try TCPProxy(to: platform.port)
      // A line of its own for each machine: one proxy moves the bytes of all its connections with one thread.
      var (delayed, far): ([TCPProxy], [TCPProxy]) = ([], [])
      defer { for proxy in [direct] + delayed + far { proxy.stop() } }
      for _ in 0..<ExchangeField.machines {
        delayed.append(try TCPProxy(to: platform.port, TCPProxy.Conditions(delay: delay)))
        if let database {
          far.append(try TCPProxy(to: database.port, TCPProxy.Conditions(delay: .milliseconds(1))))
        }
      }
      let field = ExchangeField(
        platform: platform, files: files, scratch: scratch, quiet: quiet, database: database,
        databasePorts: far.map(\.port), delayedPorts: delayed.map(\.port))
      var results = ExchangeResults(deliveries: deliveries)
      for round in 1...rounds {
        for line in [ExchangeField.Line.loopback(platform.port), .proxy(direct.port), .delayed(delayed[0].port)] {
          for contender in ExchangeField.Contender.allCases where line.measures(contender) {
            Progress.show("round \(round) of \(rounds), \(line.title): \(contender.title)")
            results.add(try await field.seconds(contender, over: line), contender, line)
          }
          if case .proxy = line { continue }
          Progress.show("round \(round) of \(rounds), \(line.title): collecting")
          results.addCollecting(try await field.collectSeconds(over: line), line)
        }
        Progress.show("round \(round) of \(rounds): the router alone")
        results.addRouter(try await field.routerSeconds())
      }
      return results
    }
  }
}
