internal import Foundation
internal import GRDB

/// A row of a query. Columns are named by their place in the query: that is much faster than looking up their names.
///
/// A column that holds no value of the asked kind is damage: the error's cause is `damaged`.
package struct SQLRow {
  let row: Row

  /// The integer in a column.
  package func int(_ column: Int) throws(StoreError) -> Int64 { try decode(Int64.self, column) }

  /// The integer in a column; `nil` where it is NULL.
  package func optionalInt(_ column: Int) throws(StoreError) -> Int64? { try decode(Int64?.self, column) }

  /// The integer in a column, as true for any but 0.
  package func bool(_ column: Int) throws(StoreError) -> Bool { try decode(Int64.self, column) != 0 }

  /// The number in a column.
  package func real(_ column: Int) throws(StoreError) -> Double { try decode(Double.self, column) }

  /// The text in a column.
  package func text(_ column: Int) throws(StoreError) -> String { try decode(String.self, column) }

  /// The text in a column; `nil` where it is NULL.
  package func optionalText(_ column: Int) throws(StoreError) -> String? { try decode(String?.self, column) }

  /// The bytes in a column.
  package func blob(_ column: Int) throws(StoreError) -> [UInt8] { [UInt8](try decode(Data.self, column)) }

  /// The bytes in a column; `nil` where it is NULL.
  package func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
    try decode(Data?.self, column).map { [UInt8]($0) }
  }

  /// Reads the bytes in a column without a copy of them; they are valid until `read` returns.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func withBlob<Result>(_ column: Int, _ read: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    try row.withUnsafeData(atIndex: column) { bytes in
      guard let bytes else { throw StoreError(.damaged, "a row holds no bytes in column \(column)") }
      return try bytes.withUnsafeBytes(read)
    }
  }

  /// All columns, in the order of the query.
  package var values: [SQLValue] { row.databaseValues.map(SQLValue.init) }

  @inline(__always)
  private func decode<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ type: Value.Type, _ column: Int
  ) throws(StoreError) -> Value {
    do {
      return try row.decode(type, atIndex: column)
    } catch {
      throw StoreError(.damaged, "a row holds no \(type) in column \(column)")
    }
  }

  @inline(__always)
  private func decode<Value: DatabaseValueConvertible & StatementColumnConvertible>(
    _ type: Value?.Type, _ column: Int
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
  let cursor: RowCursor

  /// The next row, which is valid until the one after it is asked for; `nil` after the last.
  package func next() throws(StoreError) -> SQLRow? {
    try throwingStoreError { try cursor.next().map(SQLRow.init(row:)) }
  }

  /// Reads a value from each row that is left.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func map<Value>(_ read: (SQLRow) throws -> Value) throws -> [Value] {
    var values: [Value] = []
    while let row = try next() { values.append(try read(row)) }
    return values
  }

  /// Reads a value from each row that is left, where it has one.
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
