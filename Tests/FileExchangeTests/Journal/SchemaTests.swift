import FilsluseStore
import FilsluseBase
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

@Suite("Journal schema") struct SchemaTests {
  /// A file in the journal's place, and its refusal.
  enum Other: String, CaseIterable {
    case newer, older, unversioned, foreign, foreignWithLog, foreignWithoutTables

    var message: String {
      switch self {
      case .newer: "journal of schema version 2; expected is a journal of schema version 1"
      case .older: "journal of schema version 0; expected is a journal of schema version 1"
      case .unversioned: "journal without a schema version"
      case .foreign, .foreignWithLog, .foreignWithoutTables: "a database, but no journal"
      }
    }

    var remedy: String {
      switch self {
      case .newer: "use the newer version of Filsluse"
      case .older, .unversioned: "finish its work with the version of Filsluse that wrote it"
      case .foreign, .foreignWithLog, .foreignWithoutTables: "name another file under journal:"
      }
    }
  }

  /// Writes the file, with its log where it has one.
  private func lay(_ other: Other, at path: FilePath) async throws {
    switch other {
    case .newer, .older, .unversioned:
      let journal = try await Journal.open(path)
      try await SampleJournal.add(.accepted, to: journal, named: "fil.csv")
      try await journal.close()
      try await DatabaseQueue(path: path.string).writeWithoutTransaction { database in
        _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
        try database.execute(sql: "PRAGMA user_version = \(other == .newer ? 2 : 0)")
        if other == .unversioned { try database.execute(sql: "PRAGMA application_id = 0") }
      }
    case .foreign: try ForeignDatabase.withTables.lay(at: path)
    case .foreignWithLog: try ForeignDatabase.withLog.lay(at: path)
    case .foreignWithoutTables: try ForeignDatabase.withoutTables.lay(at: path)
    }
  }

  private func expectRefusal(
    of other: Other, at path: FilePath, _ use: () async throws -> Void
  ) async throws {
    let before = try databaseContents(path)
    let error = await #expect(throws: ExchangeError.self) { try await use() }
    #expect(error?.code == .journalSchema && error?.path == path.string)
    #expect(error?.inDanish.contains("der ventes en journal med skemaversion 1") == true)
    #expect(error?.message.contains(other.message) == true, "\(String(describing: error))")
    #expect(error?.remedy.description.contains(other.remedy) == true, "\(String(describing: error))")
    #expect(try databaseContents(path) == before)
  }

  @Test("a file of another schema is refused when opened, and stays as it is", arguments: Other.allCases)
  func refusesToOpen(other: Other) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      try await lay(other, at: path)
      try await expectRefusal(of: other, at: path) { _ = try await Journal.open(path) }
      try await expectRefusal(of: other, at: path) { _ = try await Journal.openToRead(path) }
    }
  }

  @Test("a write-protected file of another schema is refused, and stays as it is", arguments: Other.allCases)
  func refusesToRead(other: Other) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      try await lay(other, at: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path.string)
      try await expectRefusal(of: other, at: path) { _ = try await Journal.openToRead(path) }
    }
  }

  @Test("a file of another schema is no backup, and neither it nor the journal changes", arguments: Other.allCases)
  func refusesToRestore(other: Other) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("journal.sqlite")
      let backup = folder.appending("backup.sqlite")
      let journal = try await Journal.open(path)
      try await SampleJournal.add(.accepted, to: journal, named: "fil.csv")
      try await journal.close()
      try await lay(other, at: backup)
      let before = try databaseContents(path)
      try await expectRefusal(of: other, at: backup) { _ = try await Journal.restore(path, from: backup) }
      #expect(try databaseContents(path) == before)
      #expect(try await Journal.open(path).check() == [])
    }
  }

  @Test("a database without tables is filled where no journal was, and refused where one was")
  func databaseWithoutTables() async throws {
    try await withScratchFolder { folder in
      // The file as it is when the machine stops before the tables are written.
      let path = folder.appending("journal.sqlite")
      try DatabasePool(path: path.string).close()
      #expect(try #require(try databaseContents(path)[0]).isEmpty == false)
      let journal = try await Journal.open(path)
      try await SampleJournal.add(.accepted, to: journal, named: "fil.csv")
      try await journal.close()
      for name in ["journal.sqlite", "journal.sqlite.mark"] {
        try FileManager.default.removeItem(atPath: folder.appending(name).string)
      }
      try DatabasePool(path: path.string).close()
      let before = try databaseContents(path)[0]
      await #expect { _ = try await Journal.open(path) } throws: { "\($0)".contains("it is gone") }
      #expect(try databaseContents(path)[0] == before)
    }
  }

  @Test("a backup has the schema version of its journal")
  func backupKeepsTheVersion() async throws {
    try await withScratchFolder { folder in
      let journal = try await Journal.open(folder.appending("journal.sqlite"))
      let copy = folder.appending("backup.sqlite")
      try await journal.backUp(to: copy)
      let header = try await DatabaseQueue(path: copy.string).read { database in
        [
          try Int.fetchOne(database, sql: "PRAGMA application_id"),
          try Int.fetchOne(database, sql: "PRAGMA user_version"),
        ]
      }
      #expect(header == [Int(JournalSchema.identity.applicationID), JournalSchema.identity.version])
    }
  }
}
