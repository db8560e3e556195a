internal import FileExchange
internal import FilsluseSystem
import Glibc
internal import GRDB
internal import SystemPackage

/// The schema of the watch's database: the application id and the schema version in its header, and the tables.
enum WatchSchema {
  /// Marks an SQLite file as a watch's database: `Filw` in ASCII.
  static let applicationID: Int32 = 0x4669_6C77
  /// The schema version that this version of Filsluse reads and writes.
  static let version = 1

  /// Creates the tables in an empty file.
  static func create(in database: Database) throws {
    try MigrationV1.create(in: database)
    try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
  }

  /// Returns true if the file is a watch's database of this schema version, and false if it is empty.
  ///
  /// - Throws: ``OtherSchema`` for any other content, or an error of SQLite's.
  static func isMade(in database: Database) throws -> Bool {
    let application = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if application == applicationID, found == version { return true }
    if application == applicationID { throw OtherSchema(content: .watch(version: found)) }
    let isEmpty = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    if application == 0, found == 0, isEmpty { return false }
    let isWatch = try application == 0 && (database.tableExists("sight") || database.tableExists("alert_store"))
    throw OtherSchema(content: isWatch ? .watch(version: nil) : .foreign)
  }

  /// The same of a file that no connection has opened yet. A writing one would change the header of a file of another
  /// schema, and may write its log into it.
  ///
  /// - Throws: ``OtherSchema`` for any other content, or an error of SQLite's.
  static func isMade(at path: FilePath) throws -> Bool {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    // Without a log the main file has it all, and an immutable one makes no file beside it.
    let hasLog = ["-wal", "-shm"].contains { access(path.string + $0, F_OK) == 0 }
    let address = hasLog ? nil : URIFile.immutable(path)
    return try DatabaseQueue(path: address ?? path.string, configuration: configuration).read(isMade)
  }
}

/// A file whose schema this version does not read. It stays as it is.
struct OtherSchema: Error, CustomStringConvertible {
  enum Content: Sendable, Equatable {
    /// A watch's database of another schema version; `nil` where it has none.
    case watch(version: Int?)
    /// Another program's database, or another one of Filsluse's.
    case foreign
  }

  let content: Content

  private var expected: String { "expected is the watch's database of schema version \(WatchSchema.version)" }

  var description: String {
    switch content {
    case .watch(nil): "it is a watch's database without a schema version, as releases never wrote one; \(expected)"
    case .watch(let version?): "it is a watch's database of schema version \(version); \(expected)"
    case .foreign: "it is a database, but not the watch's; \(expected)"
    }
  }

  var remedy: Remedy {
    let other = "name another file under watch: database: in the settings"
    return switch content {
    case .watch(let version?) where version > WatchSchema.version:
      "use the newer version of Filsluse that wrote it; it stays as it is"
    case .watch: "\(other); it stays as it is, and the new one knows nothing of the time before"
    case .foreign: "\(other); it stays as it is"
    }
  }
}
