internal import Foundation
public import FilsluseSystem
internal import GRDB

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
    _ database: Database, where condition: String, _ arguments: StatementArguments = []
  ) throws -> [JournalEntry] {
    let sql = "SELECT number, at, delivery, arrival, state, detail FROM entry WHERE \(condition) ORDER BY number"
    return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: arguments).map { row in
      let delivery = (row[2] as Int64?).map(Subject.delivery)
      let arrival = (row[3] as Int64?).map(Subject.arrival)
      return JournalEntry(
        number: row[0], at: Timestamp(millisecondsSince1970: row[1]), subject: delivery ?? arrival ?? .journal,
        state: row[4], detail: row[5])
    }
  }
}

extension JournalAnchor {
  /// The last entry's.
  static func last(in database: Database) throws -> JournalAnchor {
    let last = try database.cachedStatement(sql: "SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1")
    guard let row = try Row.fetchOne(last) else { return start }
    return try JournalAnchor(row: row)
  }

  /// Reads `number, hash`, by their place.
  init(row: Row) throws {
    guard let hash = SHA256Digest(kept: [UInt8](row[1] as Data? ?? Data())) else {
      throw DamagedRow(table: "entry", id: row[0])
    }
    self.init(number: row[0], hash: hash)
  }
}

extension [UInt8] {
  /// The bytes as SQLite takes them.
  var asData: Data { Data(self) }
}

extension Row {
  /// A column's bytes, `nil` where it is NULL.
  func bytes(_ column: String) -> [UInt8]? { (self[column] as Data?).map { [UInt8]($0) } }
}
