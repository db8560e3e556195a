import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

/// The files of Samples/monitoring: Prometheus and Alertmanager take them, and they name metrics that there are.
@Suite(.timeLimit(.minutes(25))) struct MonitoringSampleTests {
  private static let folder: FilePath = {
    var root = FilePath(#filePath)
    while root.lastComponent != "Tests", root.removeLastComponent() {}
    return root.removingLastComponent().appending("Samples").appending("monitoring")
  }()

  private static func text(_ name: String) throws -> String {
    try String(contentsOfFile: folder.appending(name).string, encoding: .utf8)
  }

  @Test("every metric that the rules and the dashboard name is documented")
  func everyMetricIsDocumented() throws {
    let page = try [
      Documentation.page("Console", of: "WatchConsole"), Documentation.page("RunMetrics", of: "FileExchange"),
    ]
    .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
    for name in ["filsluse.rules.yml", "grafana.json"] {
      let metrics = Set(try Self.text(name).matches(of: #/\bfilsluse_[a-z_]+/#).map { String($0.output) })
      #expect(metrics.count > 4)
      for metric in metrics { #expect(page.contains("| `\(metric)` | "), "\(name): \(metric)") }
    }
  }

  @Test(
    "promtool takes the settings of Prometheus, the rules, and each expression of the dashboard",
    .enabled(if: CheckingTool.promtool != nil, "no promtool here: Scripts/prepare fetches Debian's package"))
  func promtoolTakesThem() async throws {
    let promtool = try #require(CheckingTool.promtool)
    let checked = await promtool.run(["check", "config", Self.folder.appending("prometheus.yml").string])
    #expect(checked.isSuccess, "\(checked.summary)")

    let dashboard = try JSONDecoder().decode(Dashboard.self, from: Data(try Self.text("grafana.json").utf8))
    let expressions = dashboard.panels.flatMap(\.targets).map(\.expr)
    #expect(expressions.count >= dashboard.panels.count)
    #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
    // Rules hold expressions, and promtool checks rules.
    let rules = expressions.enumerated().map { number, expression in
      "      - record: panel_\(number)\n        expr: '\(expression)'\n"
    }.joined()
    try await withScratchFolder { folder in
      let file = folder.appending("rules.yml")
      try "groups:\n  - name: dashboard\n    rules:\n\(rules)".write(
        toFile: file.string, atomically: true, encoding: .utf8)
      let report = await promtool.run(["check", "rules", file.string])
      #expect(report.isSuccess, "\(report.summary)")
    }
  }

  @Test(
    "amtool takes the settings of Alertmanager",
    .enabled(if: CheckingTool.amtool != nil, "no amtool here: Scripts/prepare fetches Debian's package"))
  func amtoolTakesThem() async throws {
    let amtool = try #require(CheckingTool.amtool)
    let report = await amtool.run(["check-config", Self.folder.appending("alertmanager.yml").string])
    #expect(report.isSuccess, "\(report.summary)")
  }

  /// What a test reads of a dashboard.
  private struct Dashboard: Decodable {
    struct Panel: Decodable {
      let id: Int
      let targets: [Target]
    }

    struct Target: Decodable {
      let expr: String
    }

    let panels: [Panel]
  }
}

/// Debian's programs that check what others are to take.
private enum CheckingTool {
  static let promtool = Neighbour("promtool", of: "prometheus")
  static let amtool = Neighbour("amtool", of: "prometheus-alertmanager")
}
