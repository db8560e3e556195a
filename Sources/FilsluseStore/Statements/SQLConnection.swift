internal import GRDB

/// A connection to a database of either kind during one transaction. It runs plain SQL with `?` for parameters,
/// prepares each statement once per connection and reuses it.
///
/// A query must have been read to its end, or left for good, before the same text is run once more.
package struct SQLConnection {
  /// The driver that runs the statements. It is one word wide: it needs no allocation, and each call costs one more
  /// branch.
  enum Driver {
    case sqlite(Database)
    case postgreSQL(PostgreSQLConnection)
  }

  let driver: Driver

  init(_ database: Database) { driver = .sqlite(database) }

  /// A connection by PostgreSQL's driver.
  package init(_ connection: PostgreSQLConnection) { driver = .postgreSQL(connection) }

  /// The kind of database.
  package var kind: DatabaseKind {
    switch driver {
    case .sqlite: .sqlite
    case .postgreSQL: .postgreSQL
    }
  }

  /// Runs a statement.
  package func execute(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) {
    switch driver {
    case .sqlite(let database): try throwingStoreError { try database.prepared(sql, values).execute() }
    case .postgreSQL(let connection): try connection.execute(sql, values)
    }
  }

  /// Runs a statement that changes rows.
  ///
  /// - Returns: the number of rows that it inserted, updated or deleted.
  package func change(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> Int {
    switch driver {
    case .sqlite(let database):
      try throwingStoreError {
        try database.prepared(sql, values).execute()
        return database.changesCount
      }
    case .postgreSQL(let connection): try connection.change(sql, values)
    }
  }

  /// Inserts a row into a table with its row numbers in a column `id`.
  ///
  /// - Returns: the number that the database assigned.
  package func insert(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> Int64 {
    switch driver {
    case .sqlite(let database):
      try throwingStoreError {
        try database.prepared(sql, values).execute()
        return database.lastInsertedRowID
      }
    case .postgreSQL(let connection): try connection.insert(sql, values)
    }
  }

  /// Runs statements of which none needs another's answer. PostgreSQL gets them in one go.
  ///
  /// - Returns: the answer to each.
  /// - Throws: ``StoreError`` of the first one that failed; those after it were not run.
  package func ask(_ questions: [SQLQuestion]) throws(StoreError) -> [SQLAnswer] {
    if case .postgreSQL(let connection) = driver { return try connection.ask(questions) }
    var answers: [SQLAnswer] = []
    for question in questions {
      switch question.kind {
      case .change: answers.append(SQLAnswer(changed: try change(question.sql, question.values)))
      case .insert: answers.append(SQLAnswer(number: try insert(question.sql, question.values)))
      case .row: answers.append(SQLAnswer(row: try row(question.sql, question.values)))
      }
    }
    return answers
  }

  /// Runs a statement whose result nobody needs. PostgreSQL gets it with the next one, or with the commit: that may
  /// throw its error.
  package func executeLater(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) {
    switch driver {
    case .sqlite: try execute(sql, values)
    case .postgreSQL(let connection): connection.executeLater(sql, values)
    }
  }

  /// Runs a query as the transaction's last statement. PostgreSQL gets it together with the commit, so the locks that
  /// it takes are held while nothing is waited for but the server's disk.
  ///
  /// - Parameter read: gets the first row; on PostgreSQL when the change is on the disk.
  package func whenCommitting(
    _ sql: String, _ values: [any SQLConvertible], _ read: @escaping (SQLRow?) -> Void
  ) throws(StoreError) {
    switch driver {
    case .sqlite: read(try row(sql, values))
    case .postgreSQL(let connection): connection.whenCommitting(sql, values) { row in read(row.map { SQLRow($0) }) }
    }
  }

  /// The identity of this transaction, for ``awaitEnd(of:)``; `nil` in an SQLite file, where no commit is ever
  /// uncertain, and in a transaction that only reads.
  package func transactionIdentity() throws(StoreError) -> TransactionIdentity? {
    switch driver {
    case .sqlite: nil
    case .postgreSQL(let connection): try connection.transactionIdentity()
    }
  }

  /// Waits until the transaction has ended: what it has changed is seen from here on, or never.
  package func awaitEnd(of transaction: TransactionIdentity) throws(StoreError) {
    if case .postgreSQL(let connection) = driver { try connection.awaitEnd(of: transaction) }
  }

  /// Runs several statements without parameters, such as those that create tables.
  package func run(script: String) throws(StoreError) {
    switch driver {
    case .sqlite(let database): try throwingStoreError { try database.execute(sql: script) }
    case .postgreSQL(let connection): try connection.run(script: script)
    }
  }

  /// Prepares a statement for a loop: a call of ``execute(_:_:)`` looks for the prepared one by its text each time.
  package func statement(_ sql: String) throws(StoreError) -> SQLStatement {
    switch driver {
    case .sqlite(let database): try throwingStoreError { SQLStatement(try database.cachedStatement(sql: sql)) }
    case .postgreSQL(let connection): SQLStatement(connection, sql)
    }
  }

  /// Runs a query and returns its rows one at a time. PostgreSQL's have all come by then: see
  /// ``rows(_:_:inPiecesOf:)``.
  package func rows(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> SQLRows {
    switch driver {
    case .sqlite(let database):
      try throwingStoreError { SQLRows(try Row.fetchCursor(database.prepared(sql, values))) }
    case .postgreSQL(let connection): SQLRows(try connection.rows(sql, values))
    }
  }

  /// Runs a query with a result of any size and returns its rows one at a time. PostgreSQL sends them in pieces of
  /// `count`; SQLite reads each row on demand.
  package func rows(
    _ sql: String, _ values: [any SQLConvertible] = [], inPiecesOf count: Int
  ) throws(StoreError) -> SQLRows {
    switch driver {
    case .sqlite: try rows(sql, values)
    case .postgreSQL(let connection): SQLRows(try connection.rows(sql, values, inPiecesOf: count))
    }
  }

  /// Runs a query and returns its first row, which stays valid; `nil` where there is none.
  package func row(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> SQLRow? {
    switch driver {
    case .sqlite(let database):
      try throwingStoreError { try Row.fetchOne(database.prepared(sql, values)).map { SQLRow($0) } }
    case .postgreSQL(let connection): try connection.row(sql, values).map { SQLRow($0) }
    }
  }

  /// Runs a query and returns the integer in the first column of its first row; `nil` where there is none, or NULL.
  package func int(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> Int64? {
    switch driver {
    case .sqlite(let database): try throwingStoreError { try Int64.fetchOne(database.prepared(sql, values)) }
    case .postgreSQL(let connection): try connection.int(sql, values)
    }
  }

  /// Returns true if there is a table of that name.
  package func hasTable(_ name: String) throws(StoreError) -> Bool {
    switch driver {
    // GRDB's own search reads the whole schema.
    case .sqlite: try int("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", [name]) != nil
    case .postgreSQL(let connection): try connection.hasTable(name)
    }
  }

  /// Runs changes that are undone together when one of them throws, while the transaction goes on.
  ///
  /// - Throws: what `changes` throws, or ``StoreError``.
  package func inSavepoint(_ changes: () throws -> Void) throws {
    switch driver {
    case .sqlite(let database):
      do {
        try database.inSavepoint {
          try changes()
          return .commit
        }
      } catch let error as DatabaseError {
        throw StoreError(error)
      }
    case .postgreSQL(let connection): try connection.inSavepoint(changes)
    }
  }

  /// Returns the error of a change that did not find a row read earlier in the same transaction. In an SQLite file
  /// nobody else writes during a transaction, so the row is damaged. On PostgreSQL another session has changed it, and
  /// the change is run again.
  package func failure(ofUnchanged row: DamagedRow) -> any Error {
    switch driver {
    case .sqlite: row
    case .postgreSQL: StoreError(.conflict, "another session has changed row \(row.id) of \(row.table) meanwhile")
    }
  }
}

/// The kinds of database that a statement may run in.
package enum DatabaseKind: Sendable, Hashable {
  case sqlite
  case postgreSQL
}

extension Database {
  /// Returns the prepared statement of a text, with the values of its parameters set.
  fileprivate func prepared(_ sql: String, _ values: [any SQLConvertible]) throws -> Statement {
    let statement = try cachedStatement(sql: sql)
    try statement.set(values)
    return statement
  }
}
