import FilsluseBase
import FilsluseStore
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite struct ListingTests {
  private func lines(_ journal: Journal, _ adjust: (inout JournalFilter) -> Void = { _ in }) async throws
    -> [JournalLine]
  {
    var filter = JournalFilter()
    adjust(&filter)
    let lines = Locked<[JournalLine]>([])
    try await journal.lines(filter) { line in lines.withLock { $0.append(line) } }
    return lines.withLock { $0 }
  }

  @Test("lists the rows of every filter", arguments: JournalDatabase.here)
  func showsWhatEveryFilterLetsPass(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      try await SampleJournal.fill(journal)
      let deliveries = try await journal.deliveries()
      let arrivals = try await journal.arrivals()
      let all = try await lines(journal)
      #expect(all.count == deliveries.count + arrivals.count)
      #expect(all.map(\.begun) == all.map(\.begun).sorted())
      #expect(
        try await lines(journal) { $0.state = .delivery(.accepted) }.map(\.subject)
          == deliveries.filter { $0.state == .accepted }.map { .delivery($0.id) })
      #expect(try await lines(journal) { $0.route = "flis-0101" }.count == deliveries.count)
      #expect(try await lines(journal) { $0.infRef = InfRef(unchecked: TestExchange.infRef) } == all)
      #expect(try await lines(journal) { $0.infRef = InfRef(unchecked: TestExchange.infRef.lowercased()) } == [])
      #expect(try await lines(journal) { $0.account = "fagsystem' OR 1=1 --" } == [])
      let first = try #require(all.first)
      let today = WallClock.denmark.reading(at: first.begun).day
      #expect(try await lines(journal) { $0.restrict(to: today) }.count > 0)
      #expect(try await lines(journal) { $0.restrict(to: today.later(byDays: -1)) } == [])
      #expect(
        try await lines(journal) {
          $0.before = all[3].begun; $0.state = .delivery(.staged)
        }.count <= 1)
    }
  }

  @Test("lists of a day are found by an index on the time in a file too, with and without an account")
  func findsDaysByAnIndex() async throws {
    let day = try #require(CivilDay("2026-11-23"))
    try await JournalDatabase.sqlite.withJournal { journal in
      for account in [nil, "fagsystem"] {
        var filter = JournalFilter()
        filter.account = account
        filter.restrict(to: day)
        let plans = try await journal.read { [filter] database -> [String] in
          try [("delivery", "staged_at"), ("arrival", "seen_at")].map { table, begun -> String in
            let condition = filter.condition(begun: begun)
            let plan = try database.rows(
              "EXPLAIN QUERY PLAN SELECT id FROM \(table) WHERE \(condition.sql) ORDER BY id", condition.arguments)
            return try plan.map { try $0.text(3) }.joined(separator: "\n")
          }
        }
        #expect(plans[0].contains("delivery_begun"), "\(plans)")
        #expect(plans[1].contains("arrival_begun"), "\(plans)")
      }
    }
  }

  @Test("deliveries and arrivals come in the order of their beginning", arguments: JournalDatabase.here)
  func deliveriesAndArrivalsComeInTheOrderOfTheirBeginning(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      for round in 0..<4 {
        try await SampleJournal.add(.staged, to: journal, named: "ud \(round)")
        _ = try await journal.see(
          .init(
            account: "fagsystem", fileTransferUUID: "\(round)", wireName: "ind \(round)", size: 1, infRef: nil,
            sender: "flis", metadata: []))
        try await Task.sleep(for: .milliseconds(3))
      }
      let names = (0..<4).flatMap { ["ud \($0)", "ind \($0)"] }
      let listed = try await lines(journal).map(\.wireName.string)
      #expect(Set(listed) == Set(names))
      for round in 0..<4 { #expect(Set(listed[2 * round...2 * round + 1]) == Set(names[2 * round...2 * round + 1])) }
      let exported = Locked<[String]>([])
      try await journal.each { delivery in
        exported.withLock { $0.append(delivery.wireName.string) }
      } arrival: { arrival in
        exported.withLock { $0.append(arrival.wireName.string) }
      }
      #expect(exported.withLock { $0 } == listed)
    }
  }
}
