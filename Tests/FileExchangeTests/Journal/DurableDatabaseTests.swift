import FileExchange
import FilsluseSystem
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

/// A file is closed while others still use it, as when a watch takes up new settings.
@Suite(.timeLimit(.minutes(8))) struct DurableDatabaseTests {
  private static let threads = BlockingThreads(name: "test-database", count: 8)

  @Test("a call after the end gets an error")
  func whoComesTooLateIsToldSo() async throws {
    try await withScratchFolder { folder in
      for round in 0..<40 {
        let database = try DurableDatabase(folder.appending("\(round).sqlite"), label: "test")
        try database.write { try $0.execute(sql: "CREATE TABLE kept (number INTEGER)") }
        let written = try await withThrowingTaskGroup(of: Bool.self) { group in
          for number in 0..<60 {
            group.addTask { try await Self.isTaken { try Self.use(database, number) } && number % 2 == 0 }
          }
          group.addTask { try await Self.isTaken { try database.close() } && false }
          return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        // What came in time is kept, and the log has been carried over.
        #expect(try Data(contentsOf: URL(filePath: folder.appending("\(round).sqlite-wal").string)).isEmpty)
        let again = try DurableDatabase(folder.appending("\(round).sqlite"), label: "test")
        #expect(try again.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM kept") } == written)
        try again.close()
        for use in [
          { _ = try again.read { _ in 1 } }, { try again.write { _ in } }, { try again.emptyLog() },
          { try again.vacuum(into: folder.appending("copy")) },
        ] as [() throws -> Void] {
          #expect { try use() } throws: { "\($0)".contains("closed") }
        }
      }
    }
  }

  private static func use(_ database: DurableDatabase, _ number: Int) throws {
    if number % 2 == 0 {
      try database.write { try $0.execute(sql: "INSERT INTO kept VALUES (?)", arguments: [number]) }
    } else {
      _ = try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM kept") }
    }
  }

  /// Whether it was not refused as too late; any other error is thrown on.
  private static func isTaken(_ use: @escaping @Sendable () throws -> Void) async throws -> Bool {
    try await threads.run {
      do {
        try use()
        return true
      } catch let error as DatabaseError where error.message == "it is closed" {
        return false
      }
    }
  }
}
