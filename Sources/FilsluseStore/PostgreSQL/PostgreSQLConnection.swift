internal import FilsluseBase

/// A connection to a PostgreSQL database, whose commits are on the disk when they return. It runs the same statements
/// as ``SQLConnection``, with parameters written as `?`; a statement is prepared once for each connection and types of
/// values.
///
/// Each call waits for one answer of the server's, or for those to several statements that it sends in one go;
/// statements whose results nobody needs go with the next call. A transaction begins with its first statement.
///
/// Its calls block, with a deadline each, and it belongs to one thread at a time. A failed statement spoils its
/// transaction, unlike SQLite's: only ``inSavepoint(_:)`` saves the rest. After a lost connection or a missed deadline
/// it is closed, and all calls fail; the caller makes a new one.
package final class PostgreSQLConnection {
  private let session: PostgreSQLSession
  private let patience: Duration
  /// The prepared statements.
  private var prepared: [PostgreSQLStatement.Key: PostgreSQLStatement.Prepared] = [:]
  /// The statements that begin the transaction, until they are sent with its first statement.
  private var opening: [PostgreSQLStatement] = []
  /// True once the statement that begins the transaction was sent.
  private var hasBegun = false
  /// Statements of the transaction whose results nobody needs, until they are sent with the next one.
  private var waiting: [PostgreSQLStatement] = []
  /// The query that goes with the commit.
  private var closing: (query: PostgreSQLStatement, read: (PostgreSQLRow?) -> Void)?
  /// The key of the advisory lock that the transaction holds from its beginning to its end.
  private var lock: Int64 = 0
  /// The identity of the transaction, once the server has begun it.
  private var identity: TransactionIdentity?
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
    // The server ends a statement at its limit; it is given a second to say so. Commits wait for the disk as they were
    // seen to, whatever the server's settings become during the session.
    try run(
      script: """
        SET statement_timeout = \(milliseconds); SET idle_in_transaction_session_timeout = \(milliseconds);
        SET standard_conforming_strings = on; SET synchronous_commit = '\(setUp.synchronousCommit)'
        """)
  }

  /// True while statements can be run, as far as is known without asking the server.
  package var isUsable: Bool { session.isUsable }

  /// Takes in what the server has said since the last answer, such as that it has ended the session.
  package func takeNews() { session.takeNews() }

  /// Closes it; what was not committed is undone.
  package func close() { session.close() }

  // MARK: Statements

  /// Runs a statement of a transaction whose result nobody needs: it is sent with the next one, or with the commit.
  package func executeLater(_ sql: String, _ values: [any SQLConvertible]) {
    assert(isInTransaction, "nothing would send the statement outside a transaction")
    waiting.append(PostgreSQLStatement(sql, values))
  }

  /// Runs a query as the transaction's last statement, which is sent together with the commit.
  ///
  /// - Parameter read: gets its first row when the change is on the disk.
  package func whenCommitting(
    _ sql: String, _ values: [any SQLConvertible], _ read: @escaping (PostgreSQLRow?) -> Void
  ) {
    assert(isInTransaction, "nothing would send the query outside a transaction")
    closing = (PostgreSQLStatement(sql, values), read)
  }

  /// The identity of this transaction; `nil` in one that only reads. The server is asked to begin it where it has not.
  package func transactionIdentity() throws(StoreError) -> TransactionIdentity? {
    if !opening.isEmpty { try sendWaiting() }
    return identity
  }

  /// Waits until the transaction has ended.
  package func awaitEnd(of transaction: TransactionIdentity) throws(StoreError) {
    try execute("SELECT pg_advisory_xact_lock(?)", [transaction.lock])
  }

  /// Takes the transaction's lock, and has the server give the transaction its number, which it would at the first
  /// change.
  private static let identifying =
    "SELECT pg_advisory_xact_lock(?), \(TransactionIdentity.number(of: "pg_current_xact_id()::xid"))"

  /// Runs several statements without parameters, such as those that create tables.
  package func run(script: String) throws(StoreError) {
    _ = try answers(to: PostgreSQLText.statements(of: script).map { PostgreSQLStatement($0, isKept: false) })
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

  // MARK: Transactions

  /// Runs changes in a transaction and returns when they are on the disk.
  ///
  /// - Throws: what `changes` throws, or ``StoreError``. Its cause is `uncertain` where the connection was lost during
  ///   the commit; after any other error nothing of it is kept.
  package func write<Result>(_ changes: (PostgreSQLConnection) throws -> Result) throws -> Result {
    lock = Int64.random(in: .min ... .max)
    enterTransaction([
      PostgreSQLStatement("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", isKept: false),
      PostgreSQLStatement(Self.identifying, [lock]),
    ])
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
    enterTransaction([PostgreSQLStatement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", isKept: false)])
    defer { endReading() }
    return try look(self)
  }

  private func commit() throws(StoreError) {
    if !hasBegun, waiting.isEmpty, closing == nil {
      opening = []
      return
    }
    let last = closing.map { [$0] } ?? []
    do throws(StoreError) {
      // A commit is sent only after an answer that says that the transaction holds its lock.
      if !opening.isEmpty { try sendWaiting() }
      try prepare(waiting + last.map { $0.query })
    } catch {
      rollBack()
      throw error
    }
    let results: [PostgreSQLResult]
    do throws(StoreError) {
      results = try answers(to: last.map { $0.query } + [PostgreSQLStatement(Self.committing, isKept: false)])
    } catch {
      // After an answer nothing is kept. Without one, the server may have committed before the line was lost.
      if isUsable || (error.code != nil && error.operation != Self.committing) {
        rollBack()
        throw error
      }
      throw StoreError(.uncertain, error.message, code: error.code, operation: "commit")
    }
    // Where a statement has failed and its error was passed over, the server answers with this and undoes everything.
    guard results.last?.tag == Self.committing else {
      throw StoreError(.statement, "the transaction was undone: a statement in it has failed", operation: "commit")
    }
    _ = leaveTransaction()
    for closing in last { closing.read(results.first?.first) }
  }

  private static let committing = "COMMIT"

  private var isInTransaction: Bool { hasBegun || !opening.isEmpty }

  private func enterTransaction(_ statements: [PostgreSQLStatement]) {
    (opening, waiting, closing) = (statements, [], nil)
    (hasBegun, identity) = (false, nil)
  }

  /// A session that cannot even undo is given up: the server then does it.
  private func rollBack() {
    guard leaveTransaction() else { return }
    do throws(StoreError) { _ = try once("ROLLBACK", []) } catch { close() }
  }

  /// Ends a read transaction. The answer is not awaited, since a failed ROLLBACK changes no data.
  private func endReading() {
    guard leaveTransaction() else { return }
    do throws(StoreError) {
      let rollback = try PostgreSQLStatement("ROLLBACK", isKept: false).message(preparedAs: nil)
      try session.send([rollback], within: clientPatience)
    } catch {
      close()
    }
  }

  /// Drops what was not sent of a transaction; false where the server knows nothing of it, or has lost it with the
  /// session.
  private func leaveTransaction() -> Bool {
    defer { enterTransaction([]) }
    return isUsable && hasBegun
  }

  /// Runs changes that are undone together when they throw, while the transaction goes on.
  ///
  /// - Throws: what `changes` throws, or ``StoreError``.
  package func inSavepoint(_ changes: () throws -> Void) throws {
    _ = try once("SAVEPOINT filsluse", [])
    do {
      try changes()
      try sendWaiting()
    } catch {
      waiting = []
      if isUsable { try run(script: "ROLLBACK TO SAVEPOINT filsluse; RELEASE SAVEPOINT filsluse") }
      throw error
    }
    _ = try once("RELEASE SAVEPOINT filsluse", [])
  }

  // MARK: Sending

  /// The server's own limit, and a second for its answer.
  private var clientPatience: Duration { patience + .seconds(1) }

  /// Runs a statement that is kept prepared.
  func result(of sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> PostgreSQLResult {
    try answers(to: [PostgreSQLStatement(sql, values)])[0]
  }

  /// Runs a statement that will not come again, or that needs no preparation.
  private func once(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> PostgreSQLResult {
    try answers(to: [PostgreSQLStatement(sql, values, isKept: false)])[0]
  }

  private func sendWaiting() throws(StoreError) {
    if !opening.isEmpty || !waiting.isEmpty { _ = try answers(to: []) }
  }

  /// Sends statements in one go, after those that wait, and awaits the answers.
  ///
  /// - Returns: the answer to each of `statements`.
  func answers(to statements: [PostgreSQLStatement]) throws(StoreError) -> [PostgreSQLResult] {
    try prepare((opening + waiting + statements).filter(\.isKept))
    var messages: [PostgreSQLSession.Message] = []
    for statement in opening + waiting + statements {
      messages.append(try statement.message(preparedAs: statement.isKept ? prepared[statement.key] : nil))
    }
    let begun = opening.count
    if begun > 0 { hasBegun = true }
    (opening, waiting) = ([], [])
    let results = try session.ask(messages, within: clientPatience)
    // Of the statements that begin a transaction, the one that identifies it is the last, and has a row.
    if begun > 0, let row = results[begun - 1].first {
      identity = TransactionIdentity(lock: lock, number: try row.int(1))
    }
    return Array(results.suffix(statements.count))
  }

  /// Prepares those of the statements that are not yet.
  private func prepare(_ statements: [PostgreSQLStatement]) throws(StoreError) {
    if statements.allSatisfy({ prepared[$0.key] != nil }) { return }
    let needed = Set(statements.map(\.key))
    if prepared.count + needed.subtracting(prepared.keys).count > Self.mostPrepared {
      let dropping = try PostgreSQLStatement("DEALLOCATE ALL", isKept: false).message(preparedAs: nil)
      _ = try session.ask([dropping], within: clientPatience)
      prepared = [:]
    }
    var messages: [PostgreSQLSession.Message] = []
    var new: [PostgreSQLStatement.Key: PostgreSQLStatement.Prepared] = [:]
    for statement in needed where prepared[statement] == nil {
      let one = PostgreSQLStatement.Prepared(
        name: nextName("s"), operation: PostgreSQLStatement.operation(statement.sql))
      new[statement] = one
      messages.append(try statement.preparation(as: one))
    }
    // One that cannot be prepared spoils its transaction as any other does that fails, so that begins first.
    if !hasBegun, let begin = opening.first {
      messages.insert(try begin.message(preparedAs: nil), at: 0)
      opening.removeFirst()
      hasBegun = true
    }
    _ = try session.ask(messages, within: clientPatience)
    prepared.merge(new) { $1 }
  }

  private func nextName(_ prefix: String) -> String {
    names += 1
    return "filsluse_\(prefix)\(names)"
  }
}
