internal import GRDB
internal import GRDBSQLite

extension Statement {
  /// Sets the values of all parameters for the next run.
  ///
  /// They are bound by SQLite's own functions: through GRDB's `StatementArguments` the binding takes longer than many
  /// statements themselves.
  ///
  /// - Throws: ``StoreError`` for more or fewer values than parameters; `DatabaseError` if SQLite refuses a value.
  func set(_ values: [any SQLConvertible]) throws {
    let count = Int(sqlite3_bind_parameter_count(sqliteStatement))
    guard count == values.count else {
      throw StoreError(.statement, "a statement with \(count) parameters was given \(values.count) values: \(sql)")
    }
    if values.isEmpty { return }
    if arguments.isEmpty {
      // GRDB runs a statement with parameters only after it was given arguments once.
      try setArguments(StatementArguments([DatabaseValue](repeating: .null, count: count)))
    } else {
      // The error of an earlier run was thrown by that run.
      sqlite3_reset(sqliteStatement)
    }
    for (offset, value) in values.enumerated() {
      let code = bind(value.sqlValue, at: CInt(offset + 1))
      guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
  }

  private func bind(_ value: SQLValue, at index: CInt) -> CInt {
    switch value {
    case .null: sqlite3_bind_null(sqliteStatement, index)
    case .integer(let value): sqlite3_bind_int64(sqliteStatement, index, value)
    case .real(let value): sqlite3_bind_double(sqliteStatement, index, value)
    case .text(var text):
      // A null pointer would bind NULL.
      text.withUTF8 { bytes in
        bytes.isEmpty
          ? sqlite3_bind_text(sqliteStatement, index, "", 0, Self.copied)
          : bytes.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text64(
              sqliteStatement, index, $0.baseAddress, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
          }
      }
    case .blob(let bytes):
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(sqliteStatement, index, 0)
        : sqlite3_bind_blob64(sqliteStatement, index, bytes, UInt64(bytes.count), Self.copied)
    }
  }

  /// SQLite's SQLITE_TRANSIENT: it copies the bytes before the function returns.
  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
}
