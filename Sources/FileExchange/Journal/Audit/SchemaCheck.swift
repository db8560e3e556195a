internal import FilsluseStore

/// Compares the tables, indices, triggers and views of a journal with those of a new one: a changed schema can make
/// SQLite change, hide or invent rows without any entry.
struct SchemaCheck {
  private(set) var findings = JournalFindings()

  /// - Throws: an error of SQLite's.
  init(of database: SQLConnection) throws {
    let fresh = try SQLiteFile()
    try fresh.write(JournalSchema.create)
    let wanted = try fresh.read(Self.objects)
    let there = try Self.objects(in: database)
    for name in Set(wanted.keys).union(there.keys).sorted() where wanted[name] != there[name] {
      let what = wanted[name] == nil ? "is not Filsluse's" : there[name] == nil ? "is gone" : "was changed"
      findings.add(.init(number: 0, "the schema: \(name) \(what)"))
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
}
