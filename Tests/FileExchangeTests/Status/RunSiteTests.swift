import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange
@testable import FilsluseHTTP

/// The metrics and health of `filsluse run`, of a real run against a real server.
@Suite(.timeLimit(.minutes(25))) struct RunSiteTests {
  /// A part of the JSON, as a program reads it.
  private struct Report: Decodable {
    struct Shown: Decodable {
      let account: String
      let connection: String
      let sent: Int
      let accepted: Int
      let refused: Int
      let collected: Int
      let openDeliveries: [String: Int]
    }

    struct Waiting: Decodable {
      let counts: [String: Int]
      let problems: [Problem]
    }

    struct Problem: Decodable {
      let kind: String
      let account: String?
      let subject: String
    }

    let form: Int
    let version: String
    let isAtWork: Bool
    let isReady: Bool
    let accounts: [Shown]
    let waiting: Waiting
  }

  private func report(_ page: RunPage) async throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(try await page.get("/api/status.json").body.utf8))
  }

  @Test("counts what was sent, answered and collected, and shows what waits, without the name of any file")
  func countsWork() async throws {
    try await RunningExchange.with { running in
      try await RunPage.with(running.monitor) { page in
        try await eventually("ready") { try await page.get("/readyz").status == 200 }
        for name in ["a.csv", "b.csv"] { try running.put(name) }
        try await eventually("two in OUT") {
          try await page.metrics()[#"filsluse_run_open_deliveries{account="account",state="triggered"}"#] == 2
        }
        try running.test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
        try running.test.take(
          "b.csv", receipt: .errors([try ReceiptError(code: 1, codeDescription: "X", description: "x")]))
        for name in ["c.csv", "d.csv", "e.csv"] { try running.test.arrive(name) }
        let expected: [String: Double] = [
          #"filsluse_run_deliveries_total{account="account"}"#: 2,
          #"filsluse_run_receipts_total{account="account",outcome="accepted"}"#: 1,
          #"filsluse_run_receipts_total{account="account",outcome="refused"}"#: 1,
          #"filsluse_run_arrivals_total{account="account"}"#: 3,
          #"filsluse_run_open_deliveries{account="account",state="triggered"}"#: 0,
          #"filsluse_run_open_problems{kind="refused"}"#: 1,
          #"filsluse_run_connection{account="account",state="connected"}"#: 1,
          #"filsluse_run_connection{account="account",state="stopped"}"#: 0,
          "filsluse_run_ready": 1,
        ]
        try await eventually("counted") {
          let metrics = try await page.metrics()
          return expected.allSatisfy { metrics[$0.key] == $0.value }
        }
        #expect(try await page.get("/healthz").status == 200)
        #expect(try await page.get("/metrics").body.contains("csv") == false)
        let report = try await self.report(page)
        #expect(report.form == 1 && report.version == "0.0.0-test" && report.isAtWork && report.isReady)
        let account = try #require(report.accounts.first)
        #expect(account.account == "account" && account.connection == "connected")
        #expect(account.sent == 2 && account.accepted == 1)
        #expect(account.refused == 1 && account.collected == 3)
        #expect(account.openDeliveries.isEmpty)
        #expect(report.waiting.counts == ["refused": 1])
        #expect(report.waiting.problems.map(\.kind) == ["refused"])
      }
    }
  }

  @Test("counts the failed tries of an arrival and that it is set aside, and no receipt that stays unreadable in IN")
  func failedTries() async throws {
    try await RunningExchange.with { running in
      let test = running.test
      let tries = test.exchange.patience.retry.triesPerFile
      let suffix = test.exchange.settings.accounts[0].suffixes.receipt
      try test.write(Data("no receipt".utf8), to: test.incoming.appending("foreign.csv" + suffix))
      try await putSocket(at: test.incoming.appending("poison.csv"))
      try test.write(
        Data(try test.metadata("poison.csv", size: 0).xml()), to: test.incoming.appending("poison.csv.metadata"))
      let setAside = #"filsluse_run_set_aside_total{account="account"}"#
      let arrivals = #"filsluse_run_arrivals_total{account="account"}"#
      try await RunPage.with(running.monitor) { page in
        // Only a server that gives other files with the same look says something of this one.
        for number in 1...100 {
          try test.arrive("good\(number).csv")
          try await eventually("good\(number).csv is collected") {
            try await page.metrics()[arrivals] == Double(number)
          }
          if try await page.metrics()[setAside] == 1 { break }
        }
        let metrics = try await page.metrics()
        #expect(metrics[setAside] == 1)
        #expect(metrics[#"filsluse_run_retries_total{account="account",work="collecting"}"#] == Double(tries - 1))
        #expect(try await test.journal.arrivals().filter { $0.state == .setAside }.map(\.tries) == [tries])
      }
    }
  }

  @Test("shows a stopped account in readiness, metrics and the list of what waits for a person")
  func stoppedAccount() async throws {
    let wrong = KeyFingerprint(of: [])
    try await RunningExchange.with({ settings in
      var other = settings.accounts[0]
      other.name = "other"
      other.hostKeys = .pinned([wrong])
      settings.accounts.append(other)
    }) { running in
      let token = "et-meget-hemmeligt-tegn"
      try await RunPage.with(running.monitor) { page in
        let stopped = #"filsluse_run_connection{account="other",state="stopped"}"#
        try await eventually("stopped, and in the list") {
          let metrics = try await page.metrics()
          return metrics[stopped] == 1 && metrics[#"filsluse_run_open_problems{kind="account-stopped"}"#] == 1
        }
        let metrics = try await page.metrics()
        #expect(metrics["filsluse_run_ready"] == 0)
        #expect(metrics[#"filsluse_run_connection{account="account",state="stopped"}"#] == 0)
        #expect(try #require(metrics[#"filsluse_run_connection_failures_total{account="other"}"#]) >= 1)
        let readiness = try await page.get("/readyz")
        #expect(readiness.status == 503)
        #expect(readiness.body.contains("\nother: stopped: ") && readiness.body.contains("host key"))
        #expect(!readiness.body.contains("\naccount: stopped"))
        // Its loops turn: a restart would mend nothing.
        #expect(try await page.get("/healthz").status == 200)
        let report = try await self.report(page)
        #expect(!report.isReady && report.accounts.map(\.connection).last == "stopped")
        #expect(report.waiting.problems.contains { $0.kind == "account-stopped" && $0.account == "other" })
      }
      try await RunPage.with(running.monitor, token: AccessToken(token)) { page in
        try await eventually("still not ready") { try await page.get("/readyz").status == 503 }
        #expect(try await page.get("/readyz").body.contains("other") == false)
      }
    }
  }

  @Test("is not healthy when its loops stand still, and names them to those who may see it")
  func stuckLoops() async throws {
    try await RunningExchange.with { running in
      try await eventually("ready") { await running.monitor.status().unreadiness(at: .now).isEmpty }
      let address = try HTTPAddress("127.0.0.1:0")
      let request = HTTPRequest(method: .get, path: "/healthz")
      for token in [nil, AccessToken("et-meget-hemmeligt-tegn")] {
        let access = try SiteAccess(at: address, hostNames: [], token: token)
        let site = RunSite(running.monitor, access: access, logger: Logger(label: "status-test"))
        #expect(await site.answer(request).status == .ok)
        // All loops beat many times in an hour: by this clock none has.
        let later = RunSite(
          running.monitor, access: access, logger: Logger(label: "status-test"), clock: { .now + .seconds(3600) })
        let answer = await later.answer(request)
        #expect(answer.status == .unavailable)
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "5 of the loops of the exchange stand still")
        #expect(lines.count == (token == nil ? 6 : 1) && lines.contains("supervision") == (token == nil))
      }
    }
  }

  @Test("after three wrong tokens a wrong one is told to wait, and the right one is answered all the time")
  func pause() async throws {
    let (token, now) = ("et-meget-hemmeligt-tegn", ContinuousClock.now)
    let access = try SiteAccess(
      at: HTTPAddress("127.0.0.1:0"), hostNames: [], token: AccessToken(token), pauses: LoginPauses(clock: { now }))
    let site = RunSite(RunMonitor(version: "1.2.3"), access: access, logger: Logger(label: "status-test"))
    func ask(_ path: String, _ token: String) async -> HTTPResponse {
      var request = HTTPRequest(method: .get, path: path)
      request.headers["authorization"] = "Bearer \(token)"
      return await site.answer(request)
    }
    #expect(await ask("/metrics", token).status == .ok)
    for path in ["/metrics", "/readyz", "/api/status.json"] { _ = await ask(path, "wrong") }
    for path in ["/metrics", "/api/status.json"] {
      let paused = await ask(path, "wrong")
      #expect(paused.status == .tooManyRequests && paused.headers["Retry-After"] == "1", "\(path)")
      #expect(await ask(path, token).status == .ok, "\(path)")
    }
    #expect(await ask("/healthz", token).status == .ok)
    #expect(await ask("/readyz", token).status == .unavailable)
  }

  @Test("before a run and after it the process is alive and not ready")
  func withoutRun() async throws {
    try await RunPage.with(RunMonitor(version: "1.2.3")) { page in
      #expect(try await page.get("/healthz").status == 200)
      let readiness = try await page.get("/readyz")
      #expect(readiness.status == 503 && readiness.body.hasPrefix("not ready, for 1 reason\n"))
      #expect(readiness.body.contains("has not begun its work"))
      let metrics = try await page.metrics()
      #expect(metrics["filsluse_run_ready"] == 0)
      #expect(metrics[#"filsluse_build_info{version="1.2.3"}"#] == 1)
      #expect(!metrics.keys.contains { $0.contains("open_problems") })
    }
    let monitors = Locked<[RunMonitor]>([])
    try await RunningExchange.with { running in
      monitors.withLock { $0.append(running.monitor) }
      try await eventually("ready") { await running.monitor.status().unreadiness(at: .now).isEmpty }
    }
    let ended = try #require(monitors.withLock { $0 }.first)
    #expect(await ended.status().unreadiness(at: .now) == [.notAtWork])
    #expect(ended.stuckLoops(at: .now).isEmpty)
  }

  @Test("shows nothing without the token, and changes nothing for anybody")
  func access() async throws {
    let token = "et-meget-hemmeligt-tegn"
    try await RunPage.with(RunMonitor(version: "1.2.3"), token: AccessToken(token)) { page in
      for path in ["/metrics", "/api/status.json"] {
        let refused = try await page.get(path)
        #expect(refused.status == 401 && !refused.body.contains("1.2.3"), "\(path)")
        #expect(refused.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        #expect(try await page.ask("GET", path, "Authorization: Bearer wrong").status == 401)
        #expect(try await page.ask("GET", path, "Authorization: Bearer \(token)").status == 200)
      }
      #expect(try await page.get("/healthz").status == 200)
      #expect(try await page.get("/readyz").status == 503)
    }
    try await RunPage.with(RunMonitor(version: "1.2.3")) { (page: RunPage) async throws -> Void in
      #expect(try await page.ask("GET", "/metrics", host: "evil.example.org").status == 421)
      #expect(try await page.ask("GET", "/metrics", host: "127.0.0.1:8651").status == 200)
      #expect(try await page.ask("POST", "/metrics", "Content-Length: 0").status == 404)
      #expect(try await page.get("/").status == 404)
      #expect(try await page.ask("GET", "/", "Accept-Language: da").body.hasPrefix("her er intet; se /metrics"))
      #expect(try await page.get("/metrics/../healthz").status == 404)
    }
    let monitor = RunMonitor(version: "1.2.3")
    let error = #expect(throws: StatusServerError.self) {
      try StatusServer(at: HTTPAddress("0.0.0.0:0"), monitor: monitor, logger: Logger(label: "status-test"))
    }
    #expect(error?.description.contains("without a token") == true)
    #expect(error?.isRetriable == false)
  }
}
