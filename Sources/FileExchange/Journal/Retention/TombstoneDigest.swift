internal import FilsluseStore
internal import FilsluseBase

/// A digest of all tombstones and their number, in one line. Each checkpoint carries it, to detect lost and changed
/// tombstones.
///
/// It is the exclusive or of all their hashes, so that adding or removing one needs no reading of the others.
struct TombstoneDigest: Sendable, Equatable {
  private var count: Int
  private var bytes: [UInt8]

  /// The digest of no tombstones.
  init() {
    count = 0
    bytes = [UInt8](repeating: 0, count: 32)
  }

  /// Reads the form of ``description``.
  init?(_ text: String) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let count = Int(parts[0]), let digest = SHA256Digest(hex: String(parts[1])) else {
      return nil
    }
    self.count = count
    bytes = digest.bytes
  }

  /// All that are there.
  init(of database: SQLConnection) throws {
    self.init()
    for (table, columns) in [
      (SentTombstone.table, SentTombstone.columns), (ReceivedTombstone.table, ReceivedTombstone.columns),
    ] {
      let rows = try database.rows("SELECT \(columns) FROM \(table)", inPiecesOf: 1000)
      while let row = try rows.next() { add(try row.values(), of: table) }
    }
  }

  mutating func add(_ row: [SQLValue], of table: String) {
    mix(row, of: table)
    count += 1
  }

  mutating func remove(_ row: [SQLValue], of table: String) {
    mix(row, of: table)
    count -= 1
  }

  private mutating func mix(_ row: [SQLValue], of table: String) {
    let values = row.map { value in
      switch value {
      case .null: "NULL"
      case .integer(let number): "\(number)"
      case .real(let number): "\(number)"
      case .text(let text): text
      case .blob(let bytes): SHA256.digest(of: bytes).hex
      }
    }
    let text = ([table] + values).map { "\($0.utf8.count):\($0)" }.joined()
    bytes = zip(bytes, SHA256.digest(of: Array(text.utf8)).bytes).map { $0 ^ $1 }
  }

  /// The number of tombstones and their digest, as `12:9f86d081…`.
  var description: String { "\(count):\(SHA256Digest(kept: bytes)?.hex ?? "")" }
}
