internal import Foundation
internal import GRDB

/// A row of a query. Columns are named by their place in the query: that is much faster than looking up their names.
///
/// A column that holds no value of the asked kind is damage: the error's cause is `damaged`.
package struct SQLRow {
  private enum Source {
    case sqlite(Row)
    case postgreSQL(PostgreSQLRow)
  }

  private let source: Source

  init(_ row: Row) { source = .sqlite(row) }

  init(_ row: PostgreSQLRow) { source = .postgreSQL(row) }

  /// The integer in a column.
  package func int(_ column: Int) throws(StoreError) -> Int64 {
    switch source {
    case .sqlite(let row): try Self.decode(Int64.self, row, column)
    case .postgreSQL(let row): try row.int(column)
    }
  }

  /// The integer in a column; `nil` where it is NULL.
  package func optionalInt(_ column: Int) throws(StoreError) -> Int64? {
    switch source {
    case .sqlite(let row): try Self.decode(Int64?.self, row, column)
    case .postgreSQL(let row): try row.optionalInt(column)
    }
  }

  /// The integer in a column, as true for any but 0.
  package func bool(_ column: Int) throws(StoreError) -> Bool { try int(column) != 0 }

  /// The number in a column.
  package func real(_ column: Int) throws(StoreError) -> Double {
    switch source {
    case .sqlite(let row): try Self.decode(Double.self, row, column)
    case .postgreSQL(let row): try row.real(column)
    }
  }

  /// The text in a column.
  package func text(_ column: Int) throws(StoreError) -> String {
    switch source {
    case .sqlite(let row): try Self.decode(String.self, row, column)
    case .postgreSQL(let row): try row.text(column)
    }
  }

  /// The text in a column; `nil` where it is NULL.
  package func optionalText(_ column: Int) throws(StoreError) -> String? {
    switch source {
    case .sqlite(let row): try Self.decode(String?.self, row, column)
    case .postgreSQL(let row): try row.optionalText(column)
    }
  }

  /// The bytes in a column.
  package func blob(_ column: Int) throws(StoreError) -> [UInt8] {
    switch source {
    case .sqlite(let row): try Self.decode(Data.self, row, column).withUnsafeBytes { [UInt8]($0) }
    case .postgreSQL(let row): try row.blob(column)
    }
  }

  /// The bytes in a column; `nil` where it is NULL.
  package func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
    switch source {
    case .sqlite(let row): try Self.decode(Data?.self, row, column)?.withUnsafeBytes { [UInt8]($0) }
    case .postgreSQL(let row): try row.optionalBlob(column)
    }
  }

  /// Reads the bytes in a column, which are valid until `read` returns. SQLite's bytes are not copied.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func withBlob<Result>(_ column: Int, _ read: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    switch source {
    case .sqlite(let row):
      return try row.withUnsafeData(atIndex: column) { bytes in
        guard let bytes else { throw StoreError(.damaged, "a row holds no bytes in column \(column)") }
        return try bytes.withUnsafeBytes(read)
      }
    case .postgreSQL(let row):
      return try row.blob(column).withUnsafeBytes(read)
    }
  }

  /// Returns all columns, in the order of the query.
  package func values() throws(StoreError) -> [SQLValue] {
    switch source {
    case .sqlite(let row): row.databaseValues.map { SQLValue($0) }
    case .postgreSQL(let row): try row.values()
    }
  }

  @inline(__always)
  private static func decode<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ type: Value.Type, _ row: Row, _ column: Int
  ) throws(StoreError) -> Value {
    do {
      return try row.decode(type, atIndex: column)
    } catch {
      throw StoreError(.damaged, "a row holds no \(type) in column \(column)")
    }
  }

  @inline(__always)
  private static func decode<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ type: Value?.Type, _ row: Row, _ column: Int
  ) throws(StoreError) -> Value? {
    do {
      return try row.decode(Value?.self, atIndex: column)
    } catch {
      throw StoreError(.damaged, "a row holds no \(Value.self) in column \(column)")
    }
  }
}

/// The rows of a query, one at a time. They are read while the transaction lasts.
package struct SQLRows {
  private enum Source {
    case sqlite(RowCursor)
    case postgreSQL(PostgreSQLRows)
  }

  private let source: Source

  init(_ cursor: RowCursor) { source = .sqlite(cursor) }

  init(_ rows: PostgreSQLRows) { source = .postgreSQL(rows) }

  /// Returns the next row, which is valid until the following call; `nil` after the last.
  package func next() throws(StoreError) -> SQLRow? {
    switch source {
    case .sqlite(let cursor): try throwingStoreError { try cursor.next().map { SQLRow($0) } }
    case .postgreSQL(let rows): try rows.next().map { SQLRow($0) }
    }
  }

  /// Reads a value from each remaining row.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func map<Value>(_ read: (SQLRow) throws -> Value) throws -> [Value] {
    var values: [Value] = []
    while let row = try next() { values.append(try read(row)) }
    return values
  }

  /// Reads a value from each remaining row that has one.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func compactMap<Value>(_ read: (SQLRow) throws -> Value?) throws -> [Value] {
    var values: [Value] = []
    while let row = try next() {
      if let value = try read(row) { values.append(value) }
    }
    return values
  }
}
