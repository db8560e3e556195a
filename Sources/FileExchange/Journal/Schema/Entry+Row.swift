internal import FilsluseStore
internal import FilsluseBase

extension JournalAnchor {
  /// Returns the anchor of the last entry.
  static func last(in database: SQLConnection) throws -> JournalAnchor {
    let last = "SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1"
    guard let row = try database.row(last) else { return start }
    return try JournalAnchor(row: row)
  }

  /// Reads `number, hash`, by their place.
  init(row: SQLRow) throws {
    guard let hash = SHA256Digest(kept: try row.optionalBlob(1) ?? []) else {
      throw DamagedRow(table: "entry", id: try row.int(0))
    }
    self.init(number: try row.int(0), hash: hash)
  }
}

extension EntryContent {
  /// The columns that ``init(row:)`` reads, after the entry's number and hash.
  private static let columns = "at, delivery, arrival, state, detail, facts"

  init(row: SQLRow) throws {
    self.init(
      at: try row.int(2), delivery: try row.optionalInt(3), arrival: try row.optionalInt(4), state: try row.text(5),
      detail: try row.optionalText(6), facts: try row.optionalText(7))
  }

  /// The entries that meet a condition, in their order, with the columns that ``init(row:)`` reads.
  static func rows(
    _ database: SQLConnection, where condition: String, _ values: [any SQLConvertible]
  ) throws -> SQLRows {
    try database.rows(
      "SELECT number, hash, \(columns) FROM entry WHERE \(condition) ORDER BY number", values, inPiecesOf: 1000)
  }
}
