internal import GRDB

/// A connection to a database during one transaction. It runs statements of plain SQL, whose parameters are written as
/// `?`; a statement is prepared once for each connection and then used again.
///
/// A query must have been read to its end, or left for good, before the same text is run once more.
package struct SQLConnection {
  let database: Database

  init(_ database: Database) { self.database = database }

  /// Runs a statement.
  package func execute(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) {
    try translating { try $0.prepared(sql, values).execute() }
  }

  /// Runs a statement that changes rows.
  ///
  /// - Returns: the number of rows that it inserted, updated or deleted.
  package func change(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> Int {
    try translating { database in
      try database.prepared(sql, values).execute()
      return database.changesCount
    }
  }

  /// Inserts a row.
  ///
  /// - Returns: the number that the database has given it.
  package func insert(_ sql: String, _ values: [any SQLConvertible]) throws(StoreError) -> Int64 {
    try translating { database in
      try database.prepared(sql, values).execute()
      return database.lastInsertedRowID
    }
  }

  /// Runs several statements without parameters, such as those that create tables.
  package func run(script: String) throws(StoreError) { try translating { try $0.execute(sql: script) } }

  /// Prepares a statement for a loop: a call of ``execute(_:_:)`` looks for the prepared one by its text each time.
  package func statement(_ sql: String) throws(StoreError) -> SQLStatement {
    try translating { SQLStatement(statement: try $0.cachedStatement(sql: sql)) }
  }

  /// Runs a query and returns its rows one at a time.
  package func rows(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> SQLRows {
    try translating { SQLRows(cursor: try Row.fetchCursor($0.prepared(sql, values))) }
  }

  /// Runs a query and returns its first row, which stays valid; `nil` where there is none.
  package func row(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> SQLRow? {
    try translating { try Row.fetchOne($0.prepared(sql, values)).map(SQLRow.init(row:)) }
  }

  /// Runs a query and returns the integer in the first column of its first row; `nil` where there is none, or NULL.
  package func int(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> Int64? {
    try translating { try Int64.fetchOne($0.prepared(sql, values)) }
  }

  /// Returns true if there is a table of that name.
  package func hasTable(_ name: String) throws(StoreError) -> Bool { try translating { try $0.tableExists(name) } }

  /// Runs changes that are undone together when one of them throws, while the transaction goes on.
  ///
  /// - Throws: what `changes` throws, or ``StoreError``.
  package func inSavepoint(_ changes: () throws -> Void) throws {
    do {
      try database.inSavepoint {
        try changes()
        return .commit
      }
    } catch let error as DatabaseError {
      throw StoreError(error)
    }
  }

  private func translating<Result>(_ body: (Database) throws -> Result) throws(StoreError) -> Result {
    try throwingStoreError { try body(database) }
  }
}

extension Database {
  /// Returns the prepared statement of a text, with the values of its parameters set.
  fileprivate func prepared(_ sql: String, _ values: [any SQLConvertible]) throws -> Statement {
    let statement = try cachedStatement(sql: sql)
    try statement.set(values)
    return statement
  }
}
