internal import FileExchange
internal import FilsluseBase
internal import FilsluseStore

extension WatchDatabase {
  /// Returns an account's files, waiting or gone.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func files(
    of account: String, _ list: FileList, _ page: PageNumber
  ) async throws(ExchangeError) -> Paged<KnownFile> {
    let condition = "inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS \(list == .gone ? "NOT " : "")NULL"
    let order = list == .gone ? "gone DESC, observation.id DESC" : "observation.id"
    return try await read("read what was seen") { database in
      let total = try database.int("SELECT count(*) FROM observation WHERE \(condition)", [account]) ?? 0
      // The numbers are read from an index only, and then just the rows of the page.
      let files = try database.rows(
        """
        SELECT \(KnownFile.columns) FROM observation JOIN inbox ON inbox.id = inbox WHERE observation.id IN (
          SELECT observation.id FROM observation WHERE \(condition) ORDER BY \(order)
          LIMIT \(page.size) OFFSET \(page.offset))
        ORDER BY \(order)
        """, [account]
      ).map(KnownFile.init(row:))
      return Paged(files, of: Int(total), page)
    }
  }

  /// Returns the files that count for a municipality by their names or their recipients, the newest first.
  ///
  /// - Parameters:
  ///   - code: the municipality's code; `nil` where only its CVR numbers are known.
  ///   - authorities: its CVR numbers.
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func files(
    ofMunicipality code: String?, authorities: [String], _ page: PageNumber
  ) async throws(ExchangeError) -> Paged<KnownFile> {
    try await read("read what was seen") { database in
      let marks = authorities.map { _ in "?" }.joined(separator: ", ")
      let numbers = """
        SELECT id FROM observation WHERE municipality = ?
        UNION SELECT id FROM observation WHERE recipient_authority IN (\(marks))
        """
      var values: [any SQLConvertible] = [code]
      for authority in authorities { values.append(authority) }
      let total = try database.int("SELECT count(*) FROM (\(numbers))", values) ?? 0
      let files = try database.rows(
        """
        SELECT \(KnownFile.columns) FROM observation JOIN inbox ON inbox.id = inbox WHERE observation.id IN (
          SELECT id FROM (\(numbers)) ORDER BY id DESC LIMIT \(page.size) OFFSET \(page.offset))
        ORDER BY observation.id DESC
        """, values
      ).map(KnownFile.init(row:))
      return Paged(files, of: Int(total), page)
    }
  }

  /// Returns files by their numbers, in the order of the numbers; forgotten ones are left out.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func files(_ numbers: [Int64]) async throws(ExchangeError) -> [KnownFile] {
    try await read("read what was seen") { try Self.files(numbers, in: $0) }
  }

  /// Returns the last file of each transfer of an account, in the order of the transfers given.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func files(of account: String, transfers: [String]) async throws(ExchangeError) -> [KnownFile] {
    try await read("read what was seen") { database in
      let numbers = try transfers.compactMap { transfer in
        try database.int(
          """
          SELECT max(id) FROM observation WHERE transfer = ?1 AND inbox = (SELECT id FROM inbox WHERE account = ?2)
          """, [transfer, account])
      }
      return try Self.files(numbers, in: database)
    }
  }

  /// Returns the newest files that match a search.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func files(
    _ search: FileSearch, limit: Int
  ) async throws(ExchangeError) -> (files: [KnownFile], hasMore: Bool) {
    let files = try await read("search what was seen") { database in
      // One more than is shown, to know whether there are more.
      try Self.files(try search.numbers(in: database, most: limit + 1), in: database)
    }
    return (Array(files.prefix(limit)), files.count > limit)
  }

  private static func files(_ numbers: [Int64], in database: SQLConnection) throws -> [KnownFile] {
    try numbers.compactMap { number in
      try database.row(
        "SELECT \(KnownFile.columns) FROM observation JOIN inbox ON inbox.id = inbox WHERE observation.id = ?",
        [number]
      ).map(KnownFile.init(row:))
    }
  }
}

extension KnownFile {
  /// The columns that ``init(row:)`` reads, by their place.
  fileprivate static let columns = "\(ObservedFile.columnsOfAny), account, municipality, last_seen, gone"

  fileprivate init(row: SQLRow) throws {
    let first = ObservedFile.columnCount
    self.init(
      account: try row.text(first), observed: try ObservedFile(row: row), municipality: try row.optionalText(first + 1),
      lastSeen: Timestamp(try row.optionalInt(first + 2)), gone: Timestamp(try row.optionalInt(first + 3)))
  }
}
