import FilsluseStore
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(25))) struct DurableDatabaseTests {
  private static let threads = BlockingThreads(name: "test-database", count: 8)

  /// A file is closed while others still use it, as when a watch takes up new settings.
  @Test("a call after the end gets an error, and calls before it are kept")
  func refusesCallsAfterItsEnd() async throws {
    try await withScratchFolder { folder in
      for round in 0..<40 {
        let database = try DurableDatabase(folder.appending("\(round).sqlite"), label: "test")
        try database.write { try $0.execute("CREATE TABLE kept (number INTEGER)") }
        let written = try await withThrowingTaskGroup(of: Bool.self) { group in
          for number in 0..<60 {
            group.addTask { try await Self.isTaken { try Self.use(database, number) } && number % 2 == 0 }
          }
          group.addTask { try await Self.isTaken { try database.close() } && false }
          return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        // The log has been carried over.
        #expect(try Data(contentsOf: URL(filePath: folder.appending("\(round).sqlite-wal").string)).isEmpty)
        let again = try DurableDatabase(folder.appending("\(round).sqlite"), label: "test")
        #expect(try again.read { try $0.int("SELECT count(*) FROM kept") } == Int64(written))
        try again.close()
        for use in [
          { _ = try again.read { _ in 1 } }, { try again.write { _ in } }, { try again.emptyLog() },
          { try again.vacuum(into: folder.appending("copy")) },
        ] as [() throws -> Void] {
          #expect { try use() } throws: { ($0 as? StoreError)?.cause == .closed }
        }
      }
    }
  }

  private static func use(_ database: DurableDatabase, _ number: Int) throws {
    if number % 2 == 0 {
      try database.write { try $0.execute("INSERT INTO kept VALUES (?)", [number]) }
    } else {
      _ = try database.read { try $0.int("SELECT count(*) FROM kept") }
    }
  }

  /// Returns true if a call was not refused as too late; any other error is thrown on.
  private static func isTaken(_ use: @escaping @Sendable () throws -> Void) async throws -> Bool {
    try await threads.run {
      do {
        try use()
        return true
      } catch let error as StoreError where error.cause == .closed {
        return false
      }
    }
  }

  @Test("a change that throws is undone, and its error comes through as it is")
  func undoesAChangeThatThrows() async throws {
    struct Refused: Error {}
    try await withScratchFolder { folder in
      let database = try DurableDatabase(folder.appending("test.sqlite"), label: "test")
      try database.write { try $0.execute("CREATE TABLE kept (number INTEGER)") }
      #expect(throws: Refused.self) {
        try database.write {
          try $0.execute("INSERT INTO kept VALUES (1)")
          throw Refused()
        }
      }
      #expect(try database.read { try $0.int("SELECT count(*) FROM kept") } == 0)
      try database.close()
    }
  }

  @Test("a transaction over several calls is kept or undone as a whole, and is seen by others only when it is kept")
  func longTransaction() async throws {
    try await withScratchFolder { folder in
      let database = try DurableDatabase(folder.appending("test.sqlite"), label: "test", hasLongTransactions: true)
      try database.write { try $0.execute("CREATE TABLE kept (number INTEGER)") }
      func count() throws -> Int64? { try database.read { try $0.int("SELECT count(*) FROM kept") } }
      for isKept in [false, true] {
        try database.begin()
        try database.step { try $0.execute("INSERT INTO kept VALUES (1)") }
        #expect(throws: StoreError.self) { try database.step { try $0.execute("INSERT INTO absent VALUES (1)") } }
        #expect(try database.step { try $0.int("SELECT count(*) FROM kept") } == 1)
        #expect(try count() == 0)
        if isKept { try database.commit() } else { try database.rollBack() }
        #expect(try count() == (isKept ? 1 : 0))
        #expect(throws: StoreError.self) { try database.step { _ in } }
      }
      try database.rollBack()
      try database.close()
    }
  }

  @Test("damage, a file of no database, a folder and a locked file each give their cause, with a remedy")
  func namesTheCause() async throws {
    try await withScratchFolder { folder in
      let noDatabase = folder.appending("text.sqlite")
      try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: noDatabase.string))
      #expect { try DurableDatabase(noDatabase, label: "test") } throws: { ($0 as? StoreError)?.cause == .damaged }
      #expect { try SQLiteFile(reading: folder.appending("absent")) } throws: {
        ($0 as? StoreError)?.cause == .notPermitted
      }
      let path = folder.appending("held.sqlite")
      let holder = try SQLiteFile(writing: path)
      try holder.write { try $0.execute("CREATE TABLE kept (number INTEGER)") }
      try holder.write { held in
        try held.execute("INSERT INTO kept VALUES (1)")
        #expect {
          try SQLiteFile(writing: path).write { try $0.execute("INSERT INTO kept VALUES (2)") }
        } throws: {
          guard let error = $0 as? StoreError else { return false }
          return error.cause == .busy && error.remedy.description.contains("another program holds it")
        }
      }
      #expect { try holder.read { try $0.int("SELECT number FROM missing") } } throws: {
        ($0 as? StoreError)?.cause == .statement
      }
      try holder.close()
    }
  }
}
