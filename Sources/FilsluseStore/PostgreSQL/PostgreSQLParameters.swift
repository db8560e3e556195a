internal import CPostgreSQLShim

/// The OIDs of PostgreSQL's own types, which are the same in every database (pg_type.dat).
enum PostgreSQLType {
  static let bool: UInt32 = 16
  static let bytea: UInt32 = 17
  static let char: UInt32 = 18
  static let name: UInt32 = 19
  static let int8: UInt32 = 20
  static let int2: UInt32 = 21
  static let int4: UInt32 = 23
  static let text: UInt32 = 25
  static let oid: UInt32 = 26
  static let float4: UInt32 = 700
  static let float8: UInt32 = 701
  static let unknown: UInt32 = 705
  static let bpchar: UInt32 = 1042
  static let varchar: UInt32 = 1043
  static let numeric: UInt32 = 1700
  static let void: UInt32 = 2278
}

/// The values of a statement as they go over the wire: in binary, with their types.
struct PostgreSQLParameters {
  /// The types; 0 for NULL, whose type follows from its place in the statement.
  private(set) var types: [UInt32] = []
  /// The bytes of all values, one after the other.
  private var bytes: [UInt8] = []
  /// The place of each value's bytes; `nil` for NULL.
  private var ranges: [Range<Int>?] = []

  init(_ values: [any SQLConvertible]) {
    for value in values {
      let start = bytes.count
      var isNull = false
      switch value.sqlValue {
      case .null:
        types.append(0)
        isNull = true
      case .integer(let value):
        types.append(PostgreSQLType.int8)
        withUnsafeBytes(of: value.bigEndian) { bytes += $0 }
      case .real(let value):
        types.append(PostgreSQLType.float8)
        withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes += $0 }
      case .text(let value):
        types.append(PostgreSQLType.text)
        bytes += value.utf8
      case .blob(let value):
        types.append(PostgreSQLType.bytea)
        bytes += value
      }
      ranges.append(isNull ? nil : start..<bytes.count)
    }
    // The start of an empty value is a place too.
    bytes.append(0)
  }

  /// Runs `body` with pointers to the values.
  func withValues<Result>(_ body: (filsluse_pq_values) -> Result) -> Result {
    let lengths = ranges.map { Int32($0?.count ?? 0) }
    let formats = [Int32](repeating: 1, count: ranges.count)
    return bytes.withUnsafeBytes { bytes in
      let pointers = ranges.map { range in
        range.flatMap { bytes.baseAddress?.advanced(by: $0.lowerBound).assumingMemoryBound(to: CChar.self) }
      }
      return pointers.withUnsafeBufferPointer { pointers in
        lengths.withUnsafeBufferPointer { lengths in
          formats.withUnsafeBufferPointer { formats in
            body(
              filsluse_pq_values(
                count: Int32(pointers.count), values: pointers.baseAddress, lengths: lengths.baseAddress,
                formats: formats.baseAddress))
          }
        }
      }
    }
  }
}
