/// The calls that run one statement and await its answer.
extension PostgreSQLConnection {
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
    try Self.number(in: result(of: Self.returningNumber(sql), values), sql)
  }

  /// The statement that also returns the number of the row that it inserts.
  static func returningNumber(_ sql: String) -> String { sql + " RETURNING id" }

  /// The number of the inserted row.
  static func number(in result: PostgreSQLResult, _ sql: String) throws(StoreError) -> Int64 {
    guard let row = result.first else {
      throw StoreError(.statement, "the statement has inserted no row", operation: PostgreSQLStatement.operation(sql))
    }
    return try row.int(0)
  }

  /// Runs a query and returns its rows, all of which have come.
  package func rows(_ sql: String, _ values: [any SQLConvertible] = []) throws(StoreError) -> PostgreSQLRows {
    PostgreSQLRows(try result(of: sql, values))
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
  ///
  /// Reads the catalogue itself: `to_regclass` may answer from the session's cache, without a table that another
  /// session has made since. In a transaction that writes, the catalogue has it.
  package func hasTable(_ name: String) throws(StoreError) -> Bool {
    let sql = "SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relname = ? AND pg_table_is_visible(oid))"
    return try int(sql, [name]) == 1
  }
}
