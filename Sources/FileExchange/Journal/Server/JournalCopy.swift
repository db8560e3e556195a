public import ExchangeSettings
internal import FilsluseBase
internal import FilsluseStore
import Glibc
public import SystemPackage

/// The place of a journal: a file, or a database on a server.
public enum JournalLocation: Sendable, Hashable {
  /// An SQLite file.
  case file(FilePath)
  /// A schema of a PostgreSQL database.
  case server(JournalServer)
}

/// The result of copying a journal.
public struct CopiedJournal: Sendable, Hashable {
  /// The last entry's number and hash, the same in both.
  public let last: JournalAnchor
  /// The number of deliveries.
  public let deliveries: Int
  /// The number of arrivals.
  public let arrivals: Int
}

extension Journal {
  /// Copies a whole journal to an empty place, such as from a file to a server. The chain of entries is verified before
  /// and afterwards; after any error the new place stays empty.
  ///
  /// The source is not changed. Once the copy is in use, the source must not be used again: neither journal would know
  /// the deliveries of the other.
  ///
  /// - Throws: ``ExchangeError`` with code `claimed-elsewhere` while a process has the journal open, `journal` or one
  ///   of its exact codes when it cannot be read, is not sound, or the new place holds something already or cannot be
  ///   written; `file-missing` or `local-file`.
  public static func copy(
    from source: JournalLocation, to target: JournalLocation
  ) async throws(ExchangeError) -> CopiedJournal {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      switch source {
      case .file(let path): return try JournalCopy.readFile(path, into: target)
      case .server(let server): return try JournalCopy.readServer(try server.resolved(), into: target)
      }
    }
  }
}

/// Copying a journal, table by table. Its calls block.
private enum JournalCopy {
  // MARK: The journal that is copied

  static func readFile(_ path: FilePath, into target: JournalLocation) throws(ExchangeError) -> CopiedJournal {
    // A copy that was never used as a journal has no file of claims, and is given none.
    let isUsed = access(Claims.file(beside: path).string, F_OK) == 0
    let presence = try isUsed ? JournalLock(of: path) : nil
    if let presence, try !presence.takeAlone() { throw inUse(path.string) }
    defer { presence?.leave() }
    do {
      let file = try ReadOnlyJournal(path).open()
      if let refusal = try MarkCheck.refusal(of: path, file.read) { throw refusal }
      return try file.read { try write($0, to: target) }
    } catch {
      throw Journal.failure("copy the journal", path, error)
    }
  }

  static func readServer(_ server: PostgreSQLAddress, into target: JournalLocation) throws(ExchangeError)
    -> CopiedJournal
  {
    do {
      let connection = try PostgreSQLConnection(server, patience: patience)
      defer { connection.close() }
      return try namingRole(of: connection, at: server, granting: rightsToRead) {
        guard try connection.read({ try JournalSchema.isMade(in: SQLConnection($0)) }) else { throw NoJournal() }
        let open = try connection.read { try OpenReconciliation.find(in: SQLConnection($0)) }
        if let open { throw open.refusal(of: server.description) }
        guard try JournalHold.takeAlone(connection) else { throw inUse(server.description) }
        let areGone = try namingRole(of: connection, at: server, granting: rightsToDeclareGone) {
          try connection.write(KnownMachine.declareAllGone)
        }
        guard areGone else { throw mayBeUsed(server.description) }
        return try connection.read { try write(SQLConnection($0), to: target) }
      }
    } catch {
      throw Journal.serverFailure("copy the journal", server.description, error)
    }
  }

  private static func inUse(_ name: String) -> ExchangeError {
    ServerJournal.inUse(name, while: "copy the journal")
  }

  private static func mayBeUsed(_ name: String) -> ExchangeError {
    ExchangeError(
      .claimedElsewhere, operation: "copy the journal", path: name,
      message: "a process that had it open was killed or cut off, and may come back",
      remedy: "see that it has ended, and try again after half a minute"
    ).inDanish(
      "En proces, der havde journalen (\(name)) åben, er dræbt eller afskåret og kan komme tilbage. Se efter, at den er stoppet, og prøv igen efter et halvt minut."
    )
  }

  // MARK: Rights

  private static func rightsToRead(_ schema: String) -> [String] {
    ["USAGE ON SCHEMA \(schema)"] + ["TABLES", "SEQUENCES"].map { "SELECT ON ALL \($0) IN SCHEMA \(schema)" }
  }

  private static func rightsToDeclareGone(_ schema: String) -> [String] {
    ["UPDATE ON \(schema).head, \(schema).machine"]
  }

  private static func rightsToCreate(_ schema: String) -> [String] { ["USAGE, CREATE ON SCHEMA \(schema)"] }

  /// Runs `body`. Where the role that is logged in lacks a right, the error names the role and what it needs.
  ///
  /// - Parameter rights: the rights, as GRANT names them, in the schema with this name.
  private static func namingRole<Result>(
    of connection: PostgreSQLConnection, at server: PostgreSQLAddress, granting rights: (_ schema: String) -> [String],
    _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as StoreError where error.code == "42501" {
      guard let names = try? connection.row("SELECT quote_ident(current_user), quote_ident(current_schema())"),
        let role = try? names.text(0), let schema = try? names.text(1)
      else { throw error }
      let grants = rights(schema).map { "GRANT \($0) TO \(role)" }.joined(separator: "; ")
      throw ExchangeError(
        .journal, operation: "copy the journal", path: server.description,
        message: "the role \(role), which is logged in, lacks a right: \(error.message)",
        remedy: "run as the owner: \(grants); or name a role in the address that has these rights"
      ).inDanish(
        "Rollen \(role), som er logget ind i databasen (\(server)), mangler en rettighed. Kør som ejer: \(grants); eller angiv en rolle i adressen, der har de rettigheder."
      )
    }
  }

  /// Statements over whole tables take long.
  private static let patience: PostgreSQLPatience = {
    var patience = PostgreSQLPatience()
    patience.statement = .seconds(3600)
    return patience
  }()

  // MARK: The copy

  private static func write(_ source: SQLConnection, to target: JournalLocation) throws -> CopiedJournal {
    switch target {
    case .file(let path): try write(source, toFile: path)
    case .server(let server): try write(source, toServer: try server.resolved())
    }
  }

  private static func write(_ source: SQLConnection, toFile path: FilePath) throws -> CopiedJournal {
    // A log that was left there would be read into the copy.
    if JournalLock.isNoted(beside: path) || SQLiteFile.hasLog(beside: path) { throw taken(path.string) }
    if !path.removingLastComponent().isEmpty { _ = try LocalFolder(creating: path.removingLastComponent()) }
    var copied: CopiedJournal?
    do throws(NewFileError) {
      try NewFile.write(to: path, permissions: 0o600) { _, draft in
        let file = try SQLiteFile(writing: draft)
        copied = try file.write { database in
          try JournalSchema.create(in: database)
          return try fill(database, from: source)
        }
        try file.close()
      }
    } catch {
      if case .content(let reason) = error { throw reason }
      throw ExchangeError(
        .localFile, operation: "copy the journal", path: path.string, message: "\(error)", remedy: error.remedy
      ).inDanish(detail: error.inDanish)
    }
    guard let copied else { throw StoreError(.other, "nothing was copied") }
    return copied
  }

  private static func write(_ source: SQLConnection, toServer server: PostgreSQLAddress) throws -> CopiedJournal {
    do {
      let connection = try PostgreSQLConnection(server, patience: patience)
      defer { connection.close() }
      return try namingRole(of: connection, at: server, granting: rightsToCreate) {
        try connection.write { connection in
          let database = SQLConnection(connection)
          if try JournalSchema.isMade(in: database) { throw taken(server.description) }
          try JournalSchema.create(in: database)
          return try fill(database, from: source)
        }
      }
    } catch {
      throw Journal.serverFailure("write the copy of the journal", server.description, error)
    }
  }

  private static func taken(_ name: String) -> ExchangeError {
    ExchangeError(
      .journal, operation: "copy the journal", path: name, message: "there is a journal already",
      remedy: "name a place where there is none"
    ).inDanish("Der er en journal i forvejen (\(name)). Angiv et sted, hvor der ingen er.")
  }

  /// Fills an empty journal with the content of another one, and verifies both.
  private static func fill(_ target: SQLConnection, from source: SQLConnection) throws -> CopiedJournal {
    let before = try JournalVerification(of: source)
    if let first = before.findings.first { throw unsound("the journal is not as Filsluse wrote it: \(first)") }
    var counts: [String: Int] = [:]
    let columns = try columns()
    for table in MigrationV1.tables {
      counts[table] = try copyRows(of: table, columns[table] ?? [], from: source, to: target)
    }
    for (table, number) in try counters(in: source) { try setCounter(of: table, to: number, in: target) }
    if target.kind == .postgreSQL {
      try target.execute("UPDATE head SET number = ?, hash = ?", [before.last.number, before.last.hash.bytes])
    }
    let after = try JournalVerification(of: target, meeting: [before.last])
    if let first = after.findings.first { throw unsound("the copy is not what was copied: \(first)") }
    return CopiedJournal(
      last: after.last, deliveries: counts["delivery"] ?? 0, arrivals: counts["arrival"] ?? 0)
  }

  private static func unsound(_ message: String) -> ExchangeError {
    ExchangeError(
      .journal, operation: "copy the journal", message: message,
      remedy: "check the journal\(by: .checkJournal); nothing was copied"
    ).inDanish(("Intet er kopieret: „\(message)“. Kør \(.checkJournal)." as Remedy).inDanish)
  }

  /// The columns of each table.
  private static func columns() throws -> [String: [String]] {
    let fresh = try SQLiteFile()
    try fresh.write(JournalSchema.create)
    return try fresh.read { database in
      var columns: [String: [String]] = [:]
      for table in MigrationV1.tables {
        let rows = try database.rows("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid")
        columns[table] = try rows.map { try $0.text(0) }
      }
      return columns
    }
  }

  /// Copies the rows of a table, some by one statement each.
  ///
  /// - Returns: the number of rows.
  private static func copyRows(
    of table: String, _ columns: [String], from source: SQLConnection, to target: SQLConnection
  ) throws -> Int {
    let list = columns.joined(separator: ", ")
    let marks = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
    func insert(_ values: [SQLValue]) throws {
      if values.isEmpty { return }
      let rows = repeatElement(marks, count: values.count / columns.count).joined(separator: ", ")
      // Several machines may have observed one problem.
      let ending = table == "observed_problem" ? " ON CONFLICT DO NOTHING" : ""
      try target.execute("INSERT INTO \(table) (\(list)) VALUES \(rows)\(ending)", values)
    }
    let rows = try source.rows("SELECT \(list) FROM \(table)", inPiecesOf: 1000)
    var values: [SQLValue] = []
    var count = 0
    while let row = try rows.next() {
      values += try row.values()
      count += 1
      if count.isMultiple(of: 50) {
        try insert(values)
        values.removeAll(keepingCapacity: true)
      }
    }
    try insert(values)
    return count
  }

  // MARK: Counters

  /// The tables with row numbers that are never reused.
  private static let numbered = ["delivery", "arrival", "problem_alert"]

  private static func counters(in database: SQLConnection) throws -> [String: Int64] {
    var counters: [String: Int64] = [:]
    for table in numbered {
      switch database.kind {
      case .sqlite: counters[table] = try database.int("SELECT seq FROM sqlite_sequence WHERE name = ?", [table])
      case .postgreSQL:
        // Not by pg_sequence_last_value, which may say nothing where the right to read the sequence is missing.
        guard let row = try database.row("SELECT pg_get_serial_sequence(?, 'id')", [table]) else { continue }
        let sequence = try row.text(0)
        counters[table] = try database.int("SELECT last_value FROM \(sequence) WHERE is_called")
      }
    }
    return counters
  }

  private static func setCounter(of table: String, to number: Int64, in database: SQLConnection) throws {
    switch database.kind {
    case .sqlite:
      let changed = try database.change("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", [number, table])
      if changed == 0 {
        try database.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, number])
      }
    case .postgreSQL:
      try database.execute("SELECT setval(pg_get_serial_sequence(?, 'id')::regclass, ?)", [table, number])
    }
  }
}
