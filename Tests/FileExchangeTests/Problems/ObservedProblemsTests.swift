import ExchangeSettings
import FilsluseBase
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct ObservedProblemsTests {
  private static let key = OpenProblem.Key(.folderGone, account: "fagsystem", subject: "/srv/ud")
  private static let began = Timestamp(secondsSince1970: 1_700_000_000)
  /// The account of the problems.
  private static let account = Account(
    name: "fagsystem", host: "127.0.0.1", user: "fagsystem", key: "key", hostKeys: .pinned([]))

  private func gone(_ message: String = "gone", at since: Timestamp = began) -> OpenProblem {
    OpenProblem(Self.key, message: message, remedy: "make it", since: since)
  }

  @Test(
    "keeps when a problem began, takes its newest text, and forgets it when it is over", arguments: JournalDatabase.here
  )
  func keepsTheBeginning(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      let problems = ObservedProblems(in: journal)
      #expect(problems.raise(gone()))
      #expect(!problems.raise(gone("another one is there", at: .now)))
      try await problems.synchronize()
      let shown = try await journal.openProblems(of: [Self.account])
      #expect(shown.problems == [gone("another one is there")])
      #expect(problems.resolve(Self.key, "it is back")?.message == "another one is there")
      #expect(problems.resolve(Self.key, "it is back") == nil)
      try await problems.synchronize()
      #expect(try await journal.openProblems(of: [Self.account]).isEmpty)
      try await journal.close()
    }
  }

  @Test("takes up what another process observed, and ends it", arguments: JournalDatabase.here)
  func takesUp(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      let first = ObservedProblems(in: journal)
      first.raise(gone())
      try await first.synchronize()
      let second = ObservedProblems(in: journal)
      try await second.synchronize()
      #expect(second.takenUp.map(\.key) == [Self.key])
      second.raise(gone(at: .now))
      #expect(second.takenUp.isEmpty && second.open.map(\.since) == [Self.began])
      second.resolve(Self.key, "it is back")
      try await second.synchronize()
      try await first.synchronize()
      #expect(first.open.isEmpty)
      try await journal.close()
    }
  }

  @Test("keeps what the journal cannot take, and writes it when it can")
  func keepsWhatTheJournalCannotTake() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let journal = try await Journal.open(path)
      let problems = ObservedProblems(in: journal)
      // Another process holds the journal for longer than a writer waits.
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: path.string, configuration: configuration)
      try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      problems.raise(gone())
      let failure = await #expect(throws: ExchangeError.self) { try await problems.synchronize() }
      #expect(failure?.code == .journal)
      #expect(problems.unwritten.map(\.key) == [Self.key])
      try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
      try other.close()
      try await problems.synchronize()
      #expect(try await journal.openProblems(of: [Self.account]).problems == [gone()])
      try await journal.close()
    }
  }

  @Test(
    "hides an observed problem that a person has closed, until it is observed as a new one",
    arguments: JournalDatabase.here)
  func closed(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      let problems = ObservedProblems(in: journal)
      let key = OpenProblem.Key(.setAside, account: "fagsystem", subject: "/srv/ud/set-aside/x/010190-1234.csv")
      problems.raise(OpenProblem(key, message: "set aside", remedy: "", since: Self.began))
      problems.raise(gone())
      try await problems.synchronize()
      #expect(
        try await journal.closeProblems(about: "/srv/ud", of: [Self.account], because: "x") == [],
        "a folder that is gone ends by itself")
      let closed = try await journal.closeProblems(
        about: "/srv/ud/set-aside/x/010190-1234.csv", of: [Self.account], because: "sendt pr. brev")
      #expect(closed == [.setAside])
      #expect(try await journal.openProblems(of: [Self.account]).counts == [.folderGone: 1])
      problems.resolve(key, "it is gone")
      problems.raise(OpenProblem(key, message: "set aside", remedy: "", since: .now.later(by: .seconds(1))))
      try await problems.synchronize()
      #expect(try await journal.openProblems(of: [Self.account]).counts == [.folderGone: 1, .setAside: 1])
      try await journal.close()
    }
  }

  @Test(
    "lists an account that is gone from the settings once, with its unfinished work", arguments: JournalDatabase.here)
  func removedAccount(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      try await SampleJournal.add(.uploading, to: journal, named: "a.csv")
      try await SampleJournal.add(.accepted, to: journal, named: "b.csv")
      #expect(try await journal.openProblems(of: [Self.account]).isEmpty)
      let open = try await journal.openProblems(of: [])
      #expect(open.problems.map(\.key) == [OpenProblem.Key(.removedUnfinished, account: "fagsystem", subject: "")])
      #expect(open.problems[0].message.hasSuffix("1 of its deliveries and arrivals are unfinished: D1"))
      try await journal.close()
    }
  }

  @Test(
    "lists an IN that was not looked into for longer than a process promised, and not one without a promise",
    arguments: JournalDatabase.here)
  func uncollected(on database: JournalDatabase) async throws {
    try await database.withJournal { journal in
      func kinds(after wait: Duration) async throws -> [OpenProblem.Kind] {
        try await journal.openProblems(of: [Self.account], at: Self.began.later(by: wait)).problems.map(\.kind)
      }
      #expect(try await kinds(after: .seconds(86_400)).isEmpty)
      try await journal.noteLook(into: "fagsystem", at: Self.began, nextWithin: .seconds(3600))
      #expect(try await kinds(after: .seconds(3599)).isEmpty)
      #expect(try await kinds(after: .seconds(3601)) == [.inboxNotCollected])
      try await journal.promiseLook(into: "fagsystem", within: .seconds(7200))
      #expect(try await kinds(after: .seconds(3601)).isEmpty)
      #expect(try await kinds(after: .seconds(7201)) == [.inboxNotCollected])
      try await journal.noteLook(into: "fagsystem", at: Self.began, nextWithin: nil)
      #expect(try await kinds(after: .seconds(86_400)).isEmpty)
      try await journal.close()
    }
  }
}
