import FilsluseStore
import FilsluseBase
import PlatformFixture
import Testing

@Suite struct SQLConnectionTests {
  private func withTable(_ body: (SQLConnection) throws -> Void) throws {
    let file = try SQLiteFile()
    try file.write { database in
      try database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, share REAL, hash BLOB)")
      try body(database)
    }
  }

  @Test("values of every kind come back as they were given, NULL included")
  func keepsValues() throws {
    try withTable { database in
      let insert = "INSERT INTO kept (name, size, share, hash) VALUES (?, ?, ?, ?)"
      let bytes: [UInt8] = [0, 255, 7]
      let name = "blåbærgrød 2"
      #expect(try database.insert(insert, [name, Int64.min, 0.25, bytes]) == 1)
      #expect(try database.insert(insert, [String?.none, Int?.none, SQLValue.null, [UInt8]?.none]) == 2)
      #expect(try database.insert(insert, ["", true, 1.0, [UInt8]()]) == 3)

      let row = try #require(try database.row("SELECT name, size, share, hash FROM kept WHERE id = ?", [1]))
      #expect(try row.text(0) == name)
      #expect(try row.int(1) == .min)
      #expect(try row.real(2) == 0.25)
      #expect(try row.blob(3) == bytes)
      #expect(try row.values() == [.text(name), .integer(.min), .real(0.25), .blob(bytes)])

      let empty = try #require(try database.row("SELECT name, size, hash FROM kept WHERE id = 2"))
      #expect(try empty.optionalText(0) == nil)
      #expect(try empty.optionalInt(1) == nil)
      #expect(try empty.optionalBlob(2) == nil)
      #expect(try empty.values() == [.null, .null, .null])

      let last = try #require(try database.row("SELECT name, size, hash FROM kept WHERE id = 3"))
      #expect(try last.text(0) == "")
      #expect(try last.bool(1))
      #expect(try last.blob(2) == [])
    }
  }

  @Test("a NULL where a value must be is damage, not a crash")
  func refusesNull() throws {
    try withTable { database in
      _ = try database.insert("INSERT INTO kept (name) VALUES (?)", [String?.none])
      let row = try #require(try database.row("SELECT name, size, hash FROM kept"))
      for read in [
        { _ = try row.text(0) }, { _ = try row.int(1) }, { _ = try row.bool(1) }, { _ = try row.blob(2) },
      ] as [() throws -> Void] {
        #expect { try read() } throws: { ($0 as? StoreError)?.cause == .damaged }
      }
    }
  }

  @Test("a change says how many rows it changed")
  func countsChanges() throws {
    try withTable { database in
      for size in 1...5 { try database.execute("INSERT INTO kept (size) VALUES (?)", [size]) }
      #expect(try database.change("UPDATE kept SET size = 0 WHERE size > ?", [3]) == 2)
      #expect(try database.change("UPDATE kept SET size = 0 WHERE size > ?", [9]) == 0)
      #expect(try database.int("SELECT sum(size) FROM kept") == 6)
      #expect(try database.int("SELECT max(size) FROM kept WHERE size > 9") == nil)
    }
  }

  @Test("a query that is left half read can be run again")
  func canBeLeft() throws {
    try withTable { database in
      for size in 1...5 { try database.execute("INSERT INTO kept (size) VALUES (?)", [size]) }
      let query = "SELECT size FROM kept WHERE size >= ? ORDER BY size"
      for first in [2, 4] {
        let rows = try database.rows(query, [first])
        #expect(try rows.next()?.int(0) == Int64(first))
      }
      #expect(try database.rows(query, [3]).map { try $0.int(0) } == [3, 4, 5])
      #expect(try database.rows(query, [1]).compactMap { try $0.int(0) == 2 ? "two" : nil } == ["two"])
    }
  }

  @Test("a prepared statement runs to its end each time, and gives the first row's number")
  func runsPrepared() throws {
    try withTable { database in
      let insert = try database.statement("INSERT INTO kept (size) VALUES (?)")
      for size in 1...5 { try insert.execute([size]) }
      let double = try database.statement("UPDATE kept SET size = size * 2 WHERE size >= ? RETURNING size")
      #expect(try double.int([4]) == 8)
      #expect(try double.int([10]) == 20)
      #expect(try double.int([99]) == nil)
      #expect(try database.rows("SELECT size FROM kept ORDER BY id").map { try $0.int(0) } == [1, 2, 3, 8, 20])
      let name = try database.statement("SELECT name FROM kept WHERE id = ?")
      #expect(try name.int([1]) == nil)
      #expect(throws: StoreError.self) { try insert.execute([]) }
      #expect(throws: StoreError.self) { try name.int([1, 2]) }
      #expect(throws: StoreError.self) { try database.statement("SELECT absent FROM kept") }
    }
  }

  @Test("bytes can be read in place, and NULL is damage")
  func readsBytesInPlace() throws {
    try withTable { database in
      for hash in [[0, 255, 7], []] as [[UInt8]] { try database.execute("INSERT INTO kept (hash) VALUES (?)", [hash]) }
      try database.execute("INSERT INTO kept (hash) VALUES (NULL)")
      let rows = try database.rows("SELECT hash FROM kept ORDER BY id")
      let read = try (0..<2).map { _ in try rows.next()?.withBlob(0) { [UInt8]($0) } }
      #expect(read == [[0, 255, 7], []])
      let last = try #require(try rows.next())
      #expect { try last.withBlob(0) { $0.count } } throws: { ($0 as? StoreError)?.cause == .damaged }

      let again = try #require(try database.row("SELECT hash FROM kept WHERE id = 1"))
      #expect(throws: Refused.self) { try again.withBlob(0) { _ in throw Refused() } }
    }
  }

  private struct Refused: Error {}

  @Test("a savepoint undoes its own changes alone")
  func savepoint() throws {
    try withTable { database in
      try database.execute("INSERT INTO kept (size) VALUES (1)")
      let refusal = Result { try Self.insertAndRefuse(in: database) }
      #expect { try refusal.get() } throws: { $0 is Refused }
      try database.inSavepoint { try database.execute("INSERT INTO kept (size) VALUES (3)") }
      #expect(try database.rows("SELECT size FROM kept ORDER BY size").map { try $0.int(0) } == [1, 3])
    }
  }

  private static func insertAndRefuse(in database: SQLConnection) throws {
    try database.inSavepoint {
      try database.execute("INSERT INTO kept (size) VALUES (2)")
      throw Refused()
    }
  }

  @Test("a statement with too few or too many values is refused")
  func countsValues() throws {
    try withTable { database in
      for values in [[], [1, 2]] {
        #expect(throws: StoreError.self) { try database.execute("INSERT INTO kept (size) VALUES (?)", values) }
        #expect(throws: StoreError.self) { try database.row("SELECT id FROM kept WHERE size = ?", values) }
      }
      let tables = try ["kept", "absent"].filter { try database.hasTable($0) }
      #expect(tables == ["kept"])
    }
  }
}
