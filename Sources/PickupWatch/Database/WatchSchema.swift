internal import FilsluseStore
internal import FilsluseBase

/// The schema of the watch's database: the application id and the schema version in its header, and the tables.
enum WatchSchema {
  /// The application id is `Filw` in ASCII.
  static let identity = SchemaIdentity(applicationID: 0x4669_6C77, version: 1, tables: ["sight"])

  /// Creates the tables in an empty file, unless another process just did.
  static func createIfMissing(in database: SQLConnection) throws {
    if try identity.isMade(in: database) { return }
    try identity.create(MigrationV1.script, in: database)
    // Notifications of two databases, or of a new one in an old one's place, must never have the same id.
    let id = String(UInt64.random(in: 1 << 44..<1 << 48), radix: 16)
    try database.execute("INSERT INTO alert_number VALUES (1, ?, 1)", [id])
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
