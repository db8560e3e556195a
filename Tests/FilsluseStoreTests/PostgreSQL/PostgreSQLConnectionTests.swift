import FilsluseStore
import FilsluseBase
import Foundation
import PlatformFixture
import Testing

/// The driver on a real server. Each test has a schema of its own in the shared server's database.
@Suite(.timeLimit(.minutes(25)), .enabled(if: PostgreSQLServer.obstacle == nil, "needs PostgreSQL's server"))
struct PostgreSQLConnectionTests {
  @Test("values of every kind come back as they were given, NULL included")
  func keepsValues() async throws {
    try await withTable { database in
      let insert = "INSERT INTO kept (name, size, share, hash) VALUES (?, ?, ?, ?)"
      let bytes: [UInt8] = [0, 255, 7]
      #expect(try database.insert(insert, ["blåbærgrød 2", Int64.min, 0.25, bytes]) == 1)
      #expect(try database.insert(insert, [String?.none, Int?.none, SQLValue.null, [UInt8]?.none]) == 2)
      #expect(try database.insert(insert, ["", true, -1.0, [UInt8]()]) == 3)
      #expect(
        try database.insert(insert, ["'; DROP TABLE kept", -1, Double.infinity, Array(repeating: 7, count: 70_000)])
          == 4)

      let query = "SELECT name, size, share, hash FROM kept WHERE id = ?"
      let row = try #require(try database.row(query, [1]))
      #expect(try row.values() == [.text("blåbærgrød 2"), .integer(.min), .real(0.25), .blob(bytes)])
      #expect(try (row.text(0), row.int(1), row.real(2), row.blob(3)) == ("blåbærgrød 2", .min, 0.25, bytes))
      let empty = try #require(try database.row(query, [2]))
      #expect(try empty.values() == [.null, .null, .null, .null])
      #expect(try empty.optionalText(0) == nil && empty.optionalInt(1) == nil && empty.optionalBlob(3) == nil)
      let third = try #require(try database.row(query, [3]))
      #expect(try third.values() == [.text(""), .integer(1), .real(-1), .blob([])])
      #expect(try third.bool(1))
      let last = try #require(try database.row(query, [4]))
      #expect(try last.text(0) == "'; DROP TABLE kept")
      #expect(try last.int(1) == -1)
      #expect(try last.real(2) == .infinity)
      #expect(try last.blob(3).count == 70_000)
      // A row stays valid when the next statements have run.
      #expect(try row.text(0) == "blåbærgrød 2")
    }
  }

  @Test("a NULL or another kind where a value must be is damage")
  func refusesNull() async throws {
    try await withTable { database in
      _ = try database.insert("INSERT INTO kept (name) VALUES (?)", [String?.none])
      let row = try #require(try database.row("SELECT name, size, hash, share, 'text' FROM kept"))
      let reads: [() throws -> Void] = [
        { _ = try row.text(0) }, { _ = try row.int(1) }, { _ = try row.bool(1) }, { _ = try row.blob(2) },
        { _ = try row.real(3) }, { _ = try row.int(4) }, { _ = try row.optionalBlob(4) },
      ]
      for read in reads { #expect { try read() } throws: { ($0 as? StoreError)?.cause == .damaged } }
      #expect { try row.int(5) } throws: { ($0 as? StoreError)?.cause == .statement }
    }
  }

  @Test("sums, truth values and narrower numbers are read; other types are refused by name")
  func readsOtherTypes() async throws {
    try await withTable { database in
      let row = try #require(
        try database.row(
          """
          SELECT sum(number::bigint), 1 = 1, (-2)::smallint, 70000::int, 1.5::numeric, (-12345678901)::numeric,
            10000::numeric, 0::numeric, 0.00012::numeric, 99999999999999999999::numeric, 'x'::varchar(5), 2.5::real,
            (-9223372036854775808)::numeric, NULL::bigint FROM generate_series(1, 10) AS number
          """))
      #expect(
        try row.values() == [
          .integer(55), .integer(1), .integer(-2), .integer(70_000), .real(1.5), .integer(-12_345_678_901),
          .integer(10_000), .integer(0), .real(0.00012), .real(1e20), .text("x"), .real(2.5), .integer(.min), .null,
        ])
      #expect(try database.int("SELECT EXISTS (SELECT 1 FROM kept)") == 0)
      let time = try #require(try database.row("SELECT now()"))
      #expect { try time.values() } throws: { ($0 as? StoreError)?.message.contains("type 1184") == true }
    }
  }

  @Test("a change says how many rows it changed; a parameter may stand in several places")
  func countsChanges() async throws {
    try await withTable { database in
      for size in 1...5 { try database.execute("INSERT INTO kept (size) VALUES (?)", [size]) }
      #expect(try database.change("UPDATE kept SET size = 0 WHERE size > ?", [3]) == 2)
      #expect(try database.change("UPDATE kept SET size = 0 WHERE size > ?", [9]) == 0)
      #expect(try database.int("SELECT sum(size) FROM kept") == 6)
      #expect(try database.int("SELECT max(size) FROM kept WHERE size > 9") == nil)
      let either = "SELECT size FROM kept WHERE size = ?1 OR ?1 IS NULL ORDER BY size"
      #expect(try database.rows(either, [3]).map { try $0.int(0) } == [3])
      #expect(try database.rows(either, [Int?.none]).map { try $0.int(0) } == [0, 0, 1, 2, 3])
      #expect(try database.hasTable("kept"))
      #expect(try !database.hasTable("absent"))
      #expect(try !database.hasTable("kept, absent"))
    }
  }

  @Test("a statement with too few or too many values is refused, and the transaction goes on")
  func countsValues() async throws {
    try await withTable { database in
      for values in [[], [1, 2]] {
        #expect { try database.execute("INSERT INTO kept (size) VALUES (?)", values) } throws: {
          ($0 as? StoreError)?.cause == .statement
        }
      }
      let count = try database.int("SELECT count(*) FROM kept")
      #expect(count == 0)
    }
  }

  @Test("rows come in pieces while other statements run", arguments: [0, 1, 999, 1000, 1001, 2500])
  func readsInPieces(count: Int) async throws {
    try await withTable { database in
      try database.execute(
        "INSERT INTO kept (size) SELECT number FROM generate_series(1, ?::bigint) AS number", [count])
      let rows = try database.rows("SELECT size FROM kept WHERE size > ? ORDER BY size", [0], inPiecesOf: 1000)
      var read: [Int64] = []
      while let row = try rows.next() {
        read.append(try row.int(0))
        if read.count % 500 == 0 { #expect(try database.int("SELECT count(*) FROM kept") == Int64(count)) }
      }
      #expect(read == (0..<Int64(count)).map { $0 + 1 })
      #expect(try rows.next() == nil)
      #expect(try database.rows("SELECT size FROM kept").map { try $0.int(0) }.count == count)
    }
  }

  @Test("many different statements are prepared, and the first ones can be run again")
  func preparesMany() async throws {
    try await withTable { database in
      for _ in 0..<2 {
        for number in 0..<300 {
          let sum = try database.int("SELECT \(number) + ?", [1])
          #expect(sum == Int64(number + 1))
        }
      }
      // A statement stays prepared when the changes around it are undone.
      #expect(throws: Refused.self) {
        try database.inSavepoint {
          #expect(try database.int("SELECT 7 * ?", [2]) == 14)
          throw Refused()
        }
      }
      let product = try database.int("SELECT 7 * ?", [3])
      #expect(product == 21)
    }
  }

  private struct Refused: Error {}

  @Test("a savepoint undoes its own changes alone, also after a failed statement")
  func savepoint() async throws {
    try await withTable { database in
      try database.execute("INSERT INTO kept (size) VALUES (1)")
      #expect(throws: Refused.self) {
        try database.inSavepoint {
          try database.execute("INSERT INTO kept (size) VALUES (2)")
          throw Refused()
        }
      }
      #expect(throws: StoreError.self) {
        try database.inSavepoint { try database.execute("INSERT INTO absent VALUES (2)") }
      }
      try database.inSavepoint { try database.execute("INSERT INTO kept (size) VALUES (3)") }
      #expect(try database.rows("SELECT size FROM kept ORDER BY size").map { try $0.int(0) } == [1, 3])
    }
  }

  @Test("a change that throws is undone; one whose statement failed is never committed in part")
  func undoesFailedChanges() async throws {
    try await withConnection { database in
      try database.write { try $0.run(script: Self.table) }
      #expect(throws: Refused.self) {
        try database.write {
          try $0.execute("INSERT INTO kept (size) VALUES (1)")
          throw Refused()
        }
      }
      // The error is passed over: PostgreSQL answers COMMIT with a rollback, and without an error.
      #expect { try database.write { Self.insertAndPassOver(in: $0) } } throws: {
        ($0 as? StoreError)?.message.contains("undone") == true
      }
      #expect(throws: StoreError.self) { try database.read { try $0.execute("INSERT INTO kept (size) VALUES (4)") } }
      try database.write { try $0.execute("INSERT INTO kept (size) VALUES (5)") }
      #expect(try database.read { try $0.rows("SELECT size FROM kept").map { try $0.int(0) } } == [5])
    }
  }

  private static func insertAndPassOver(in database: PostgreSQLConnection) {
    try? database.execute("INSERT INTO kept (size) VALUES (2)")
    try? database.execute("INSERT INTO absent (size) VALUES (3)")
  }

  @Test("statements that are sent in one go have their own rows, counts and numbers")
  func asksInOneGo() async throws {
    try await withTable { database in
      let insert = "INSERT INTO kept (name, size) VALUES (?, ?)"
      let answers = try database.ask([
        .insert(insert, ["a", 1]), .insert(insert, ["b", 2]),
        .change("UPDATE kept SET size = size + 10 WHERE size >= ?", [1]),
        .row("SELECT name, size FROM kept WHERE size = ?", [12]),
        .row("SELECT name, size FROM kept WHERE size = ?", [99]),
        .change("DELETE FROM kept WHERE size = ?", [99]),
      ])
      #expect(answers.map(\.number) == [1, 2, 0, 0, 0, 0])
      #expect(answers.map(\.changed) == [0, 0, 2, 0, 0, 0])
      let rows = try answers.map { try $0.row?.values() }
      #expect(rows == [nil, nil, nil, [.text("b"), .integer(12)], nil, nil])
    }
  }

  @Test("more statements than the line takes at once are answered, each with its own rows")
  func asksVeryMuch() async throws {
    try await withTable { database in
      let bytes = [UInt8](repeating: 7, count: 20_000)
      let insert = "INSERT INTO kept (size, hash) VALUES (?, ?)"
      let numbers = try database.ask((0..<500).map { SQLQuestion.insert(insert, [$0, bytes]) }).map(\.number)
      #expect(numbers == Array(1...500))
      let read = try database.ask(numbers.map { SQLQuestion.row("SELECT hash, size FROM kept WHERE id = ?", [$0]) })
      let sizes = try read.map { try $0.row?.int(1) }
      #expect(sizes == (0..<500).map { Int64($0) })
      let last = try read.last?.row?.values().first
      #expect(last == .blob(bytes))
    }
  }

  @Test(
    "of statements sent in one go the first that fails gives its error, and nothing is kept; the connection goes on")
  func failsInOneGo() async throws {
    try await withConnection { database in
      try database.write { try $0.run(script: Self.table) }
      let insert = "INSERT INTO kept (name) VALUES (?)"
      for _ in 0..<2 {
        let error = try #require(throws: StoreError.self) {
          try database.write {
            try $0.ask([
              .insert(insert, ["once"]), .insert(insert, ["once"]),
              .change("UPDATE kept SET size = 1 / ?::bigint", [0]),
              .row("SELECT 7", []),
            ])
          }
        }
        #expect((error.cause, error.code) == (.statement, "23505"))
        #expect(error.operation == "INSERT INTO kept (name) VALUES (?) RETURNING id")
        #expect(database.isUsable)
      }
      let absent = try #require(throws: StoreError.self) {
        try database.write { try $0.ask([.insert(insert, ["once"]), .row("SELECT absent FROM kept", [])]) }
      }
      #expect(absent.code == "42703")
      let count = try database.int("SELECT count(*) FROM kept")
      #expect(count == 0)
    }
  }

  @Test("a statement that goes with the commit is kept with it, and where it fails nothing is")
  func sendsStatementsWithTheCommit() async throws {
    try await withConnection { database in
      try database.write { try $0.run(script: Self.table) }
      let insert = "INSERT INTO kept (name) VALUES (?)"
      let counted = Locked<[Int64?]>([])
      let insertAndCount: (String, String) throws -> Void = { first, second in
        try database.write { database in
          database.executeLater(insert, [first])
          database.executeLater(insert, [second])
          database.whenCommitting("SELECT count(*) FROM kept", []) { row in
            let count = try? row?.int(0)
            counted.withLock { $0.append(count) }
          }
        }
      }
      try insertAndCount("a", "b")
      let error = try #require(throws: StoreError.self) { try insertAndCount("c", "a") }
      #expect((error.cause, error.code) == (.statement, "23505"))
      try insertAndCount("c", "d")
      #expect(counted.withLock { $0 } == [2, 4])
      // Where nothing was asked there is nothing to commit.
      try database.write { _ in }
      let names = try database.read { try $0.rows("SELECT name FROM kept ORDER BY name").map { try $0.text(0) } }
      #expect(names == ["a", "b", "c", "d"])
    }
  }

  @Test("a view that was read is over, and what comes next is no part of it")
  func endsViews() async throws {
    try await withConnection { database in
      try database.write { try $0.run(script: Self.table) }
      for size in 0..<4 {
        let count = try database.read { database in
          try (0..<2).map { _ in try database.int("SELECT count(*) FROM kept") }
        }
        #expect(count == [Int64(size), Int64(size)])
        if size.isMultiple(of: 2) {
          try database.execute("INSERT INTO kept (size) VALUES (?)", [size])
        } else {
          try database.run(script: "INSERT INTO kept (size) VALUES (\(size))")
        }
      }
      let sizes = try database.write { try $0.rows("SELECT size FROM kept ORDER BY size").map { try $0.int(0) } }
      #expect(sizes == [0, 1, 2, 3])
    }
  }

  @Test("failures have PostgreSQL's code, a cause, and whether to try again; no value is quoted")
  func typesFailures() async throws {
    try await withConnection { database in
      try database.write { try $0.run(script: Self.table) }
      try database.execute("INSERT INTO kept (name) VALUES (?)", ["010190-1234"])
      let twice = try #require(throws: StoreError.self) {
        try database.execute("INSERT INTO kept (name) VALUES (?)", ["010190-1234"])
      }
      #expect((twice.cause, twice.code, twice.mayTryAgain) == (.statement, "23505", false))
      #expect(twice.operation == "INSERT INTO kept (name) VALUES (?)")
      #expect(twice.message.contains("kept") && !twice.message.contains("1234"))

      let cast = try #require(throws: StoreError.self) {
        try database.int("SELECT ?::bigint", ["A-010190-1234"])
      }
      #expect((cast.cause, cast.code) == (.statement, "22P02"))
      #expect(!cast.message.contains("1234"))

      let syntax = try #require(throws: StoreError.self) { try database.execute("SELEC 1") }
      #expect((syntax.cause, syntax.code) == (.statement, "42601"))
      #expect(database.isUsable)
    }
  }

  @Test("a change that meets another one is a conflict, a row that is held is busy; both may be tried again")
  func meetsOthers() async throws {
    try await withConnection { database in
      try database.run(script: Self.table)
      try database.execute("INSERT INTO kept (size) VALUES (1)")
      let other = try PostgreSQLConnection(address(of: await SharedPostgreSQL.shared.server()))
      try other.run(script: "SET search_path = \(try #require(try database.row("SELECT current_schema()")).text(0))")

      try other.run(script: "BEGIN ISOLATION LEVEL REPEATABLE READ")
      #expect(try other.int("SELECT sum(size) FROM kept") == 1)
      try database.execute("UPDATE kept SET size = 2")
      let conflict = try #require(throws: StoreError.self) { try other.execute("UPDATE kept SET size = 3") }
      #expect((conflict.cause, conflict.code, conflict.mayTryAgain) == (.conflict, "40001", true))
      try other.run(script: "ROLLBACK")

      try database.run(script: "BEGIN; SELECT * FROM kept FOR UPDATE")
      let held = try #require(throws: StoreError.self) { try other.execute("SELECT * FROM kept FOR UPDATE NOWAIT") }
      #expect((held.cause, held.code, held.mayTryAgain) == (.busy, "55P03", true))
      // Rows that others hold can be left out.
      #expect(try other.int("SELECT count(*) FROM (SELECT 1 FROM kept FOR UPDATE SKIP LOCKED) AS free") == 0)
      try database.run(script: "COMMIT")
    }
  }

  @Test("a table is seen in a transaction that looked for it before another session made it")
  func seesTablesMadeMeanwhile() async throws {
    let server = try await SharedPostgreSQL.shared.server()
    try await withConnection { database in
      let schema = try #require(try database.row("SELECT current_schema()")).text(0)
      let other = try PostgreSQLConnection(address(of: server))
      try other.run(script: "SET search_path = \(schema)")
      try database.write { waiting in
        let before = try waiting.hasTable("kept")
        try other.run(script: Self.table)
        let after = try waiting.hasTable("kept")
        #expect(!before && after)
      }
      other.close()
    }
  }
}

extension PostgreSQLConnectionTests {
  private static let table = """
    CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE, size bigint,
      share double precision, hash bytea)
    """

  private func address(of server: PostgreSQLServer) throws -> PostgreSQLAddress {
    try PostgreSQLAddress(server.address())
  }

  /// Runs `body` with a connection whose search path is a new schema.
  private func withConnection(_ body: (PostgreSQLConnection) async throws -> Void) async throws {
    let database = try PostgreSQLConnection(address(of: await SharedPostgreSQL.shared.server()))
    let schema = "test_" + UUID().uuidString.replacing("-", with: "").lowercased()
    try database.run(script: "CREATE SCHEMA \(schema); SET search_path = \(schema)")
    try await body(database)
    if database.isUsable { try database.run(script: "DROP SCHEMA \(schema) CASCADE") }
  }

  /// Runs `body` in a transaction with an empty table.
  private func withTable(_ body: (PostgreSQLConnection) throws -> Void) async throws {
    try await withConnection { database in
      try database.write {
        try $0.run(script: Self.table)
        try body($0)
      }
    }
  }
}
