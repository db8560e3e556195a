import ExchangeSettings
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Retention by a clock that may have leapt.
@Suite(.timeLimit(.minutes(25))) struct ClockDoubtTests {
  private static let day = Duration.seconds(86_400)

  private func withExchange(
    on database: JournalDatabase, _ body: @Sendable (Exchange, Journal) async throws -> Void
  ) async throws {
    try await TestExchange.with(on: database) { settings in
      settings.keep = Self.day * 10
    } _: { test in
      try await SampleJournal.fill(test.journal)
      try await body(test.exchange, test.journal)
    }
  }

  @Test(
    "A trail that is old at once is forgotten a day later at the earliest, and the doubt is noted once",
    arguments: JournalDatabase.here)
  func aLeap(database: JournalDatabase) async throws {
    try await withExchange(on: database) { exchange, journal in
      let leapt = Timestamp.now.later(by: Self.day * 400)
      let entries = try await journal.entries().count
      for minutes in [0, 1, 25 * 60] {
        let upkeep = try await exchange.keepUpJournal(now: leapt.later(by: .seconds(minutes * 60)))
        #expect(upkeep.forgotten == 0 && upkeep.doubtfulSince != nil)
      }
      #expect(try await journal.entries().count == entries + 1)
      #expect(try await journal.entries(about: .journal).map(\.state) == [ClockDoubt.state])
      // The clock is right again.
      let right = try await exchange.keepUpJournal(now: Timestamp.now.later(by: Self.day * 2))
      #expect(right.forgotten == 0 && right.doubtfulSince == nil)
      // Or it was right all the time.
      let later = try await exchange.keepUpJournal(now: leapt.later(by: .seconds(27 * 3600)))
      #expect(later.forgotten > 0 && later.doubtfulSince == nil)
      #expect(try await journal.check() == [])
    }
  }

  @Test("Entries that were written since the leap do not hide it", arguments: JournalDatabase.here)
  func aLeapThatHasEntries(database: JournalDatabase) async throws {
    try await withExchange(on: database) { exchange, journal in
      let leapt = Timestamp.now.later(by: Self.day * 400)
      try await journal.write {
        try $0.addEntry(about: .journal, state: "note", facts: nil, at: leapt.earlier(by: .seconds(20 * 3600)))
      }
      #expect(try await exchange.keepUpJournal(now: leapt).doubtfulSince != nil)
    }
  }

  @Test("A journal that is in use is forgotten from as ever", arguments: JournalDatabase.here)
  func noLeap(database: JournalDatabase) async throws {
    try await withExchange(on: database) { exchange, journal in
      let upkeep = try await exchange.keepUpJournal(now: Timestamp.now.later(by: Self.day * 20))
      #expect(upkeep.forgotten > 0 && upkeep.doubtfulSince == nil)
    }
  }
}
