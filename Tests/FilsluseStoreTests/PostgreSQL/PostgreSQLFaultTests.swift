import FilsluseStore
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import Testing

/// Servers and lines that stop. Calls that wait run on threads of their own, as they do in the product.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct PostgreSQLFaultTests {
  private static let threads = BlockingThreads(name: "test-postgresql", count: 8)

  /// Short enough for a test that waits for the end of it.
  private static let impatience: PostgreSQLPatience = {
    var patience = PostgreSQLPatience()
    patience.statement = .milliseconds(300)
    return patience
  }()

  private func address() async throws -> PostgreSQLAddress {
    try PostgreSQLAddress(await SharedPostgreSQL.shared.server().address())
  }

  @Test("a statement that takes too long is ended by the server, and the connection stays")
  func endsLongStatements() async throws {
    let address = try await address()
    let (error, after) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address, patience: Self.impatience)
      let error = Self.failure { try database.execute("SELECT pg_sleep(600)") }
      return (error, try database.int("SELECT 7"))
    }
    let found = try #require(error)
    #expect(found.cause == .busy)
    #expect(found.code == "57014")
    #expect(found.mayTryAgain)
    #expect(after == 7)
  }

  @Test("each statement has its own time, however many are sent in one go, also with the commit")
  func hasADeadlineForEachStatement() async throws {
    let address = try await address()
    var patience = PostgreSQLPatience()
    patience.statement = .seconds(4)
    let counts = try await Self.threads.run { [patience] in
      let database = try PostgreSQLConnection(address, patience: patience)
      // Each is within the server's limit. Three together take longer than an answer is waited for.
      let sleep = "SELECT 1 FROM pg_sleep(2)"
      let answers = try database.ask([.row(sleep, []), .row(sleep, []), .row(sleep, [])])
      let last = Locked<Int64?>(nil)
      try database.write { database in
        database.executeLater(sleep, [])
        database.executeLater(sleep, [])
        database.whenCommitting(sleep, []) { row in
          let one = try? row?.int(0)
          last.withLock { $0 = one }
        }
      }
      return (answers.count, last.withLock { $0 })
    }
    #expect(counts == (3, 1))
  }

  @Test("each statement of a script has its own time, on the server and here")
  func hasADeadlineForEachStatementOfAScript() async throws {
    let address = try await address()
    var patience = PostgreSQLPatience()
    patience.statement = .seconds(4)
    let (error, after) = try await Self.threads.run { [patience] in
      let database = try PostgreSQLConnection(address, patience: patience)
      // The three together take longer than the deadline of one answer.
      try database.run(script: "SELECT pg_sleep(2); SELECT pg_sleep(2); SELECT pg_sleep(2)")
      let error = Self.failure { try database.run(script: "SELECT 1; SELECT pg_sleep(600); SELECT 2") }
      return (error, try database.int("SELECT 7"))
    }
    #expect(error?.code == "57014" && error?.operation == "SELECT pg_sleep(600)")
    #expect(after == 7)
  }

  @Test("a server that does not answer is left at the deadline, and its late answer is taken for no other's")
  func leavesSilentServers() async throws {
    let address = try await address()
    let (errors, isUsable) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address, patience: Self.impatience)
      let process = try Self.process(of: database)
      kill(process, SIGSTOP)
      defer { kill(process, SIGCONT) }
      let errors = [
        Self.failure { try database.execute("SELECT 1") }, Self.failure { try database.execute("SELECT 2") },
      ]
      return (errors, database.isUsable)
    }
    #expect(!isUsable)
    for error in errors {
      #expect(error?.cause == .unreachable)
      #expect(error?.mayTryAgain == true)
    }
    #expect(errors.first??.message.contains("not answered in time") == true)
  }

  @Test("a commit without an answer is uncertain, and is not to be tried again unseen")
  func isUncertainOfLostCommits() async throws {
    let address = try await address()
    let (error, kept) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address, patience: Self.impatience)
      let table = "uncertain_" + UUID().uuidString.replacing("-", with: "").lowercased()
      try database.run(script: "CREATE TABLE \(table) (size bigint); SET idle_in_transaction_session_timeout = 0")
      let process = try Self.process(of: database)
      let error = Self.failure {
        try database.write {
          try $0.execute("INSERT INTO \(table) VALUES (1)")
          kill(process, SIGSTOP)
        }
      }
      kill(process, SIGCONT)
      // The server still had the request: here it was kept after all.
      let other = try PostgreSQLConnection(address)
      var kept: Int64?
      for _ in 0..<600 where kept != 1 {
        kept = try other.int("SELECT count(*) FROM \(table)")
        if kept != 1 { usleep(50_000) }
      }
      try other.run(script: "DROP TABLE \(table)")
      return (error, kept)
    }
    let found = try #require(error)
    #expect(found.cause == .uncertain)
    #expect(!found.mayTryAgain)
    #expect(kept == 1)
  }

  @Test("whoever asks after a commit without an answer waits for the transaction's end, and sees what it has kept")
  func waitsForUncertainCommits() async throws {
    let address = try await address()
    let (error, kept) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address, patience: Self.impatience)
      let table = "awaited_" + UUID().uuidString.replacing("-", with: "").lowercased()
      try database.run(script: "CREATE TABLE \(table) (size bigint); SET idle_in_transaction_session_timeout = 0")
      let process = try Self.process(of: database)
      let (insert, count) = ("INSERT INTO \(table) VALUES (?)", "SELECT count(*) FROM \(table)")
      var identity: TransactionIdentity?
      let error = Self.failure {
        try database.write {
          let transaction = SQLConnection($0)
          identity = try transaction.transactionIdentity()
          try transaction.execute(insert, [1])
          try transaction.execute(insert, [2])
          kill(process, SIGSTOP)
        }
      }
      kill(process, SIGCONT)
      let other = try PostgreSQLConnection(address)
      guard let lost = identity else { throw NoIdentity() }
      let kept = try other.write { other in
        try other.awaitEnd(of: lost)
        return try other.int(count)
      }
      try other.run(script: "DROP TABLE \(table)")
      return (error, kept)
    }
    #expect(error?.cause == .uncertain)
    #expect(kept == 2)
  }

  @Test("a line that is cut amid statements sent in one go is a lost connection, and nothing of them is kept")
  func losesLinesAmidStatements() async throws {
    let address = try await address()
    let (error, left, isUsable) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address)
      let table = "cut_" + UUID().uuidString.replacing("-", with: "").lowercased()
      try database.run(script: "CREATE TABLE \(table) (size bigint)")
      let insert = "INSERT INTO \(table) VALUES (?)"
      let error = Self.failure {
        try database.write {
          _ = try $0.ask([
            .change(insert, [1]), .row("SELECT pg_terminate_backend(pg_backend_pid())", []), .change(insert, [2]),
          ])
        }
      }
      let other = try PostgreSQLConnection(address)
      let left = try other.int("SELECT count(*) FROM \(table)")
      try other.run(script: "DROP TABLE \(table)")
      return (error, left, database.isUsable)
    }
    #expect(error?.cause == .unreachable)
    #expect(error?.mayTryAgain == true)
    #expect(left == 0)
    #expect(!isUsable)
  }

  @Test("a session that ends while statements wait with the commit is certain to have kept nothing")
  func losesLinesBeforeTheCommit() async throws {
    let address = try await address()
    let (error, left) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address)
      let table = "before_" + UUID().uuidString.replacing("-", with: "").lowercased()
      try database.run(script: "CREATE TABLE \(table) (size bigint)")
      let insert = "INSERT INTO \(table) VALUES (?)"
      let error = Self.failure {
        try database.write {
          try $0.execute(insert, [1])
          $0.executeLater("SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(60)", [])
        }
      }
      let other = try PostgreSQLConnection(address)
      let left = try other.int("SELECT count(*) FROM \(table)")
      try other.run(script: "DROP TABLE \(table)")
      return (error, left)
    }
    #expect(error?.cause == .unreachable)
    #expect(left == 0)
  }

  @Test("a session that the server ends in a transaction leaves nothing of it")
  func losesSessions() async throws {
    let address = try await address()
    let (error, left) = try await Self.threads.run {
      let database = try PostgreSQLConnection(address)
      let table = "lost_" + UUID().uuidString.replacing("-", with: "").lowercased()
      try database.run(script: "CREATE TABLE \(table) (size bigint)")
      let other = try PostgreSQLConnection(address)
      let error = Self.failure {
        try database.write {
          try $0.execute("INSERT INTO \(table) VALUES (1)")
          try other.execute("SELECT pg_terminate_backend(?::int)", [Int64(Self.process(of: $0))])
          try $0.execute("INSERT INTO \(table) VALUES (2)")
        }
      }
      let left = try other.int("SELECT count(*) FROM \(table)")
      try other.run(script: "DROP TABLE \(table)")
      return (error, left)
    }
    #expect(left == 0)
    let found = try #require(error)
    #expect(found.cause == .unreachable)
    #expect(found.mayTryAgain)
  }

  @Test("a session that stays idle in a transaction is ended by the server, and holds no row any more")
  func endsIdleTransactions() async throws {
    let address = try await address()
    let (error, free) = try await Self.threads.run {
      let table = "idle_" + UUID().uuidString.replacing("-", with: "").lowercased()
      let other = try PostgreSQLConnection(address)
      try other.run(script: "CREATE TABLE \(table) (size bigint); INSERT INTO \(table) VALUES (1)")
      let database = try PostgreSQLConnection(address, patience: Self.impatience)
      // It stands still here, as a machine that is paused does.
      try database.run(script: "BEGIN; SELECT * FROM \(table) FOR UPDATE")
      let free = try other.int("SELECT size FROM \(table) FOR UPDATE")
      let error = Self.failure { try database.execute("SELECT 1") }
      try other.run(script: "DROP TABLE \(table)")
      return (error, free)
    }
    #expect(free == 1)
    #expect(error?.cause == .unreachable)
  }

  @Test("calls at the same time have a connection each; a lost one is replaced; none comes after the end")
  func sharesADatabase() async throws {
    let table = "shared_" + UUID().uuidString.replacing("-", with: "").lowercased()
    let server = try await SharedPostgreSQL.shared.server()
    let address = try PostgreSQLAddress(server.address() + " application_name=\(table)")
    let database = try await Self.threads.run { try PostgreSQLDatabase(address) }
    try await Self.threads.run {
      try database.write { try $0.run(script: "CREATE TABLE \(table) (size bigint); INSERT INTO \(table) VALUES (0)") }
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask {
          try await Self.threads.run {
            try database.write { try $0.execute("UPDATE \(table) SET size = size + 1") }
          }
        }
      }
      try await group.waitForAll()
    }
    let before = try await Self.threads.run { try database.read { try $0.int("SELECT size FROM \(table)") } }
    let sessions = "FROM pg_stat_activity WHERE application_name = '\(table)'"
    let ended = try await server.sql("SELECT count(pg_terminate_backend(pid)) \(sessions)")
    #expect((1...8).contains(Int(ended) ?? 0))
    while try await server.sql("SELECT count(*) \(sessions)") != "0" { try await Task.sleep(for: .milliseconds(20)) }
    let (after, error) = try await Self.threads.run {
      let after = try database.read { try $0.int("SELECT size FROM \(table)") }
      try database.write { try $0.run(script: "DROP TABLE \(table)") }
      database.close()
      return (after, Self.failure { try database.read { _ = try $0.int("SELECT 1") } })
    }
    #expect(before == 40)
    #expect(after == 40)
    #expect(error?.cause == .closed)
  }

  @Test("calls while the server is away fail as such, each of them, and later calls may succeed")
  func serverIsAway() async throws {
    try await withScratchFolder { folder in
      let database = try await PostgreSQLServer.run(in: folder) { server in
        let address = try PostgreSQLAddress(server.address())
        let database = try await Self.threads.run { try PostgreSQLDatabase(address) }
        let seven = try await Self.threads.run { try database.read { try $0.int("SELECT 7") } }
        #expect(seven == 7)
        return database
      }
      for _ in 0..<5 {
        let error = await Self.threads.run { Self.failure { try database.read { _ = try $0.int("SELECT 7") } } }
        #expect(error?.cause == .unreachable)
        #expect(error?.mayTryAgain == true)
      }
    }
  }

  private struct NoProcess: Error {}
  private struct NoIdentity: Error {}

  private static func process(of database: PostgreSQLConnection) throws -> Int32 {
    guard let process = try database.int("SELECT pg_backend_pid()") else { throw NoProcess() }
    return Int32(process)
  }

  /// The error that `body` throws; `nil` where it throws none, or another.
  private static func failure(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch {
      return error as? StoreError
    }
  }
}
