internal import GRDB

/// A prepared statement, for a loop that runs it many times. It is valid while the transaction lasts in which it was
/// prepared.
package struct SQLStatement {
  let statement: Statement

  /// Runs it.
  package func execute(_ values: [any SQLConvertible] = []) throws(StoreError) {
    try throwingStoreError {
      try statement.set(values)
      try statement.execute()
    }
  }

  /// Runs it to its end, as a statement that changes rows must be.
  ///
  /// - Returns: the integer in the first column of its first row; `nil` where there is none, or NULL.
  package func int(_ values: [any SQLConvertible] = []) throws(StoreError) -> Int64? {
    try throwingStoreError {
      try statement.set(values)
      let rows = try Int64?.fetchCursor(statement)
      let first = try rows.next()
      while try rows.next() != nil {}
      return first ?? nil
    }
  }
}
