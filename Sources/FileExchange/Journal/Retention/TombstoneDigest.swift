internal import FilsluseSystem
internal import Foundation
internal import GRDB

/// A digest of all tombstones and their number, in a line. Each checkpoint carries it, so that a tombstone that is lost
/// or changed later is found.
///
/// It is the exclusive or of the hashes of all of them: one more or less is added without reading the others.
struct TombstoneDigest: Sendable, Equatable {
  private var count: Int
  private var bytes: [UInt8]

  /// No keys.
  init() {
    count = 0
    bytes = [UInt8](repeating: 0, count: 32)
  }

  /// Reads what ``description`` wrote.
  init?(_ text: String) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let count = Int(parts[0]), let digest = SHA256Digest(hex: String(parts[1])) else {
      return nil
    }
    self.count = count
    bytes = digest.bytes
  }

  /// All that are there.
  init(of database: Database) throws {
    self.init()
    for table in [SentTombstone.table, ReceivedTombstone.table] {
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
      while let row = try rows.next() { add(row, of: table) }
    }
  }

  mutating func add(_ row: Row, of table: String) {
    mix(row, of: table)
    count += 1
  }

  mutating func remove(_ row: Row, of table: String) {
    mix(row, of: table)
    count -= 1
  }

  private mutating func mix(_ row: Row, of table: String) {
    let values = row.map { name, value in
      // A database value prints only the length of bytes, so they are hashed.
      if case .blob(let bytes) = value.storage { return "\(name)=\(SHA256.digest(of: [UInt8](bytes)))" }
      return "\(name)=\(value)"
    }
    let text = ([table] + values).map { "\($0.utf8.count):\($0)" }.joined()
    bytes = zip(bytes, SHA256.digest(of: Array(text.utf8)).bytes).map { $0 ^ $1 }
  }

  /// The seal as `12:9f86d081…`.
  var description: String { "\(count):\(SHA256Digest(kept: bytes)?.hex ?? "")" }
}
