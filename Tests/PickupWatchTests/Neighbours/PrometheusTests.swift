import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import FilsluseHTTP
@testable import PickupWatch
@testable import WatchConsole

/// The metrics as Prometheus itself takes them: Debian's, on this machine.
@Suite(
  .enabled(if: Prometheus.isThere, "no prometheus here: Scripts/prepare fetches Debian's package"),
  .timeLimit(.minutes(25)))
struct PrometheusTests {
  /// Sinks that fail and a rule for SF7002 are among it.
  private static func night() -> WatchStatus {
    var status = ExampleStatus.night()
    status.sinkTroubles = [SinkTrouble(sink: "webhook alerts.example.dk #1", waiting: 27, failuresInARow: 27)]
    let rule = LocalizedText(da: "dagligt kl. 06:00", en: "daily by 06:00")
    status.expected.append(
      ExpectedSeries(
        account: "ydelser", infRef: "SF7002", rule: rule,
        days: [ExpectedDay(day: "2026-11-20", state: .came), ExpectedDay(day: "2026-11-21", state: .late)]))
    return status
  }

  @Test("promtool finds no fault in the metrics, even with hostile texts")
  func metricsAreClean() async throws {
    let promtool = try #require(Prometheus.tool)
    var hostile = Self.night()
    hostile.inboxes[0].account = "a\"} 1\n\\evil{x=\""
    let all = [Self.night(), hostile, LargeStatus.status(), LargeStatus.status(text: LargeStatus.hostile)]
    for status in all {
      let report = await promtool.run(
        ["check", "metrics"], input: StatusMetrics(status, at: status.taken).text())
      #expect(report.isSuccess, "\(report.summary)")
      #expect(report.output.bytes.isEmpty && report.complaints.bytes.isEmpty, "\(report.complaints.lastLine ?? "")")
    }
    // The tool does find faults.
    let bad = await promtool.run(["check", "metrics"], input: "# HELP x_days x\n# TYPE x_days gauge\nx_days 1\n")
    #expect(!bad.isSuccess)
  }

  @Test("promtool finds no fault in the metrics of a running exchange, at work and before it")
  func metricsOfRunAreClean() async throws {
    let promtool = try #require(Prometheus.tool)
    let now = Timestamp.now
    var atWork = RunStatus(version: "1.2.3", taken: now, started: now)
    atWork.isAtWork = true
    atWork.accounts = ["fagsystem", "a\"} 1\n\\evil{x=\""].map { RunAccount(name: $0) }
    atWork.accounts[0].lastLook = now
    atWork.accounts[0].counts.sent = 7
    atWork.problems.counts = [.accountStopped: 1]
    for status in [atWork, RunStatus(version: "1.2.3", taken: now, started: now)] {
      let text = RunMetrics(status, at: now).families.map { $0.text() }.joined()
      #expect(text.contains("\nfilsluse_run_ready 0\n"))
      let report = await promtool.run(["check", "metrics"], input: text)
      #expect(report.isSuccess, "\(report.summary)")
      #expect(report.output.bytes.isEmpty && report.complaints.bytes.isEmpty, "\(report.complaints.lastLine ?? "")")
    }
  }

  @Test("Prometheus scrapes every sample with a token, and the rules of the documentation take effect")
  func scrapes() async throws {
    let prometheus = try #require(Prometheus.server)
    let token = "et-meget-hemmeligt-tegn"
    try await withScratchFolder { folder in
      try Self.write(token, to: folder.appending("token"))
      try Self.write(try Prometheus.documentedRules(), to: folder.appending("rules.yml"))
      let checked = await Prometheus.tool?.run(["check", "rules", folder.appending("rules.yml").string])
      #expect(checked?.isSuccess == true, "\(checked?.summary ?? "")")

      try await ExampleServer.with(Self.night(), token: AccessToken(token)) { example in
        try Self.write(
          """
          global: {scrape_interval: 500ms, evaluation_interval: 500ms}
          rule_files: [rules.yml]
          scrape_configs:
            - job_name: filsluse
              authorization: {credentials_file: token}
              static_configs: [{targets: ["127.0.0.1:\(example.port)"]}]
          """, to: folder.appending("prometheus.yml"))
        try await prometheus.serve { port in
          [
            "--config.file=\(folder.appending("prometheus.yml"))", "--web.listen-address=127.0.0.1:\(port)",
            "--storage.tsdb.path=\(folder.appending("data"))", "--log.level=warn",
          ]
        } isReady: {
          await ask($0, "/-/ready")?.status == 200
        } _: { port in
          try await Self.expectScraped(Self.night(), at: port)
          try await eventually("alerts by the documented rules") {
            let alerts = try #require(await ask(port, "/api/v1/alerts")).body
            return ["FilslusePickupCritical\"", "FilsluseAlertsLost\"", "FilsluseWatchAway\""].allSatisfy {
              alerts.contains("\"alertname\":\"\($0)")
            }
          }
        }
      }
    }
  }

  private static func expectScraped(_ status: WatchStatus, at port: UInt16) async throws {
    func value(_ query: String) async throws -> Double? {
      let allowed = CharacterSet.alphanumerics
      let encoded = try #require(query.addingPercentEncoding(withAllowedCharacters: allowed))
      let answer = try #require(await ask(port, "/api/v1/query?query=\(encoded)"))
      let json = try JSONDecoder().decode(QueryAnswer.self, from: Data(answer.body.utf8))
      return json.data.result.first.flatMap { $0.value.last?.number }
    }
    try await eventually("a scrape that succeeds") { try await value("up") == 1 }
    let samples = StatusMetrics(status, at: status.taken).text().split(separator: "\n").count { !$0.hasPrefix("#") }
    #expect(try await value("scrape_samples_scraped") == Double(samples))
    #expect(
      try await value(
        #"filsluse_inbox_waiting_files{account="fakturahåndtering",infref="\#(ExampleStatus.sortiment)"}"#) == 3)
    #expect(try await value("filsluse_failing_sinks") == 1)
    #expect(try await value(#"filsluse_expected_outcomes{infref="SF7002",state="late"}"#) == 1)
    #expect(try await value("filsluse_watch_ready") == 0)
  }

  private struct QueryAnswer: Decodable {
    struct Content: Decodable { let result: [Series] }
    struct Series: Decodable { let value: [Item] }
    /// A moment, which is a number, or a value, which is a number in quotes.
    struct Item: Decodable {
      let number: Double?
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let moment = try? container.decode(Double.self) {
          number = moment
        } else {
          number = Double(try container.decode(String.self))
        }
      }
    }
    let data: Content
  }

  private static func write(_ text: String, to path: FilePath) throws {
    try text.write(toFile: path.string, atomically: true, encoding: .utf8)
    #expect(chmod(path.string, 0o600) == 0)
  }
}

/// Debian's Prometheus.
private enum Prometheus {
  static let server = Neighbour("prometheus", of: "prometheus")
  static let tool = Neighbour("promtool", of: "prometheus")
  static var isThere: Bool { server != nil && tool != nil }

  /// The rules that the documentation recommends, as a file of rules.
  static func documentedRules() throws -> String {
    let page = try String(contentsOf: Documentation.page("Console", of: "WatchConsole"), encoding: .utf8)
    let block = try #require(page.firstMatch(of: #/```\n(- alert: (?:.|\n)*?)```/#)).output.1
    let lines = block.split(separator: "\n").map { "      \($0)" }
    return "groups:\n  - name: filsluse\n    rules:\n" + lines.joined(separator: "\n") + "\n"
  }
}
