import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange
@testable import FilsluseHTTP

/// The metrics of `filsluse run`: their names, their labels, and the queries behind them.
@Suite struct RunMetricsTests {
  private static let account = Account(
    name: "fagsystem", host: "127.0.0.1", user: "fagsystem", key: "key", hostKeys: .pinned([]))

  private static func status() -> RunStatus {
    let now = Timestamp.now
    var status = RunStatus(version: "1.2.3", taken: now, started: now)
    status.isAtWork = true
    var account = RunAccount(name: "fagsystem")
    account.connection = .connected
    account.lastLook = now
    status.accounts = [account]
    return status
  }

  private static func text(_ status: RunStatus) -> String {
    RunMetrics(status, at: status.taken).families.map { $0.text() }.joined()
  }

  @Test("the documentation names every metric that is served, its type and its labels, and no other")
  func documented() throws {
    var root = URL(filePath: #filePath)
    while root.lastPathComponent != "Tests", root.path().count > 1 { root.deleteLastPathComponent() }
    let page = try String(
      contentsOf: root.deletingLastPathComponent().appending(
        path: "Sources/FileExchange/FileExchange.docc/RunMetrics.md"), encoding: .utf8)
    var documented: [String: String] = [:]
    for row in page.matches(of: #/\| `(filsluse_[a-z_]+)` \| ([a-z]+) \|([^|]*)\| [^|]+ \|/#) {
      let labels = row.output.3.matches(of: #/`([a-z]+)`/#).map { String($0.output.1) }
      let entry = "\(row.output.2) \(labels.sorted())"
      #expect(documented.updateValue(entry, forKey: String(row.output.1)) == nil, "\(row.output.1) comes twice")
    }
    var served: [String: String] = [:]
    for family in RunMetrics(Self.status(), at: .now).families {
      let labels = Set(family.samples.flatMap { sample in sample.labels.map { $0.name } })
      served[family.name] = "\(family.kind.rawValue) \(labels.sorted())"
    }
    #expect(served == documented)
    #expect(served.count > 10)
  }

  @Test("a hostile name of an account stays inside its label")
  func hostile() {
    var status = Self.status()
    status.accounts[0].name = "a\"} 1\n\\evil{x=\""
    let samples = RunPage.samples(of: Self.text(status))
    #expect(samples[#"filsluse_run_deliveries_total{account="a\"} 1\n\\evil{x=\""}"#] == 0)
  }

  @Test("shows nothing of the journal while it cannot be read, and is not ready")
  func journalAway() {
    var status = Self.status()
    #expect(RunPage.samples(of: Self.text(status))["filsluse_run_ready"] == 1)
    status.journalTrouble = "disk full"
    let samples = RunPage.samples(of: Self.text(status))
    #expect(samples["filsluse_run_ready"] == 0)
    #expect(!samples.keys.contains { $0.contains("_open_") })
    #expect(samples[#"filsluse_run_deliveries_total{account="fagsystem"}"#] == 0)
  }

  @Test("is not ready while IN was never looked into, or too long ago, and in readiness names the account")
  func looks() {
    var status = Self.status()
    let now = status.taken
    status.accounts[0].lookWithinSeconds = 600
    status.accounts[0].lastLook = now.earlier(by: .seconds(600))
    #expect(status.unreadiness(at: now).isEmpty)
    let long = now.earlier(by: .seconds(601))
    status.accounts[0].lastLook = long
    #expect(status.unreadiness(at: now) == [.notLookedLately(account: "fagsystem", long)])
    status.accounts[0].lastLook = nil
    #expect(status.unreadiness(at: now) == [.neverLooked(account: "fagsystem")])
    status.accounts[0].connection = .stopped
    status.accounts[0].failure = "refused"
    #expect(status.unreadiness(at: now) == [.stopped(account: "fagsystem", "refused")])
  }

  @Test(
    "counts every delivery and arrival that is not finished under its state, and no other",
    arguments: JournalDatabase.here)
  func openWork(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      try await SampleJournal.fill(journal)
      let open = try #require(try await journal.openWork(of: [Self.account])["fagsystem"])
      let deliveries = try await journal.deliveries(of: "fagsystem").filter { !$0.state.isFinished }
      #expect(open.deliveries == Dictionary(grouping: deliveries, by: \.state).mapValues(\.count))
      #expect(Set(open.deliveries.keys) == Set(DeliveryState.allCases.filter { !$0.isFinished }))
      let arrivals = try await journal.arrivals().filter { $0.account == "fagsystem" && !$0.state.isFinished }
      #expect(open.arrivals == Dictionary(grouping: arrivals, by: \.state).mapValues(\.count))
      #expect(Set(open.arrivals.keys) == Set(ArrivalState.allCases.filter { !$0.isFinished }))
      try await journal.close()
    }
  }

  /// The plan is what keeps the queries quick in a journal of a million deliveries: no finished row is read.
  @Test("finds what is not finished by the indexes of what is open")
  func openWorkByIndex() async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      let plans = try await journal.read { database in
        try [OpenWork.deliveriesByState, OpenWork.arrivalsByState].map { sql in
          try database.rows("EXPLAIN QUERY PLAN \(sql)", ["fagsystem"]).map { try $0.text(3) }
        }
      }
      #expect(plans[0].first == "SEARCH delivery USING INDEX delivery_open_name (account=?)")
      #expect(plans[1] == ["SEARCH arrival USING COVERING INDEX arrival_state (account=? AND state=?)"])
      try await journal.close()
    }
  }
}
