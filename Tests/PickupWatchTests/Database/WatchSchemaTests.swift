import ExchangeSettings
import FileExchange
import FilsluseStore
import FilsluseBase
import Foundation
import GRDB
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

@Suite("Watch schema") struct WatchSchemaTests {
  /// A file in the place of the watch's database, and its refusal.
  enum Other: String, CaseIterable {
    case newer, older, unversioned, foreign, foreignWithLog, foreignWithoutTables, journal, text

    var message: String {
      switch self {
      case .newer: "watch's database of schema version 2; expected is the watch's database of schema version 1"
      case .older: "watch's database of schema version 0; expected is the watch's database of schema version 1"
      case .unversioned: "watch's database without a schema version"
      case .foreign, .foreignWithLog, .foreignWithoutTables, .journal: "a database, but not the watch's"
      case .text: "file is not a database"
      }
    }

    var remedy: String {
      switch self {
      case .newer: "use the newer version of Filsluse"
      case .older, .unversioned: "the new one knows nothing of the time before"
      case .foreign, .foreignWithLog, .foreignWithoutTables, .journal: "name another file under watch: database:"
      case .text: "move the file away"
      }
    }
  }

  /// Writes the file, with its log where it has one.
  private func lay(_ other: Other, at path: FilePath) async throws {
    switch other {
    case .newer, .older, .unversioned:
      try await WatchDatabase.open(path).close()
      try await DatabaseQueue(path: path.string).writeWithoutTransaction { database in
        _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
        try database.execute(sql: "PRAGMA user_version = \(other == .newer ? 2 : 0)")
        if other == .unversioned { try database.execute(sql: "PRAGMA application_id = 0") }
      }
    case .foreign: try ForeignDatabase.withTables.lay(at: path)
    case .foreignWithLog: try ForeignDatabase.withLog.lay(at: path)
    case .foreignWithoutTables: try ForeignDatabase.withoutTables.lay(at: path)
    case .journal: try await Journal.open(path).close()
    case .text: try Data(repeating: 0x61, count: 5000).write(to: URL(filePath: path.string))
    }
  }

  @Test("a file of another kind is refused when opened, and stays as it is", arguments: Other.allCases)
  func refusesToOpen(other: Other) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("watch.sqlite")
      try await lay(other, at: path)
      let before = try databaseContents(path)
      let error = await #expect(throws: ExchangeError.self) { _ = try await WatchDatabase.open(path) }
      #expect(error?.code == (other == .text ? .watchDatabase : .watchSchema) && error?.path == path.string)
      #expect(error?.message.contains(other.message) == true, "\(String(describing: error))")
      #expect(error?.remedy.description.contains(other.remedy) == true, "\(String(describing: error))")
      if other != .text { #expect(error?.inDanish.contains("; der ventes en med skemaversion 1 (") == true) }
      #expect(try databaseContents(path) == before)
    }
  }

  @Test("an empty file and a database without tables are filled, with the version in the header")
  func fillsWhatIsEmpty() async throws {
    try await withScratchFolder { folder in
      let (empty, bare) = (folder.appending("empty.sqlite"), folder.appending("bare.sqlite"))
      try Data().write(to: URL(filePath: empty.string))
      // The file as it is when the machine stops before the tables are written.
      try DatabasePool(path: bare.string).close()
      for path in [empty, bare, folder.appending("new.sqlite")] {
        try await WatchDatabase.open(path).close()
        let header = try await DatabaseQueue(path: path.string).read { database in
          [
            try Int.fetchOne(database, sql: "PRAGMA application_id"),
            try Int.fetchOne(database, sql: "PRAGMA user_version"),
          ]
        }
        #expect(header == [Int(WatchSchema.identity.applicationID), WatchSchema.identity.version])
      }
    }
  }

  @Test("many that open a new file at the same time make its tables once")
  func openedByMany() async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("watch.sqlite")
      let identities = try await withThrowingTaskGroup(of: String?.self) { group in
        for _ in 0..<8 {
          group.addTask {
            let database = try await WatchDatabase.open(path)
            let id = try await database.read("test") {
              try $0.row("SELECT database FROM alert_number")?.text(0)
            }
            try await database.close()
            return id
          }
        }
        return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
      }
      #expect(identities.count == 1 && identities != [nil])
    }
  }

  @Test("a folder, and a place in a folder that cannot be made, are refused with a remedy")
  func refusesPlaces() async throws {
    try await withScratchFolder { folder in
      for path in [folder, folder.appending("nowhere/at/all/watch.sqlite")] {
        let error = await #expect(throws: ExchangeError.self) { _ = try await WatchDatabase.open(path) }
        #expect(error?.code == .watchDatabase && error?.description.contains("watch: database:") == true)
      }
    }
  }

  @Test("another file under the name of an open one is refused with a remedy")
  func replacedFile() async throws {
    try await withScratchFolder { folder in
      let (path, moved) = (folder.appending("watch.sqlite"), folder.appending("moved.sqlite"))
      let database = try await WatchDatabase.open(path)
      try FileManager.default.moveItem(atPath: path.string, toPath: moved.string)
      try FileManager.default.copyItem(atPath: moved.string, toPath: path.string)
      let error = await #expect(throws: ExchangeError.self) { _ = try await database.alerts() }
      #expect(error?.message == "another file lies in its place", "\(String(describing: error))")
      #expect(error?.remedy.description.contains("which program put another file") == true)
      try await database.close()
    }
  }

  @Test("a damaged alert is refused with a remedy")
  func damagedAlert() async throws {
    try await withScratchFolder { folder in
      let database = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      _ = try await database.take(Given.look(0, [Given.finding("a")]), settings: .init(), sinks: [])
      try await database.write("test") { try $0.execute("UPDATE alert SET document = '{}'") }
      let error = await #expect(throws: ExchangeError.self) { _ = try await database.alerts() }
      #expect(
        error?.description.contains("row 1 of alert") == true && error?.description.contains("move the file") == true)
      try await database.close()
    }
  }

  @Test("a database that cannot be used, and one of another schema, are the same kind of finding")
  func findings() {
    for code in [ExchangeError.Code.watchDatabase, .watchSchema] {
      let failure = ExchangeError(code, operation: "open", message: "m", remedy: "r")
      #expect(Finding.Kind(failure) == .observationsUnusable)
    }
  }
}
