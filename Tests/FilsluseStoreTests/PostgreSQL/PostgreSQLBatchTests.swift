import FilsluseBase
import FilsluseStore
import Foundation
import PlatformFixture
import Testing

/// Group commit on a real server, where the steps of changes are sent together.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct PostgreSQLBatchTests {
  private struct Transaction: BatchTransaction {
    let database: SQLConnection
    init(_ database: SQLConnection) { self.database = database }
    var summary: Int { 1 }
  }

  private struct Failure: Error {
    let message: String
  }

  private struct Refused: Error {}

  private static let threads = BlockingThreads(name: "test-batches", count: 4)

  /// Runs `body` with a table of so many rows, each of the size 0.
  private func withBatcher(
    rows: Int, _ body: (PostgreSQLDatabase, String, WriteBatcher<Transaction, Failure>) async throws -> Void
  ) async throws {
    let address = try PostgreSQLAddress(await SharedPostgreSQL.shared.server().address())
    let table = "batch_" + UUID().uuidString.replacing("-", with: "").lowercased()
    let database = try await Self.threads.run { () throws in
      let database = try PostgreSQLDatabase(address)
      try database.write {
        try $0.run(
          script: """
            CREATE TABLE \(table) (id bigint PRIMARY KEY, size bigint);
            INSERT INTO \(table) SELECT number, 0 FROM generate_series(1, \(rows)) AS number
            """)
      }
      return database
    }
    let batcher = WriteBatcher<Transaction, Failure>(
      database, threads: Self.threads, afterCommit: { _ in }, failure: { Failure(message: "\($0)") })
    try await body(database, table, batcher)
    try await Self.threads.run { () throws in
      try database.write { try $0.run(script: "DROP TABLE \(table)") }
      database.close()
    }
  }

  @Test("changes in steps get their own answers, and one that fails is undone alone")
  func sharesSteps() async throws {
    try await withBatcher(rows: 60) { database, table, batcher in
      let update = "UPDATE \(table) SET size = size + 1 WHERE id = ? AND size = 0"
      let query = "SELECT id * 100 + size FROM \(table) WHERE id = ?"
      let results = await withTaskGroup(of: (number: Int, result: Int64?).self) { group in
        for number in 1...60 {
          group.addTask {
            let result = try? await batcher.write(about: .row(table, Int64(number))) {
              _ -> ChangeStep<Transaction, Int64> in
              .ask(
                [.change(update, [number])],
                then: { _, answers in
                  guard answers[0].changed == 1, !number.isMultiple(of: 5) else { throw Refused() }
                  return .ask(
                    [.row(query, [number]), .row(query, [0])],
                    then: { _, answers in
                      let sum = try answers[0].row?.int(0) ?? -1
                      return .done(answers[1].row == nil ? sum : -2)
                    })
                })
            }
            return (number, result)
          }
        }
        return await group.reduce(into: [Int: Int64]()) { $0[$1.number] = $1.result }
      }
      let expected = (1...60).filter { !$0.isMultiple(of: 5) }.map { ($0, Int64($0) * 100 + 1) }
      #expect(results == Dictionary(uniqueKeysWithValues: expected))
      let sum = try await Self.threads.run { () throws in
        try database.read { try $0.int("SELECT sum(size) FROM \(table)") }
      }
      #expect(sum == 48)
    }
  }

  @Test("changes about one subject are made one after the other, in steps or at once")
  func keepsSubjectsApart() async throws {
    try await withBatcher(rows: 2) { database, table, batcher in
      let query = "SELECT size FROM \(table) WHERE id = ?"
      let update = "UPDATE \(table) SET size = ? WHERE id = ?"
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<90 {
          let row: Int64 = number.isMultiple(of: 2) ? 1 : 2
          group.addTask {
            if number.isMultiple(of: 3) {
              return try await batcher.write { transaction in
                let size = try transaction.database.int(query, [row]) ?? 0
                try transaction.database.execute(update, [size + 1, row])
              }
            }
            try await batcher.write(about: .row(table, row)) { _ -> ChangeStep<Transaction, Void> in
              .ask(
                [.row(query, [row])],
                then: { _, answers in
                  let size = try answers[0].row?.int(0) ?? 0
                  return .ask([.change(update, [size + 1, row])], then: { _, _ in .done(()) })
                })
            }
          }
        }
        try await group.waitForAll()
      }
      let sizes = try await Self.threads.run { () throws in
        try database.read { try $0.rows("SELECT size FROM \(table) ORDER BY id").map { try $0.int(0) } }
      }
      #expect(sizes == [45, 45])
    }
  }
}
