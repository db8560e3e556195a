internal import Foundation
public import FilsluseSystem
internal import GRDB

/// One line of the journal: what became of a delivery or arrival, and when.
public struct JournalEntry: Sendable, Hashable {
  /// What the line is about.
  public enum Subject: Sendable, Hashable {
    /// The delivery of that number.
    case delivery(Int64)
    /// The arrival of that number.
    case arrival(Int64)
  }

  /// The line's number, rising without end.
  public let number: Int64
  /// When it was written.
  public let at: Timestamp
  /// What it is about.
  public let subject: Subject
  /// The state that was reached.
  public let state: String
  /// More about it, such as the receipt's message.
  public let detail: String?
}

extension Journal {
  /// All lines, oldest first.
  ///
  /// - Throws: ``ExchangeError`` with code `journal` when the journal cannot be read.
  public func entries() async throws(ExchangeError) -> [JournalEntry] {
    try await read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM entry ORDER BY number").map { row in
        let subject: JournalEntry.Subject
        if let delivery = row["delivery"] as Int64? {
          subject = .delivery(delivery)
        } else {
          subject = .arrival(row["arrival"])
        }
        return JournalEntry(
          number: row["number"], at: Timestamp(millisecondsSince1970: row["at"]), subject: subject,
          state: row["state"], detail: row["detail"])
      }
    }
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
