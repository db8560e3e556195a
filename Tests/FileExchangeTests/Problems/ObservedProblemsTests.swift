import ExchangeSettings
import FilsluseSystem
import GRDB
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite struct ObservedProblemsTests {
  private static let key = OpenProblem.Key(.folderGone, account: "fagsystem", subject: "/srv/ud")
  private static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  private func changes(_ log: Locked<[String]>) -> @Sendable (ObservedProblems.Change) -> Void {
    { change in
      log.withLock { log in
        switch change {
        case .raised(let problem): log.append("raised \(problem.message)")
        case .resolved(let problem): log.append("resolved \(problem.message)")
        }
      }
    }
  }

  @Test("tells of a problem once, keeps when it began, and tells when it is over")
  func tellsOnce() async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      let log = Locked<[String]>([])
      let problems = try await ObservedProblems(in: journal, logger: Self.quiet, onChange: changes(log))
      let began = Timestamp(secondsSince1970: 1_700_000_000)
      problems.raise(Self.key, message: "gone", remedy: "make it", at: began)
      problems.raise(Self.key, message: "gone", remedy: "make it")
      problems.raise(Self.key, message: "another one is there", remedy: "look")
      await problems.write()
      let shown = try await journal.openProblems(of: [])
      #expect(shown.problems == [OpenProblem(Self.key, message: "another one is there", remedy: "look", since: began)])
      problems.resolve(Self.key)
      problems.resolve(Self.key)
      await problems.write()
      #expect(try await journal.openProblems(of: []).isEmpty)
      #expect(log.withLock { $0 } == ["raised gone", "resolved another one is there"])
      try await journal.close()
    }
  }

  @Test("takes up what an earlier process observed, and does not tell of it again")
  func takesUp() async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      let log = Locked<[String]>([])
      let first = try await ObservedProblems(in: journal, logger: Self.quiet, onChange: changes(log))
      first.raise(Self.key, message: "gone", remedy: "make it")
      await first.write()
      let second = try await ObservedProblems(in: journal, logger: Self.quiet, onChange: changes(log))
      second.raise(Self.key, message: "gone", remedy: "make it")
      #expect(second.open.map(\.key) == [Self.key])
      second.resolve { $0.account == "fagsystem" }
      await second.write()
      #expect(try await journal.openProblems(of: []).isEmpty)
      #expect(log.withLock { $0 } == ["raised gone", "resolved gone"])
      try await journal.close()
    }
  }

  @Test("keeps what the journal cannot take, tells of it at once, and writes it when it can")
  func keepsWhatTheJournalCannotTake() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let journal = try await Journal.open(path)
      let log = Locked<[String]>([])
      let problems = try await ObservedProblems(in: journal, logger: Self.quiet, onChange: changes(log))
      // Another process holds the journal for longer than a writer waits.
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: path.string, configuration: configuration)
      try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
      problems.raise(Self.key, message: "gone", remedy: "make it")
      #expect(log.withLock { $0 } == ["raised gone"])
      await problems.write()
      #expect(try await journal.openProblems(of: []).isEmpty)
      try await other.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
      try other.close()
      await problems.write()
      #expect(try await journal.openProblems(of: []).problems.map(\.message) == ["gone"])
      try await journal.close()
    }
  }
}
