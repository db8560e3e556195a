internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage

/// The schema of a journal's file: the application id and the schema version in its header, and the tables.
enum JournalSchema {
  /// The application id is `Fils` in ASCII.
  static let identity = SchemaIdentity(
    applicationID: 0x4669_6C73, version: 1, tables: ["delivery", "arrival", "entry"])

  /// Creates the tables in an empty file.
  static func create(in database: SQLConnection) throws { try identity.create(MigrationV1.script, in: database) }

  /// Returns true if the file is a journal of this schema version, and false if it is empty.
  ///
  /// - Throws: `OtherSchema` for any other content, or `StoreError`.
  static func isMade(in database: SQLConnection) throws -> Bool { try identity.isMade(in: database) }
}

extension OtherSchema {
  /// The reason why such a file is refused as a journal.
  var refusalAsJournal: String {
    let expected = "expected is a journal of schema version \(expected)"
    return switch content {
    case .withoutVersion: "it is a journal without a schema version, as releases never wrote one; \(expected)"
    case .ofVersion(let version): "it is a journal of schema version \(version); \(expected)"
    case .foreign: "it is a database, but no journal; \(expected)"
    }
  }

  /// The remedy where a journal was expected.
  var remedyAsJournal: Remedy {
    let other = "name another file under journal: in the settings"
    return switch content {
    case .ofVersion(let version) where version > expected:
      "use the newer version of Filsluse that wrote it; it stays as it is"
    case .ofVersion, .withoutVersion:
      "finish its work with the version of Filsluse that wrote it, then \(other); the new journal will not know what this one has sent"
    case .foreign: "\(other); it stays as it is"
    }
  }
}
