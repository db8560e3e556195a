internal import FilsluseStore
internal import FilsluseSystem
internal import GRDB

/// The schema of the watch's database: the application id and the schema version in its header, and the tables.
enum WatchSchema {
  /// The application id is `Filw` in ASCII.
  static let identity = SchemaIdentity(applicationID: 0x4669_6C77, version: 1, tables: ["sight"])

  /// Creates the tables in an empty file, unless another process just did.
  static func createIfMissing(in database: Database) throws {
    let found = try Int32.fetchOne(database, sql: "PRAGMA application_id")
    if found == identity.applicationID { return }
    try MigrationV1.create(in: database)
    try database.execute(
      sql: "PRAGMA application_id = \(identity.applicationID); PRAGMA user_version = \(identity.version)")
  }
}

extension OtherSchema {
  /// The reason why such a file is refused as the watch's database.
  var refusalAsWatch: String {
    let expected = "expected is the watch's database of schema version \(expected)"
    return switch content {
    case .withoutVersion: "it is a watch's database without a schema version, as releases never wrote one; \(expected)"
    case .ofVersion(let version): "it is a watch's database of schema version \(version); \(expected)"
    case .foreign: "it is a database, but not the watch's; \(expected)"
    }
  }

  /// The remedy where the watch's database was expected.
  var remedyAsWatch: Remedy {
    let other = "name another file under watch: database: in the settings"
    return switch content {
    case .ofVersion(let version) where version > expected:
      "use the newer version of Filsluse that wrote it; it stays as it is"
    case .ofVersion, .withoutVersion: "\(other); it stays as it is, and the new one knows nothing of the time before"
    case .foreign: "\(other); it stays as it is"
    }
  }
}
