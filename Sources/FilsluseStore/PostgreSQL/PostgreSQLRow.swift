internal import CPostgreSQLShim

/// The answer to one statement, which it frees when nothing refers to it any more.
final class PostgreSQLResult {
  let raw: OpaquePointer
  /// The number of rows.
  let count: Int

  init(_ raw: OpaquePointer) {
    self.raw = raw
    count = Int(filsluse_pq_rows(raw))
  }

  deinit { filsluse_pq_free(raw) }

  /// The number of rows that the statement inserted, updated, deleted or selected.
  var changed: Int { Int(String(cString: filsluse_pq_changed(raw))) ?? 0 }

  /// The statement's kind, such as `COMMIT`.
  var tag: String { String(cString: filsluse_pq_tag(raw)) }

  /// The first row; `nil` where there is none.
  var first: PostgreSQLRow? { count > 0 ? PostgreSQLRow(result: self, index: 0) : nil }
}

/// A row of a query, which stays valid. Columns are named by their place in the query.
///
/// A column that holds no value of the asked kind is damage: the error's cause is `damaged`.
package struct PostgreSQLRow {
  let result: PostgreSQLResult
  let index: Int

  /// The integer in a column; a truth value is 1 or 0.
  package func int(_ column: Int) throws(StoreError) -> Int64 { try required(optionalInt(column), "integer", column) }

  /// The integer in a column; `nil` where it is NULL.
  package func optionalInt(_ column: Int) throws(StoreError) -> Int64? {
    switch try value(column) {
    case .integer(let value): value
    case .null: nil
    default: throw Self.damage("integer", column)
    }
  }

  /// The integer in a column, as true for any but 0.
  package func bool(_ column: Int) throws(StoreError) -> Bool { try int(column) != 0 }

  /// The number in a column.
  package func real(_ column: Int) throws(StoreError) -> Double {
    switch try value(column) {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: throw Self.damage("number", column)
    }
  }

  /// The text in a column.
  package func text(_ column: Int) throws(StoreError) -> String { try required(optionalText(column), "text", column) }

  /// The text in a column; `nil` where it is NULL.
  package func optionalText(_ column: Int) throws(StoreError) -> String? {
    switch try value(column) {
    case .text(let value): value
    case .null: nil
    default: throw Self.damage("text", column)
    }
  }

  /// The bytes in a column.
  package func blob(_ column: Int) throws(StoreError) -> [UInt8] { try required(optionalBlob(column), "bytes", column) }

  /// The bytes in a column; `nil` where it is NULL.
  package func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
    switch try value(column) {
    case .blob(let value): value
    case .null: nil
    default: throw Self.damage("bytes", column)
    }
  }

  /// All columns, in the order of the query.
  ///
  /// - Throws: ``StoreError`` where one has a type that is not read.
  package func values() throws(StoreError) -> [SQLValue] {
    var values: [SQLValue] = []
    for column in 0..<Int(filsluse_pq_columns(result.raw)) { values.append(try value(column)) }
    return values
  }

  private func required<Value>(_ value: Value?, _ kind: String, _ column: Int) throws(StoreError) -> Value {
    guard let value else { throw Self.damage(kind, column) }
    return value
  }

  private static func damage(_ kind: String, _ column: Int) -> StoreError {
    StoreError(.damaged, "a row holds no \(kind) in column \(column)")
  }

  private func value(_ column: Int) throws(StoreError) -> SQLValue {
    guard (0..<filsluse_pq_columns(result.raw)).contains(Int32(column)) else {
      throw StoreError(.statement, "the query has no column \(column)")
    }
    var count = 0
    guard let start = filsluse_pq_value(result.raw, Int32(index), Int32(column), &count) else { return .null }
    let bytes = UnsafeBufferPointer(start: start, count: count)
    let type = filsluse_pq_type(result.raw, Int32(column))
    guard let value = Self.decode(bytes, type) else {
      throw StoreError(
        .statement, "column \(column) has PostgreSQL's type \(type), which is not read: cast it in the statement")
    }
    return value
  }

  /// The value that the server sent in binary; `nil` for a type that is not read.
  private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ type: UInt32) -> SQLValue? {
    switch type {
    case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2: .integer(integer(bytes, isSigned: true))
    case PostgreSQLType.oid, PostgreSQLType.bool: .integer(integer(bytes, isSigned: false))
    case PostgreSQLType.float8: .real(Double(bitPattern: UInt64(bitPattern: integer(bytes, isSigned: true))))
    case PostgreSQLType.float4:
      .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(bytes, isSigned: false)))))
    case PostgreSQLType.numeric: numeric(bytes)
    case PostgreSQLType.text, PostgreSQLType.varchar, PostgreSQLType.bpchar, PostgreSQLType.name,
      PostgreSQLType.char, PostgreSQLType.unknown:
      .text(String(decoding: bytes, as: UTF8.self))
    case PostgreSQLType.bytea: .blob(Array(bytes))
    case PostgreSQLType.void: .null
    default: nil
    }
  }

  private static func integer(_ bytes: some Sequence<UInt8>, isSigned: Bool) -> Int64 {
    var value: Int64?
    for byte in bytes {
      let before = value ?? (isSigned && byte >= 0x80 ? -1 : 0)
      value = before << 8 | Int64(byte)
    }
    return value ?? 0
  }

  /// A `numeric`, as sums of integers are: an integer where it is one that has room, else a number.
  ///
  /// It is sent as four numbers of two bytes (how many digits follow, the weight of the first, the sign, the number of
  /// decimals) and its digits to the base 10000, of two bytes each (PostgreSQL's `numeric_send`).
  private static func numeric(_ bytes: UnsafeBufferPointer<UInt8>) -> SQLValue? {
    let words = stride(from: 0, to: bytes.count - 1, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
    guard words.count >= 4, words.count == 4 + words[0] else { return nil }
    let (weight, sign) = (Int(Int16(truncatingIfNeeded: words[1])), words[2])
    // 0xC000 and above are infinities and what is no number.
    guard sign == 0 || sign == 0x4000 else { return nil }
    let digits = words[4...]
    if digits.count <= weight + 1 || digits.isEmpty, let whole = whole(digits, weight, isNegative: sign != 0) {
      return .integer(whole)
    }
    // The nearest number, which adding up rounded products would miss.
    let decimals = digits.map { String(String(10_000 + $0).dropFirst()) }.joined()
    return Double("\(sign == 0 ? "" : "-")\(decimals)e\(4 * (weight + 1 - digits.count))").map { .real($0) }
  }

  /// The integer with these digits to the base 10000; `nil` where 64 bits have no room for it.
  private static func whole(_ digits: ArraySlice<Int>, _ weight: Int, isNegative: Bool) -> Int64? {
    var value: Int64 = 0
    for place in 0..<max(weight + 1, 0) {
      let digit = place < digits.count ? digits[digits.startIndex + place] : 0
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10_000)
      let (sum, isTooFar) = product.addingReportingOverflow(Int64(isNegative ? -digit : digit))
      if isTooLarge || isTooFar { return nil }
      value = sum
    }
    return value
  }
}

/// The rows of a query, one at a time. Read in pieces, they last as long as the transaction.
package final class PostgreSQLRows {
  private var piece: PostgreSQLResult
  private var index = 0
  /// Fetches the next piece; `nil` where there is only one.
  private let more: (() throws(StoreError) -> PostgreSQLResult)?

  init(_ first: PostgreSQLResult, more: (() throws(StoreError) -> PostgreSQLResult)? = nil) {
    piece = first
    self.more = more
  }

  /// The next row; `nil` after the last.
  package func next() throws(StoreError) -> PostgreSQLRow? {
    if index == piece.count, piece.count > 0, let more {
      piece = try more()
      index = 0
    }
    guard index < piece.count else { return nil }
    defer { index += 1 }
    return PostgreSQLRow(result: piece, index: index)
  }

  /// Reads a value from each row that is left.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func map<Value>(_ read: (PostgreSQLRow) throws -> Value) throws -> [Value] {
    var values: [Value] = []
    while let row = try next() { values.append(try read(row)) }
    return values
  }

  /// Reads a value from each row that is left, where it has one.
  ///
  /// - Throws: what `read` throws, or ``StoreError``.
  package func compactMap<Value>(_ read: (PostgreSQLRow) throws -> Value?) throws -> [Value] {
    var values: [Value] = []
    while let row = try next() {
      if let value = try read(row) { values.append(value) }
    }
    return values
  }
}
