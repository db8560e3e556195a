import ExchangeSettings
import FileExchange
import FilsluseSFTP
import FilsluseStore
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

@Suite("Transactions of the watch's database", .timeLimit(.minutes(25))) struct WatchTransactionTests {
  private static let failure = ExchangeError(.watchDatabase, operation: "test", message: "no", remedy: "none")

  private func withDatabase(_ body: (WatchDatabase) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let database = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      try await body(database)
      try await database.close()
    }
  }

  private func note(_ name: String, in database: WatchDatabase) async throws(ExchangeError) {
    try await database.write("test") { try $0.execute("INSERT INTO sink VALUES (?)", [name]) }
  }

  private func names(in database: WatchDatabase) async throws(ExchangeError) -> [String] {
    try await database.read("test") { try $0.rows("SELECT name FROM sink ORDER BY name").map { try $0.text(0) } }
  }

  @Test("its steps see what it has written, others do not before it is kept, and what is to follow waits for that")
  func keepsTogether() async throws {
    try await withDatabase { database in
      let signals = Locked<[String]>([])
      try await database.transaction { () async throws(ExchangeError) in
        try await note("a", in: database)
        database.whenKept { signals.withLock { $0.append("kept") } }
        try await note("b", in: database)
        #expect(try await names(in: database) == ["a", "b"])
        let outside = await Task.detached { try await names(in: database) }.result
        #expect(try! outside.get() == [] && signals.withLock { $0.isEmpty })
      }
      #expect(try await names(in: database) == ["a", "b"])
      #expect(signals.withLock { $0 } == ["kept"])
      database.whenKept { signals.withLock { $0.append("at once") } }
      #expect(signals.withLock { $0 } == ["kept", "at once"])
    }
  }

  @Test("keeps nothing when the body fails, or a step fails and the body is content without it")
  func keepsNothing() async throws {
    try await withDatabase { database in
      let signals = Locked(0)
      await #expect(throws: ExchangeError.self) {
        try await database.transaction { () async throws(ExchangeError) in
          try await note("a", in: database)
          database.whenKept { signals.withLock { $0 += 1 } }
          throw Self.failure
        }
      }
      await #expect(throws: ExchangeError.self) {
        try await database.transaction { () async throws(ExchangeError) in
          try await note("b", in: database)
          do throws(ExchangeError) { try await note("b", in: database) } catch {}
          do throws(ExchangeError) { try await note("c", in: database) } catch {}
        }
      }
      #expect(try await names(in: database).isEmpty && signals.withLock { $0 } == 0)
      // It is ready for the next.
      try await note("d", in: database)
      #expect(try await names(in: database) == ["d"])
    }
  }

  @Test("simultaneous writers take turns, and a cancelled one writes too")
  func takesTurns() async throws {
    try await withDatabase { database in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            if number.isMultiple(of: 2) {
              try await database.transaction { () async throws(ExchangeError) in
                try await note("\(number)a", in: database)
                await Task.yield()
                try await note("\(number)b", in: database)
              }
            } else {
              withUnsafeCurrentTask { $0?.cancel() }
              try await note("\(number)", in: database)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await names(in: database).count == 30)
    }
  }

  @Test("a look is saved with its alerts or not at all")
  func looksAreKeptWholly() async throws {
    try await withWatchedServer { watched in
      let database = try await WatchDatabase.open(watched.settings.watch.database)
      let look = InboxCheck(
        evaluator: try #require(RuleEvaluator(watched.settings)), store: database, journal: nil,
        logger: WatchedServer.quiet)
      try WatchedServer.write([1], to: watched.inbox.appending("a.csv"))
      let connection = SharedConnection.forLooks(into: watched.settings.accounts[0], logger: WatchedServer.quiet)
      let failed = await look.look(into: watched.settings.accounts[0], over: connection) { _ throws(ExchangeError) in
        throw Self.failure
      }
      #expect(failed.failure?.code == .watchDatabase && failed.findings.map(\.kind) == [.observationsUnusable])
      #expect(try await database.observations(of: "a").isEmpty)
      #expect(try await database.state(of: "a").lastLook == nil)

      let settings = AlertSettings()
      let kept = await look.look(into: watched.settings.accounts[0], over: connection) { report throws(ExchangeError) in
        #expect(try await database.observations(of: "a").count == 1)
        let alerts = AlertLook(account: "a", at: report.checked, findings: [Given.finding("x", account: "a")])
        _ = try await database.take(alerts, settings: settings, sinks: ["s"])
      }
      #expect(kept.failure == nil)
      #expect(try await database.observations(of: "a").count == 1)
      #expect(try await database.alerts().count == 1)
      #expect(try await database.entry(to: "s") == 1)
      await connection.close()
      try await database.close()
    }
  }
}
