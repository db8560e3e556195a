internal import FilsluseStore
internal import FilsluseBase
package import TriggerFiles

/// Something in the journal that is not as Filsluse wrote it.
public struct JournalFinding: Sendable, Hashable, CustomStringConvertible {
  /// The entry at which it shows.
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
  /// The findings, in the order of the entries; empty when all is as it was written, and at most some hundred
  /// otherwise.
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

  /// Looks through the whole file for damage: SQLite's integrity check, and what ``verify(_:)`` does.
  ///
  /// - Returns: what is wrong, a line each; empty when it is sound.
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read at all.
  public func check() async throws(ExchangeError) -> [String] { try await read(Self.findings) }

  static func findings(in database: SQLConnection) throws -> [String] {
    let integrity = try database.rows("PRAGMA integrity_check").map { try $0.text(0) }.filter { $0 != "ok" }
    let orphans = try database.rows("PRAGMA foreign_key_check").map {
      "a row of \(try $0.text(0)) without what it refers to in \(try $0.text(2))"
    }
    if !(integrity + orphans).isEmpty { return integrity + orphans }
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
}
