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
      read its settings and opened its journal; beside it, the same with ten routes.
      """)

  @Option(help: "How many receivers the template has.")
  var receivers = 20

  @Option(help: "How many rounds; the median counts.")
  var rounds = 9

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
    for words in [["list"], ["list", "--json"], ["check"], ["ready"], ["export"]] {
      // A check, and the readiness of routes that are not ready, end with a status of their own.
      try await show("routes \(words.joined(separator: " "))", endings: [0, 1, 2], of: command) { _ in
        ["routes"] + words + ["--config", large.string]
      }
    }
    for (title, config) in [("\(count) routes", large), ("10 routes", small)] {
      let route = try ExchangeSettings.load(config).routes[0].name
      try await show("send, with \(title)", endings: [66], of: command) { round in
        ["send", "not-there-\(round).csv", "--route", route, "--no-wait", "--config", config.string]
      }
    }
  }

  private func show(
    _ title: String, endings: Set<Int>, of command: FilePath, _ arguments: (Int) -> [String]
  ) async throws {
    var uses: [(seconds: Double, kilobytes: Int)] = []
    for round in 0..<rounds {
      uses.append(try await Tool.use(of: [command.string] + arguments(round), endings: endings))
    }
    let milliseconds = Int((uses.map(\.seconds).median * 1000).rounded())
    print("  filsluse \(title): \(milliseconds) ms, \((uses.map(\.kilobytes).max() ?? 0) >> 10) MiB")
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
            host: sftp.serviceplatformen.dk
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
