import ExchangeSettings
import FilsluseBase
import FilsluseStore
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite struct OpenProblemsTests {
  private static let account = Account(
    name: "fagsystem", host: "127.0.0.1", user: "fagsystem", key: "key", hostKeys: .pinned([]))
  private static let later = Timestamp.now.later(by: .seconds(86_400))

  private func withJournal(on database: JournalDatabase, _ body: (Journal) async throws -> Void) async throws {
    try await database.withJournal { journal in
      try await body(journal)
      try await journal.close()
    }
  }

  @Test("lists what the states of deliveries and arrivals show, each under its kind", arguments: JournalDatabase.here)
  func listsWhatStatesShow(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      #expect(try await journal.openProblems(of: [Self.account], at: Self.later).isEmpty)
      try await SampleJournal.fill(journal)
      let all = try await journal.openProblems(of: [Self.account], at: Self.later)
      let deliveries = try await journal.deliveries(of: "fagsystem")
      func numbers(_ states: DeliveryState...) -> Set<String> {
        Set(deliveries.filter { states.contains($0.state) }.map { "D\($0.id)" })
      }
      func subjects(_ kind: OpenProblem.Kind) -> Set<String> {
        Set(all.problems.filter { $0.key.kind == kind }.map(\.key.subject))
      }
      #expect(subjects(.refused) == numbers(.refused) && !subjects(.refused).isEmpty)
      #expect(subjects(.overdue) == numbers(.triggered, .taken, .overdue))
      #expect(subjects(.abandoned) == numbers(.staged, .uploading, .uploaded, .armed, .triggering))
      let arrivals = try await journal.arrivals().filter { $0.account == "fagsystem" }
      for (kind, state) in [(OpenProblem.Kind.quarantined, ArrivalState.quarantined), (.setAside, .setAside)] {
        #expect(subjects(kind) == Set(arrivals.filter { $0.state == state }.map { "A\($0.id)" }))
      }
      #expect(all.problems.allSatisfy { !$0.message.contains("010190-1234") && !$0.remedy.isEmpty })
      #expect(all.count == all.problems.count)
    }
  }

  @Test("counts all of a kind where it returns the oldest alone", arguments: JournalDatabase.here)
  func countsAll(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      for number in 1...5 { try await SampleJournal.add(.refused, to: journal, named: "fil\(number).csv") }
      let all = try await journal.openProblems(of: [Self.account], at: Self.later, most: 2)
      #expect(all.problems.map(\.key.subject) == ["D1", "D2"])
      #expect(all.counts == [.refused: 5])
    }
  }

  @Test(
    "no longer lists a refused delivery that was sent again, and lists the later one if that is refused too",
    arguments: JournalDatabase.here)
  func laterDeliveryTakesItsPlace(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.refused, to: journal, named: "fil.csv")
      try await SampleJournal.add(.accepted, to: journal, named: "fil.csv", again: true)
      #expect(try await journal.openProblems(of: [Self.account]).isEmpty)
      try await SampleJournal.add(.refused, to: journal, named: "fil.csv", again: true)
      #expect(try await journal.openProblems(of: [Self.account]).problems.map(\.key.subject) == ["D3"])
    }
  }

  @Test("closes a refused delivery for good, with the reason in the journal", arguments: JournalDatabase.here)
  func closesARefusedDelivery(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.refused, to: journal, named: "fil.csv")
      let closed = try await journal.closeProblems(
        about: "D1", of: [Self.account], because: "sendt pr. brev om 010190-1234")
      #expect(closed == [.refused])
      #expect(try await journal.openProblems(of: [Self.account]).isEmpty)
      let entry = try #require(try await journal.entries(about: .journal).last)
      #expect(entry.state == "problem-closed" && entry.detail == "refused D1: sendt pr. brev om ******-****")
      #expect(
        try await journal.closeProblems(about: "D1", of: [Self.account], because: "igen").isEmpty,
        "it is closed already")
      #expect(try await journal.check() == [])
    }
  }

  /// The plan is what keeps `filsluse status` quick in a journal of a million deliveries: no finished row is read.
  @Test("finds what the states show by the indexes of what is open or refused")
  func byIndex() async throws {
    try await withJournal(on: .sqlite) { journal in
      let plans = try await journal.read { database in
        try OpenProblem.Kind.allCases.compactMap { kind -> (kind: OpenProblem.Kind, plan: [String])? in
          guard let query = ProblemQuery(kind, Self.account, at: Self.later) else { return nil }
          let rows = try database.rows("EXPLAIN QUERY PLAN \(query.counting)", query.arguments)
          return (kind, try rows.map { try $0.text(3) })
        }
      }
      #expect(Set(plans.map(\.kind)) == [.refused, .overdue, .quarantined, .setAside, .hookFails])
      let indexes: [OpenProblem.Kind: String] = [.refused: "delivery_refused", .overdue: "delivery_open_name"]
      for (kind, plan) in plans {
        let index = indexes[kind, default: "arrival_state"]
        #expect(plan.first?.contains("INDEX \(index) (account=?") == true, "\(kind): \(plan)")
      }
    }
  }

  /// The statements that a reader of a journal has prepared: SQLite lists them itself.
  private static func prepared(by journal: Journal) async throws -> Set<String> {
    try await journal.read { database in
      Set(try database.rows("SELECT sql FROM sqlite_stmt").map { try $0.text(0) })
    }
  }

  @Test("finds all that the list of open problems names without a walk through deliveries or arrivals")
  func everyQueryByIndex() async throws {
    try await withJournal(on: .sqlite) { journal in
      try await SampleJournal.fill(journal)
      let before = try await Self.prepared(by: journal)
      // Without accounts all unfinished work is that of an account that is gone from the settings.
      for accounts in [[Self.account], []] { _ = try await journal.openProblems(of: accounts, at: Self.later) }
      _ = try await journal.waitingDeliveries(of: [Self.account])
      let run = try await Self.prepared(by: journal).subtracting(before).filter {
        $0.hasPrefix("SELECT") || $0.hasPrefix("WITH")
      }
      for table in ["delivery", "arrival", "observed_problem", "inbox_look", "business_answer"] {
        #expect(run.contains { $0.contains("FROM \(table)") }, "no query of \(table) among \(run)")
      }
      let plans = try await journal.read { database in
        try run.map { sql -> (sql: String, steps: [String]) in
          let plain = sql.replacing(/\?[0-9]*/, with: "1")
          let rows = try database.rows("EXPLAIN QUERY PLAN \(plain)")
          return (sql, try rows.map { try $0.text(3) })
        }
      }
      #expect(
        plans.contains { $0.sql.contains("'taken', 'overdue') AND changed_at >= ") }, "no query of what is under way")
      // These tables hold open problems, accounts and answers alone.
      let small: Set<Substring> = ["observed_problem", "inbox_look", "named", "business_answer"]
      for (sql, steps) in plans {
        let walked = steps.filter { $0.hasPrefix("SCAN ") }.map { $0.split(separator: " ")[1] }
        #expect(Set(walked).isSubset(of: small), "\(sql): \(steps)")
        let isRepeated = zip(steps, steps.dropFirst()).contains { $0.hasPrefix("CORRELATED") && $1.hasPrefix("SCAN") }
        #expect(!isRepeated, "\(sql): \(steps)")
      }
    }
  }

  @Test(
    "shows deliveries that wait for their next command until a process works on them or they are problems",
    arguments: JournalDatabase.here)
  func waitingDeliveries(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.fill(journal)
      let waiting = try await journal.waitingDeliveries(of: [Self.account])
      let deliveries = try await journal.deliveries(of: "fagsystem").filter { !$0.state.isFinished }
      #expect(Set(waiting.map(\.number)) == Set(deliveries.map { "D\($0.id)" }) && !waiting.isEmpty)
      for delivery in waiting {
        #expect(!delivery.fileName.contains("010190-1234") && delivery.route == "flis-0101")
        let isCommitted = delivery.state.awaitsReceipt
        #expect(delivery.next.en.contains("receipt") == isCommitted, "\(delivery)")
        #expect(delivery.next.da.contains("kvittering") == isCommitted, "\(delivery)")
      }
      // None of them is a problem already, and later each of them is one and no longer under way.
      let problems = try await journal.openProblems(of: [Self.account]).problems.compactMap(\.number)
      #expect(Set(problems).isDisjoint(with: waiting.map(\.number)))
      let late = try await journal.waitingDeliveries(of: [Self.account], at: Self.later)
      #expect(late.isEmpty)
      let other = Account(name: "other", host: "127.0.0.1", user: "u", key: "key", hostKeys: .pinned([]))
      let ofOther = try await journal.waitingDeliveries(of: [other])
      #expect(ofOther.isEmpty)
      let first = try #require(deliveries.first)
      let isHeld = try await journal.withClaim(on: .delivery(first.id)) { () async throws(ExchangeError) -> Bool in
        try await journal.waitingDeliveries(of: [Self.account]).allSatisfy { $0.number != "D\(first.id)" }
      }
      #expect(isHeld == true, "a process is working on it")
      let besideRun = try await journal.withClaim(on: .unattendedRun) { () async throws(ExchangeError) -> Bool in
        try await journal.waitingDeliveries(of: [Self.account]).allSatisfy { !$0.state.awaitsReceipt }
      }
      #expect(besideRun == true, "an unattended run collects the receipts")
    }
  }

  @Test("opens a closed quarantine again when the arrival changes", arguments: JournalDatabase.here)
  func opensAgain(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.fill(journal)
      var arrival = try #require(try await journal.arrivals().first { $0.state == .quarantined })
      let account = Account(
        name: arrival.account, host: "127.0.0.1", user: "u", key: "key", hostKeys: .pinned([]))
      _ = try await journal.closeProblems(about: "A\(arrival.id)", of: [account], because: "aftalt")
      func isOpen() async throws -> Bool {
        try await journal.openProblems(of: [account]).problems.contains { $0.key.subject == "A\(arrival.id)" }
      }
      #expect(try await !isOpen())
      try await Task.sleep(for: .milliseconds(5))
      arrival.reason = .recorded("another sender")
      arrival = try await journal.record(arrival)
      #expect(try await isOpen())
    }
  }

  @Test("does not close problems that end by themselves", arguments: JournalDatabase.here)
  func overdueCannotBeClosed(on database: JournalDatabase) async throws {
    try await withJournal(on: database) { journal in
      try await SampleJournal.add(.overdue, to: journal, named: "fil.csv")
      #expect(
        try await journal.closeProblems(about: "D1", of: [Self.account], because: "x", at: Self.later) == [])
      #expect(try await journal.openProblems(of: [Self.account], at: Self.later).counts == [.overdue: 1])
    }
  }
}
