internal import FilsluseStore
internal import FilsluseBase
package import TriggerFiles

/// Something in the journal that is not as Filsluse wrote it.
public struct JournalFinding: Sendable, Hashable, CustomStringConvertible {
  /// The number of the entry at which it shows.
  public let number: Int64
  /// The finding, in a sentence of each language.
  package let text: LocalizedText
  /// The finding, in a sentence.
  public var description: String { text.en }

  init(number: Int64, _ english: String, _ danish: String) {
    self.number = number
    text = LocalizedText(english, danish)
  }
}

/// The findings so far, up to a limit.
struct JournalFindings {
  private(set) var all: [JournalFinding] = []

  mutating func add(_ finding: JournalFinding) { if all.count < 200 { all.append(finding) } }
}

/// The result of verifying the chain of entries.
public struct JournalVerification: Sendable {
  /// The last entry's number and hash.
  public let last: JournalAnchor
  /// The findings, in the order of the entries; empty for an unchanged journal, and otherwise at most some hundred.
  public let findings: [JournalFinding]
}

extension Journal {
  /// Recomputes the hash of every entry from the one before, compares every delivery and arrival with its entries,
  /// looks for changes of the tables themselves, and checks that the entries of the given anchors are unchanged.
  ///
  /// A process that can write the file can also rebuild the chain: only an anchor that was kept elsewhere proves that
  /// it did not.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func verify(_ anchors: [JournalAnchor] = []) async throws(ExchangeError) -> JournalVerification {
    try await read { try JournalVerification(of: $0, meeting: anchors) }
  }

  /// Checks for damage: by SQLite's integrity check if the journal is a file, and by ``verify(_:)``.
  ///
  /// - Returns: the findings, a line each; empty for a sound journal.
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read at all.
  public func check() async throws(ExchangeError) -> [String] { try await read(Self.findings) }

  static func findings(in database: SQLConnection) throws -> [String] {
    if database.kind == .sqlite {
      let integrity = try database.rows("PRAGMA integrity_check").map { try $0.text(0) }.filter { $0 != "ok" }
      let orphans = try database.rows("PRAGMA foreign_key_check").map {
        "a row of \(try $0.text(0)) without what it refers to in \(try $0.text(2))"
      }
      if !(integrity + orphans).isEmpty { return integrity + orphans }
    }
    do {
      return try JournalVerification(of: database).findings.map(\.description)
    } catch  where error.isDamage {
      return ["\(error)"]
    }
  }
}

extension JournalVerification {
  init(of database: SQLConnection, meeting anchors: [JournalAnchor] = []) throws {
    let walk = try ChainWalk(in: database, meeting: anchors)
    let replay = try EntryReplayCheck(in: database)
    last = walk.last
    let schema = try SchemaCheck(of: database)
    findings = (schema.findings.all + walk.findings.all + replay.findings.all).sorted { $0.number < $1.number }
  }
}

/// Compares the tables, indices, triggers, views and functions of a journal with those of a new one: a changed schema
/// can make the database change, hide or invent rows without any entry.
struct SchemaCheck {
  private(set) var findings = JournalFindings()

  /// - Throws: `StoreError`.
  init(of database: SQLConnection) throws {
    let fresh = try SQLiteFile()
    try fresh.write(JournalSchema.create)
    let wanted: [String: String]
    let there: [String: String]
    switch database.kind {
    case .sqlite: (wanted, there) = (try fresh.read(Self.objects), try Self.objects(in: database))
    case .postgreSQL:
      let functions = MigrationV1.functionBodies.map { ("function \($0.key)", $0.value) }
      wanted = try fresh.read(Self.columns).merging(functions) { $1 }
      there = try Self.columnsAndActors(in: database)
    }
    for name in Set(wanted.keys).union(there.keys).sorted() where wanted[name] != there[name] {
      let what =
        wanted[name] == nil
        ? LocalizedText("is not Filsluse's", "er ikke Filsluses")
        : there[name] == nil ? LocalizedText("is gone", "er væk") : LocalizedText("was changed", "er ændret")
      findings.add(.init(number: 0, "the schema: \(name) \(what.en)", "skemaet: \(name) \(what.da)"))
    }
  }

  /// Returns the definitions in the schema, by kind and name, in a normal form: SQLite changes quotes and blanks when
  /// it alters a table.
  private static func objects(in database: SQLConnection) throws -> [String: String] {
    let rows = try database.rows(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    let pairs = try rows.map { row -> (String, String) in
      let text = (try row.text(3)).unicodeScalars.filter { !" \t\n\r\"`[]".unicodeScalars.contains($0) }
      return ("\(try row.text(0)) \(try row.text(1))", "\(try row.text(2)) \(String(text))")
    }
    return Dictionary(pairs) { $1 }
  }

  /// Returns the columns of a fresh file, each with the word that PostgreSQL has for its type.
  private static func columns(in fresh: SQLConnection) throws -> [String: String] {
    let types = ["INTEGER": "bigint", "TEXT": "text", "BLOB": "bytea"]
    let rows = try fresh.rows(
      """
      SELECT made.name, kept.name, kept.type FROM sqlite_schema AS made JOIN pragma_table_info(made.name) AS kept
      WHERE made.type = 'table' AND made.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      """)
    let pairs = try rows.map { row -> (String, String) in
      let type = try row.text(2)
      return ("column \(try row.text(0)).\(try row.text(1))", types[type] ?? type)
    }
    return Dictionary(pairs) { $1 }
  }

  /// Returns the columns of the journal's tables on PostgreSQL with their types, its functions with their arguments,
  /// and others of their names, and what would act on rows: views of the same names, objects in an earlier schema of
  /// the search path, triggers, rules and policies.
  private static func columnsAndActors(in database: SQLConnection) throws -> [String: String] {
    func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
    let names = list(MigrationV1.tables + MigrationV1.serverTables)
    let rows = try database.rows(
      """
      WITH home AS (SELECT relnamespace AS schema FROM pg_class WHERE oid = to_regclass('filsluse_schema')),
      kept AS (
        SELECT oid, relname, relkind, relnamespace FROM pg_class WHERE relname IN (\(names)) AND pg_table_is_visible(oid))
      SELECT 'column ' || kept.relname || '.' || attname, format_type(atttypid, atttypmod)
        FROM kept JOIN pg_attribute ON attrelid = kept.oid
        WHERE attnum > 0 AND NOT attisdropped AND kept.relname NOT IN (\(list(MigrationV1.serverTables)))
          AND NOT (kept.relname IN (\(list(MigrationV1.ownedTables))) AND attname = 'machine')
      UNION ALL SELECT 'trigger ' || tgname, kept.relname FROM kept JOIN pg_trigger ON tgrelid = kept.oid
        WHERE NOT tgisinternal
      UNION ALL SELECT 'rule ' || rulename, kept.relname FROM kept JOIN pg_rewrite ON ev_class = kept.oid
      UNION ALL SELECT 'policy ' || polname, kept.relname FROM kept JOIN pg_policy ON polrelid = kept.oid
      UNION ALL SELECT 'object ' || kept.relname, kept.relkind::text FROM kept
        WHERE kept.relkind <> 'r' OR kept.relnamespace <> (SELECT schema FROM home)
      UNION ALL SELECT 'function ' || proname || '(' || pg_get_function_arguments(pg_proc.oid) || ')',
          coalesce(pg_get_function_result(pg_proc.oid), '') || ' ' || lanname || ' ' || coalesce(proconfig::text, '')
            || prosrc || CASE WHEN pg_function_is_visible(pg_proc.oid) THEN '' ELSE ' hidden' END
        FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
        WHERE pronamespace = (SELECT schema FROM home) AND proname IN (\(list(MigrationV1.functionNames)))
      """)
    let pairs = try rows.map { row -> (String, String) in (try row.text(0), try row.text(1)) }
    return Dictionary(pairs) { $1 }
  }
}
