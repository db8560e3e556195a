package import SystemPackage

/// The identity of a schema: an application id and a schema version. An SQLite file has them in its header, a schema of
/// a PostgreSQL database in a table.
package struct SchemaIdentity: Sendable {
  /// The application id, which marks an SQLite file as one of this kind.
  package let applicationID: Int32
  /// The schema version of this program.
  package let version: Int
  /// Tables that identify a file of this kind without an application id.
  package let tables: [String]

  package init(applicationID: Int32, version: Int, tables: [String]) {
    self.applicationID = applicationID
    self.version = version
    self.tables = tables
  }

  /// Creates the tables in an empty database, and marks it.
  ///
  /// - Parameter script: the statements, with SQLite's types.
  package func create(_ script: String, in database: SQLConnection) throws(StoreError) {
    switch database.kind {
    case .sqlite:
      try database.run(script: script)
      try database.run(script: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
    case .postgreSQL:
      try database.run(script: PostgreSQLTables.script(script))
      try database.run(
        script: """
          CREATE TABLE \(Self.marker) (application bigint NOT NULL, version bigint NOT NULL);
          INSERT INTO \(Self.marker) (application, version) VALUES (\(applicationID), \(version))
          """)
    }
  }

  /// Returns true if the database has this schema, and false if it has none of its tables.
  ///
  /// - Throws: ``OtherSchema`` for any other content, or ``StoreError``.
  package func isMade(in database: SQLConnection) throws -> Bool {
    switch database.kind {
    case .sqlite: try isMadeByHeader(of: database)
    case .postgreSQL: try isMadeByMarker(in: database)
    }
  }

  private func isMadeByHeader(of database: SQLConnection) throws -> Bool {
    let application = try database.int("PRAGMA application_id") ?? 0
    let found = Int(try database.int("PRAGMA user_version") ?? 0)
    if application == applicationID {
      if found == version { return true }
      throw OtherSchema(expected: version, content: .ofVersion(found))
    }
    let isEmpty = try database.int("SELECT count(*) FROM sqlite_schema") == 0
    if application == 0, found == 0, isEmpty { return false }
    let isOurs = try application == 0 && tables.allSatisfy { try database.hasTable($0) }
    throw OtherSchema(expected: version, content: isOurs ? .withoutVersion : .foreign)
  }

  /// The table of a PostgreSQL schema that holds its identity.
  private static let marker = "filsluse_schema"

  /// Checks a PostgreSQL schema by its marker: it may hold other tables, if none has the name of one of ours.
  private func isMadeByMarker(in database: SQLConnection) throws -> Bool {
    if try database.hasTable(Self.marker) {
      let row = try database.row("SELECT application, version FROM \(Self.marker)")
      guard let row, try row.int(0) == Int64(applicationID) else {
        throw OtherSchema(expected: version, content: .foreign)
      }
      let found = Int(try row.int(1))
      if found == version { return true }
      throw OtherSchema(expected: version, content: .ofVersion(found))
    }
    for table in tables where try database.hasTable(table) {
      throw OtherSchema(expected: version, content: .foreign)
    }
    return false
  }

  /// Checks a file that no connection has opened yet, read-only. A writing connection would change the header of a file
  /// with another schema, and might write its log into it.
  ///
  /// - Throws: ``OtherSchema`` for any other content, or ``StoreError``.
  package func isMade(at path: FilePath) throws -> Bool {
    // Without a log the main file has it all, and an immutable one makes no file beside it.
    let isImmutable = !SQLiteFile.hasLog(beside: path)
    return try SQLiteFile(reading: path, patience: .seconds(5), isImmutable: isImmutable).read(isMade(in:))
  }
}

/// The error for a database with another schema. The database is not changed.
package struct OtherSchema: Error, Sendable, Equatable {
  /// The content of such a database.
  package enum Content: Sendable, Equatable {
    /// A database of this kind, of another schema version.
    case ofVersion(Int)
    /// A file of this kind without a schema version, as releases never wrote one.
    case withoutVersion
    /// Another program's database, or another kind of Filsluse's.
    case foreign
  }

  /// The schema version that is read and written.
  package let expected: Int
  /// The content of the database.
  package let content: Content
}

/// The statements that create tables, in PostgreSQL's words.
private enum PostgreSQLTables {
  /// Translates a script that is written with SQLite's types.
  ///
  /// Texts are compared and ordered by their bytes, as SQLite's are. `STRICT` and `WITHOUT ROWID` have no counterpart.
  static func script(_ text: String) -> String {
    replacements.reduce(text) { $0.replacing($1.sqlite, with: $1.postgreSQL) }
  }

  /// In this order: the longer words first.
  private static let replacements = [
    (sqlite: "INTEGER PRIMARY KEY AUTOINCREMENT", postgreSQL: "bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"),
    (sqlite: "INTEGER", postgreSQL: "bigint"), (sqlite: "TEXT", postgreSQL: "text COLLATE \"C\""),
    (sqlite: "BLOB", postgreSQL: "bytea"), (sqlite: "REAL", postgreSQL: "double precision"),
    (sqlite: ") STRICT, WITHOUT ROWID;", postgreSQL: ");"), (sqlite: ") STRICT;", postgreSQL: ");"),
  ]
}
