internal import FilsluseStore
public import FilsluseSystem

/// One entry of the journal: what became of a delivery or arrival, and when.
public struct JournalEntry: Sendable, Hashable {
  /// The subject of an entry.
  public enum Subject: Sendable, Hashable {
    /// The delivery of that number.
    case delivery(Int64)
    /// The arrival of that number.
    case arrival(Int64)
    /// The journal itself.
    case journal

    var delivery: Int64? { if case .delivery(let id) = self { id } else { nil } }
    var arrival: Int64? { if case .arrival(let id) = self { id } else { nil } }
  }

  /// The entry's number, rising without end.
  public let number: Int64
  /// The time at which it was written.
  public let at: Timestamp
  /// The subject of the entry.
  public let subject: Subject
  /// The state that was reached.
  public let state: String
  /// More about it, such as the receipt's message.
  public let detail: String?
}

extension Journal {
  /// All entries, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func entries() async throws(ExchangeError) -> [JournalEntry] {
    try await read { try JournalEntry.fetch($0, where: "TRUE") }
  }

  /// The entries about one delivery or arrival, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func entries(about subject: JournalEntry.Subject) async throws(ExchangeError) -> [JournalEntry] {
    try await read { database in
      switch subject {
      case .delivery(let id): try JournalEntry.fetch(database, where: "delivery = ?", [id])
      case .arrival(let id): try JournalEntry.fetch(database, where: "arrival = ?", [id])
      case .journal: try JournalEntry.fetch(database, where: "delivery IS NULL AND arrival IS NULL")
      }
    }
  }
}

extension JournalEntry {
  static func fetch(
    _ database: SQLConnection, where condition: String, _ arguments: [any SQLConvertible] = []
  ) throws -> [JournalEntry] {
    let sql = "SELECT number, at, delivery, arrival, state, detail FROM entry WHERE \(condition) ORDER BY number"
    return try database.rows(sql, arguments).map { row in
      let delivery = try row.optionalInt(2).map(Subject.delivery)
      let arrival = try row.optionalInt(3).map(Subject.arrival)
      return JournalEntry(
        number: try row.int(0), at: Timestamp(millisecondsSince1970: try row.int(1)),
        subject: delivery ?? arrival ?? .journal,
        state: try row.text(4), detail: try row.optionalText(5))
    }
  }
}

extension JournalAnchor {
  /// The last entry's.
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
