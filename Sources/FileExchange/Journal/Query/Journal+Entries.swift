internal import FilsluseStore
internal import FilsluseBase

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
        state: EntryState(name: try row.text(4)), detail: try row.optionalText(5))
    }
  }
}
