internal import CPostgreSQLShim
internal import FilsluseBase

/// A connection to a PostgreSQL database, whose commits are on the disk when they return. It runs the same statements as
/// ``SQLConnection``, with parameters written as `?`; a statement is prepared once for each connection and types of
/// values.
///
/// Its calls block, with a deadline each, and it belongs to one thread at a time. A failed statement spoils its
/// transaction, unlike SQLite's: only ``inSavepoint(_:)`` saves the rest. After a lost connection or a missed deadline it
/// is closed, and all calls fail; the caller makes a new one.
package final class PostgreSQLConnection {
  private struct Prepared: Hashable {
    let sql: String
    let types: [UInt32]
  }

  private let session: PostgreSQLSession
  private let patience: Duration
  /// The names of prepared statements.
  private var prepared: [Prepared: String] = [:]
  /// The number of statements and cursors that were given a name.
  private var names = 0

  /// The number of statements that a connection keeps prepared. All are dropped beyond that: some have lists of numbers
  /// in their text, and never come again.
  private static let mostPrepared = 256

  /// Connects, sets the session up and checks that the server keeps what it confirms.
  ///
  /// - Throws: ``StoreError``: the cause is `login` or `unreachable`, `readOnly` for a standby, `notDurable` where
  ///   commits would not be on the disk, `notPermitted` where the role has no schema to work in, or `unsuitable`.
  package init(_ address: PostgreSQLAddress, patience: PostgreSQLPatience = PostgreSQLPatience()) throws(StoreError) {
    session = try PostgreSQLSession(connectingTo: address, within: patience.connecting)
    self.patience = patience.statement
    // Asked first, and without a prepared statement: a session that a pooler lends must be left as it was.
    let setUp = try PostgreSQLSetUp(row: once(PostgreSQLSetUp.query, []).first, process: session.process)
    if let refusal = setUp.refusal { throw refusal }
    let milliseconds = max(1, Int64(patience.statement / .milliseconds(1)))
    // The server ends a statement at its limit; it is given a second to say so.
    try run(
      script: """
        SET statement_timeout = \(milliseconds); SET idle_in_transaction_session_timeout = \(milliseconds);
        SET standard_conforming_strings = on
        """)
  }

  /// True while statements can be run, as far as is known without asking the server.
  package var isUsable: Bool { session.isUsable }

  /// Takes in what the server has said since the last answer, such as that it has ended the session.
  package func takeNews() { session.takeNews() }

  /// Closes it; what was not committed is undone.
  package func close() { session.close() }

  // MARK: Statements

  /// Runs a statement.
  package func execute(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) {
    _ = try result(of: sql, values)
  }

  /// Runs a statement that changes rows.
  ///
  /// - Returns: the number of rows that it inserted, updated or deleted.
  package func change(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> Int {
    try result(of: sql, values).changed
  }

  /// Inserts a row into a table whose numbers are in a column `id`.
  ///
  /// - Returns: the number that the database has given it.
  package func insert(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> Int64 {
    guard let row = try result(of: sql + " RETURNING id", values).first else {
      throw StoreError(.statement, "the statement has inserted no row", operation: Self.operation(sql))
    }
    return try row.int(0)
  }

  /// Runs several statements without parameters, such as those that create tables.
  package func run(script: String) throws(StoreError) {
    _ = try session.ask(Self.operation(script), within: clientPatience) { filsluse_pq_send_script($0, script) }
  }

  /// Runs a query and returns its rows, all of which have come.
  package func rows(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> PostgreSQLRows {
    PostgreSQLRows(try result(of: sql, values))
  }

  /// Runs a query in a transaction and fetches its rows so many at a time, for those that memory has no room for.
  package func rows(
    _ sql: String, _ values: [any SQLConvertible] = [], inPiecesOf count: Int
  ) throws(StoreError) -> PostgreSQLRows {
    let cursor = nextName("c")
    _ = try once("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)", values)
    let fetch: () throws(StoreError) -> PostgreSQLResult = { () throws(StoreError) in
      let piece = try self.once("FETCH FORWARD \(count) FROM \(cursor)", [])
      if piece.count == 0 { _ = try self.once("CLOSE \(cursor)", []) }
      return piece
    }
    return PostgreSQLRows(try fetch(), more: fetch)
  }

  /// Runs a query and returns its first row; `nil` where there is none.
  package func row(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> PostgreSQLRow? {
    try result(of: sql, values).first
  }

  /// Runs a query and returns the integer in the first column of its first row; `nil` where there is none, or NULL.
  package func int(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> Int64? {
    try row(sql, values)?.optionalInt(0)
  }

  /// Returns true if there is a table of that name.
  package func hasTable(_ name: String) throws(StoreError) -> Bool {
    try int("SELECT to_regclass(quote_ident(?)) IS NOT NULL", [name]) == 1
  }

  // MARK: Transactions

  /// Runs changes in a transaction and returns when they are on the disk.
  ///
  /// - Throws: what `changes` throws, or ``StoreError``. Its cause is `uncertain` where the connection was lost during
  ///   the commit; after any other error nothing of it is kept.
  package func write<Result>(_ changes: (PostgreSQLConnection) throws -> Result) throws -> Result {
    try run(script: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
    let result: Result
    do {
      result = try changes(self)
    } catch {
      rollBack()
      throw error
    }
    try commit()
    return result
  }

  /// Reads in one consistent view.
  ///
  /// - Throws: what `look` throws, or ``StoreError``.
  package func read<Result>(_ look: (PostgreSQLConnection) throws -> Result) throws -> Result {
    try run(script: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    defer { rollBack() }
    return try look(self)
  }

  private func commit() throws(StoreError) {
    let answer: PostgreSQLResult
    do throws(StoreError) {
      answer = try once("COMMIT", [])
    } catch {
      // An answer says that it was refused. Without one, the server may have committed before the line was lost.
      if isUsable {
        rollBack()
        throw error
      }
      throw StoreError(.uncertain, error.message, code: error.code, operation: "commit")
    }
    // Where a statement has failed and its error was passed over, the server answers with this and undoes everything.
    guard answer.tag == "COMMIT" else {
      throw StoreError(.statement, "the transaction was undone: a statement in it has failed", operation: "commit")
    }
  }

  /// A session that cannot even undo is given up: the server then does it.
  private func rollBack() {
    guard isUsable else { return }
    do throws(StoreError) { _ = try once("ROLLBACK", []) } catch { close() }
  }

  /// Runs changes that are undone together when they throw, while the transaction goes on.
  ///
  /// - Throws: what `changes` throws, or ``StoreError``.
  package func inSavepoint(_ changes: () throws -> Void) throws {
    _ = try once("SAVEPOINT filsluse", [])
    do {
      try changes()
    } catch {
      if isUsable { try run(script: "ROLLBACK TO SAVEPOINT filsluse; RELEASE SAVEPOINT filsluse") }
      throw error
    }
    _ = try once("RELEASE SAVEPOINT filsluse", [])
  }

  // MARK: Sending

  /// The server's own limit, and a second for its answer.
  private var clientPatience: Duration { patience + .seconds(1) }

  /// Runs a statement that is kept prepared.
  private func result(of sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> PostgreSQLResult {
    let parameters = PostgreSQLParameters(values)
    let name = try prepare(sql, parameters)
    return try session.ask(Self.operation(sql), within: clientPatience) { connection in
      parameters.withValues { filsluse_pq_send_prepared(connection, name, $0) }
    }
  }

  /// Runs a statement that will not come again, or that needs no preparation.
  private func once(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> PostgreSQLResult {
    let parameters = PostgreSQLParameters(values)
    let text = try Self.translate(sql, parameters)
    return try session.ask(Self.operation(sql), within: clientPatience) { connection in
      parameters.withValues { filsluse_pq_send(connection, text, parameters.types, $0) }
    }
  }

  private func prepare(_ sql: String, _ parameters: PostgreSQLParameters) throws(StoreError) -> String {
    let key = Prepared(sql: sql, types: parameters.types)
    if let name = prepared[key] { return name }
    if prepared.count == Self.mostPrepared {
      try run(script: "DEALLOCATE ALL")
      prepared = [:]
    }
    let text = try Self.translate(sql, parameters)
    let name = nextName("s")
    _ = try session.ask(Self.operation(sql), within: clientPatience) { connection in
      filsluse_pq_prepare(connection, name, text, Int32(parameters.types.count), parameters.types)
    }
    prepared[key] = name
    return name
  }

  private static func translate(_ sql: String, _ parameters: PostgreSQLParameters) throws(StoreError) -> String {
    let text = PostgreSQLText(sql)
    guard text.parameters == parameters.types.count else {
      throw StoreError(
        .statement, "the statement takes \(text.parameters) values, and has \(parameters.types.count)",
        operation: operation(sql))
    }
    return text.sql
  }

  private func nextName(_ prefix: String) -> String {
    names += 1
    return "filsluse_\(prefix)\(names)"
  }

  /// The statement's beginning, for errors. Values are parameters, so none is in it.
  private static func operation(_ sql: String) -> String {
    sql.prefix(60).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
