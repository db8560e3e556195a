internal import GRDB

/// A prepared statement, for a loop that runs it many times. It is valid until its transaction ends.
package struct SQLStatement {
  private enum Driver {
    case sqlite(Statement)
    case postgreSQL(PostgreSQLConnection, String)
  }

  private let driver: Driver

  init(_ statement: Statement) { driver = .sqlite(statement) }

  /// A statement of PostgreSQL's, which its connection prepares when it is run first.
  init(_ connection: PostgreSQLConnection, _ sql: String) { driver = .postgreSQL(connection, sql) }

  /// Runs it.
  package func execute(_ values: [any SQLConvertible] = []) throws(StoreError) {
    switch driver {
    case .sqlite(let statement):
      try throwingStoreError {
        try statement.set(values)
        try statement.execute()
      }
    case .postgreSQL(let connection, let sql): try connection.execute(sql, values)
    }
  }

  /// Runs it to its end, as a statement that changes rows must be.
  ///
  /// - Returns: the integer in the first column of its first row; `nil` where there is none, or NULL.
  package func int(_ values: [any SQLConvertible] = []) throws(StoreError) -> Int64? {
    switch driver {
    case .sqlite(let statement):
      try throwingStoreError {
        try statement.set(values)
        let rows = try Int64?.fetchCursor(statement)
        let first = try rows.next()
        while try rows.next() != nil {}
        return first ?? nil
      }
    case .postgreSQL(let connection, let sql): try connection.int(sql, values)
    }
  }
}
