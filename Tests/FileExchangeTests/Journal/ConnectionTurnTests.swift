import ExchangeSettings
import FilsluseSFTP
import PlatformFixture
import Testing

@testable import FileExchange

/// The number of an account's connections over all processes and machines with one journal.
@Suite(.timeLimit(.minutes(25))) struct ConnectionTurnTests {
  /// Takes so many connections at once as there are, up to ten.
  private func takeAll(_ most: Int, by journal: Journal) async throws -> [ConnectionTurn] {
    var turns: [ConnectionTurn] = []
    for _ in 0..<10 {
      do throws(ExchangeError) {
        turns.append(try await journal.takeConnection(of: "fagsystem", most: most, waiting: .zero))
      } catch {
        guard error.code == .claimedElsewhere else { throw error }
        return turns
      }
    }
    return turns
  }

  @Test(
    "two processes of a machine have as many connections together as the settings allow",
    arguments: JournalDatabase.here)
  func sharesAmongProcesses(database: JournalDatabase) async throws {
    try await database.withPlace { place in
      let (one, other) = (try await place.open(), try await place.open())
      let first = try await one.takeConnection(of: "fagsystem", most: 3, waiting: .zero)
      #expect(try await takeAll(3, by: other).count == 2)
      #expect(try await takeAll(3, by: one).isEmpty)
      // Each account has its own.
      _ = try await one.takeConnection(of: "another", most: 1, waiting: .zero)
      async let waiting = other.takeConnection(of: "fagsystem", most: 3, waiting: .seconds(30))
      try await one.giveBack(first)
      let next = try await waiting
      #expect(next == first)
      try await one.close()
      try await other.close()
    }
  }

  @Test("connections of a process whose settings allow more are counted", arguments: JournalDatabase.here)
  func countsAboveOwnLimit(database: JournalDatabase) async throws {
    try await database.withPlace { place in
      let (one, other) = (try await place.open(), try await place.open())
      let turns = try await takeAll(3, by: one)
      #expect(turns.count == 3)
      #expect(try await takeAll(2, by: other).isEmpty)
      // The third one is above the other's limit.
      for turn in turns.prefix(2) { try await one.giveBack(turn) }
      #expect(try await takeAll(2, by: other).count == 1)
      try await one.close()
      try await other.close()
    }
  }

  @Test(
    "each machine has its share, one that is alone has all, and one that is gone has none",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func sharesAmongMachines() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let place = place.forSeveral.withHeartbeat(false)
      let (one, other) = (try await place.open(), try await place.onAnotherMachine.open())
      var taken = try await takeAll(3, by: one)
      #expect(taken.count == 2)
      let others = try await takeAll(3, by: other)
      #expect(others.count == 1)
      for turn in others { try await other.giveBack(turn) }
      try await other.close()
      taken += try await takeAll(3, by: one)
      #expect(taken.count == 3)

      // One that comes later waits until the first has given back what is above its share.
      let later = try await place.onAnotherMachine.open()
      #expect(try await takeAll(3, by: later).isEmpty)
      try await one.giveBack(taken[2])
      #expect(try await takeAll(3, by: later).count == 1)

      // A machine that was cut off keeps its connections until it is declared gone.
      try await place.endSessions()
      #expect(try await later.attend() == nil)
      #expect(try await takeAll(3, by: later).isEmpty)
      try await place.letGracePass()
      #expect(try await later.attend() == nil)
      #expect(try await takeAll(3, by: later).count == 2)
      #expect(try await one.attend()?.code == .journalReplaced)
      await #expect { _ = try await takeAll(3, by: one) } throws: {
        ($0 as? ExchangeError)?.code == .journalReplaced
      }
      try await later.close()
    }
  }

  @Test(
    "a connection that is closed while the journal's server is away is free when the server is back",
    .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
  func givesBackWithoutServer() async throws {
    try await JournalDatabase.postgreSQL.withPlace { place in
      let journal = try await place.withHeartbeat(false).open()
      let turn = try await journal.takeConnection(of: "fagsystem", most: 1, waiting: .zero)
      try await place.endSessions()
      // Whether it can be told at once or not.
      try? await journal.giveBack(turn)
      #expect(try await journal.attend() == nil)
      #expect(try await takeAll(1, by: journal) == [turn])
      try await journal.close()
    }
  }

  @Test("a connection counts from before the login until it is closed")
  func countsRealConnections() async throws {
    try await TestExchange.with { test in
      var account = test.exchange.settings.accounts[0]
      account.mostConnections = 1
      let client = try await test.exchange.connect(to: account)
      await #expect { _ = try await test.exchange.connect(to: account, waiting: .zero) } throws: {
        ($0 as? ExchangeError)?.code == .claimedElsewhere
      }
      await client.close()
      let next = try await test.exchange.connect(to: account)
      await next.close()
      // A login that is refused gives it back too.
      account.user = "nobody-of-that-name"
      for _ in 0..<2 {
        await #expect { _ = try await test.exchange.connect(to: account) } throws: {
          ($0 as? ExchangeError)?.code == .transfer
        }
      }
    }
  }
}
