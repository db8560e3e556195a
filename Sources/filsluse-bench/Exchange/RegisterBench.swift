import ArgumentParser
import ExchangeSettings
import FoundationEssentials
import SystemPackage
import TriggerFiles

/// `filsluse-bench register`: what a large list of routes costs the commands that read it, and the start of `send`.
struct RegisterBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Measure a route register of 98 municipalities with 20 receivers each.",
    discussion: """
      The list has a template with the receivers, a line for each municipality, and a record of orders and agreements. \
      The commands run as processes of their own. `send` is given a file that is not there, so that it ends when it has \
      read its settings and opened its journal; beside it, the same with ten routes. No server is asked for anything.

      It fails where 98 municipalities with 20 receivers or fewer cost a command of the register more than a second or \
      60 MB, or the start of `send` 0.1 s more than ten routes do.
      """)

  @Option(help: "How many receivers the template has.")
  var receivers = 20

  @Option(help: "How many rounds; the median counts.")
  var rounds = 9

  /// The most that a command of the register may take, in seconds and megabytes (of 1,000,000 bytes).
  private static let most = (seconds: 1.0, megabytes: 60.0)
  /// The seconds by which `send` may start later than with ten routes.
  private static let mostDelay = 0.1
  private static let infRef = "FagsystemdefineredeDataRefGDPR1203_1"

  func validate() throws {
    guard (1...999).contains(receivers), rounds > 0 else {
      throw ValidationError("there are 1 to 999 receivers, and at least 1 round")
    }
  }

  func run() async throws {
    guard let command = BuiltProducts.command else {
      throw ToolError(description: "filsluse was not built beside this program; Scripts/bench builds both")
    }
    let scratch = FilePath(FileManager.default.temporaryDirectory.path)
      .appending("filsluse-bench-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: scratch.string) }
    let large = try write(Municipality.all, receivers: receivers, in: scratch.appending("large"))
    let small = try write(Array(Municipality.all.prefix(10)), receivers: 1, in: scratch.appending("small"))
    let count = try ExchangeSettings.load(large).routes.count
    guard count == Municipality.all.count * receivers else {
      throw ToolError(description: "the list has \(count) routes")
    }
    print("\(count) routes; medians of \(rounds) rounds\n")
    var misses: [String] = []
    for words in [["list"], ["list", "--json"], ["check"], ["ready"], ["export"]] {
      // The readiness of routes that are not ready ends with a status of its own.
      let title = "routes \(words.joined(separator: " "))"
      var uses: [Use] = []
      for _ in 0..<rounds {
        let arguments = [command.string, "routes"] + words + ["--config", large.string]
        uses.append(try await Tool.use(of: arguments, endings: [0, 1]))
      }
      let cost = show(title, uses)
      if cost.seconds > Self.most.seconds || cost.megabytes > Self.most.megabytes { misses.append(title) }
    }
    let delay = try await startOfSend(command, large: large, small: small)
    if delay > Self.mostDelay { misses.append("the start of send") }
    guard misses.isEmpty || receivers > 20 else {
      throw ToolError(description: "above its limit: \(misses.joined(separator: ", "))")
    }
  }

  private typealias Use = (seconds: Double, kilobytes: Int)

  /// Shows what the start of `send` costs with either list, and returns the seconds by which the large one delays it.
  private func startOfSend(_ command: FilePath, large: FilePath, small: FilePath) async throws -> Double {
    let lists = try [large, small].map { config in
      let routes = try ExchangeSettings.load(config).routes
      return (config: config, count: routes.count, route: routes[0].name)
    }
    var uses: [[Use]] = [[], []]
    for round in 0..<rounds {
      for (index, list) in lists.enumerated() {
        let arguments = [
          command.string, "send", "not-there-\(round).csv", "--route", list.route, "--no-wait", "--config",
          list.config.string,
        ]
        uses[index].append(try await Tool.use(of: arguments, endings: [66]))
      }
    }
    let seconds = zip(lists, uses).map { list, uses in show("send, with \(list.count) routes", uses).seconds }
    let delay = seconds[0] - seconds[1]
    print("  send starts \(Int((delay * 1000).rounded())) ms later")
    return delay
  }

  /// Shows the median of the times and the largest of the peaks of memory, and returns both.
  private func show(_ title: String, _ uses: [Use]) -> (seconds: Double, megabytes: Double) {
    let seconds = uses.map(\.seconds).median
    let megabytes = Double(uses.map(\.kilobytes).max() ?? 0) * 1024 / 1_000_000
    print("  filsluse \(title): \(Int((seconds * 1000).rounded())) ms, \(BenchText.rounded(megabytes, 1)) MB")
    return (seconds, megabytes)
  }

  /// Writes settings, a list and its record into a new folder, and returns the settings' path.
  private func write(_ municipalities: [Municipality], receivers: Int, in folder: FilePath) throws -> FilePath {
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    let settings = folder.appending("filsluse.yaml")
    try DocumentFiles.write(
      Array(
        """
        accounts:
          bench:
            host: 127.0.0.1
            port: 1
            environment: production
            user: bench
            key: key
            host-keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
            it-system: f1150000-0000-4000-8000-000000000001
        routes-file: routes.csv

        """.utf8), settings)
    let digits = { (number: Int) in String(("00" + String(number)).suffix(3)) }
    let names = (1...receivers).map { "r\(digits($0))" }
    let numbers = municipalities.map { "9900\($0.code)" }
    let list =
      "name;template;account;infref;municipality;authority;recipient-it-system\n@data;;bench;\(Self.infRef);;;\n"
      + names.enumerated().map { "@data/\($1);;;;;;f1150000-0000-4000-8001-000000000\(digits($0 + 1))\n" }.joined()
      + zip(municipalities, numbers).map { ";data;;;\($0.code);\($1);\n" }.joined()
    try DocumentFiles.write(Array(list.utf8), folder.appending("routes.csv"))
    let at = "2026-03-02T09:14:05.000Z"
    let created = "\(at) infref name=\(Self.infRef) state=created on=2026-03-01 by=Driften\n"
    let orders = zip(municipalities, numbers).map { municipality, number in
      names.map { name in
        let route = "\(name)-\(municipality.code)"
        return "\(at) agreement route=\(route) authority=\(number) on=2026-03-01 by=Driften\n"
          + "\(at) order route=\(route) of=route state=confirmed on=2026-03-02 by=Driften\n"
      }.joined()
    }
    try DocumentFiles.write(Array((created + orders.joined()).utf8), folder.appending("routes.record"))
    return settings
  }
}
