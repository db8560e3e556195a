package import FileExchange
internal import FilsluseStore
package import FilsluseBase
package import TriggerFiles

extension WatchDatabase {
  /// Returns the present files in an account's folders, in the order of their first sighting, a part at a time.
  ///
  /// - Parameters:
  ///   - id: the number of the previous part's last observation; 0 at first.
  ///   - limit: the maximum number.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func observations(
    of account: String, after id: Int64 = 0, limit: Int = 1000
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await read("read what was seen") { database in
      let statement = """
        SELECT \(ObservedFile.columns) FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL AND id > ? ORDER BY id LIMIT ?
        """
      return try database.rows(statement, [account, id, limit]).map(ObservedFile.init(row:))
    }
  }

  /// Returns the state of the watching of an account.
  ///
  /// - Parameter countsFiles: whether its files are counted, which takes the longer the more there are.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func state(of account: String, countsFiles: Bool = true) async throws(ExchangeError) -> InboxState {
    try await read("read what was seen") { database in
      let row = try database.row("SELECT \(InboxState.columns), id FROM inbox WHERE account = ?", [account])
      guard let row else { return InboxState(account: account) }
      var state = try InboxState(row: row)
      let id = try row.int(InboxState.columnCount)
      state.gaps = try database.rows(
        "SELECT began, ended FROM gap WHERE inbox = ? ORDER BY ended DESC LIMIT 1000", [id]
      ).map { row in
        let began = Timestamp(millisecondsSince1970: try row.int(0))
        return began..<max(began, Timestamp(millisecondsSince1970: try row.int(1)))
      }
      guard countsFiles else { return state }
      let totals = try database.row(
        """
        SELECT count(*), coalesce(sum(cast(data_size AS REAL)), 0) FROM observation
        WHERE inbox = ? AND gone IS NULL AND place = 0 AND data_seen IS NOT NULL
        """, [id])
      if let totals {
        state.files = Int(try totals.int(0))
        state.bytes = UInt64(exactly: try totals.real(1).rounded()) ?? .max
      }
      return state
    }
  }

  /// Returns the state of the watching of each account, without monitoring gaps and without the number of files.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  func statesInShort() async throws(ExchangeError) -> [String: InboxState] {
    try await read("read what was seen") { database in
      var states: [String: InboxState] = [:]
      let rows = try database.rows("SELECT \(InboxState.columns) FROM inbox")
      while let row = try rows.next() {
        let state = try InboxState(row: row)
        states[state.account] = state
      }
      return states
    }
  }

  /// The longest time that data may wait for its metadata and still be found among arrivals: a week, in milliseconds.
  private static let longestWait = 7 * 86_400_000

  /// Returns the files that came to IN with one of the InfRefs and whose metadata was first seen at the moment or
  /// later, including files that have gone since.
  ///
  /// - Parameters:
  ///   - end: the end of their arrival times, exclusive; `nil` for no limit.
  ///   - most: the greatest number.
  ///   - isWanted: the condition on a file. Files are checked one by one, and only matching ones are kept in memory.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func arrivals(
    of account: String, infRefs: [InfRef], since moment: Timestamp, before end: Timestamp? = nil, most: Int = .max,
    where isWanted: @escaping @Sendable (ObservedFile) -> Bool = { _ in true }
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await arrivals(
      of: account, "infref = ?2", infRefs.map(\.name), since: moment, before: end, most: most, isWanted)
  }

  /// Returns the files sent directly by one of the senders, with metadata without routing information, first seen at
  /// the moment or later, including files that have gone since.
  func arrivals(
    of account: String, sentDirectlyBy senders: [String], since moment: Timestamp, before end: Timestamp? = nil,
    most: Int = .max, where isWanted: @escaping @Sendable (ObservedFile) -> Bool = { _ in true }
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await arrivals(
      of: account, "infref IS NULL AND sender = ?2", senders, since: moment, before: end, most: most, isWanted)
  }

  /// The files in IN that meet a condition for one of the values, which it names `?2`; those of each value together.
  private func arrivals(
    of account: String, _ condition: String, _ values: [String], since moment: Timestamp, before end: Timestamp?,
    most: Int, _ isWanted: @escaping @Sendable (ObservedFile) -> Bool
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await read("read what was seen") { database in
      // What an earlier look did not show came after that look.
      let statement = """
        SELECT \(ObservedFile.columnsOfGone) FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?1) AND \(condition)
          AND first_seen >= ?3 - \(Self.longestWait) AND coalesce(sidecar_seen, sidecar_changed, first_seen) >= ?3 AND place = 0
          AND (?4 IS NULL OR sidecar_not_before IS NULL OR sidecar_not_before < ?4)
        ORDER BY first_seen, id
        """
      var files: [ObservedFile] = []
      for value in values {
        let rows = try database.rows(
          statement, [account, value, moment.millisecondsSince1970, end?.millisecondsSince1970])
        while files.count < most, let row = try rows.next() {
          let file = try ObservedFile(row: row)
          if isWanted(file) { files.append(file) }
        }
      }
      return files
    }
  }

  /// Returns the number of bare files in an account's IN, and of their bytes: names with data and no metadata that
  /// `isBare` accepts.
  func bareFiles(
    of account: String, isBare: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(ExchangeError) -> (files: Int, bytes: UInt64) {
    try await read("read what was seen") { database in
      let statement = """
        SELECT name, data_size FROM observation WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL
          AND place = 0 AND data_seen IS NOT NULL AND sidecar_seen IS NULL
        """
      let rows = try database.rows(statement, [account])
      var (files, bytes) = (0, UInt64(0))
      while let row = try rows.next() {
        guard isBare(try row.blob(0)) else { continue }
        files += 1
        bytes = bytes.addingReportingOverflow(UInt64(clamping: try row.optionalInt(1) ?? 0)).partialValue
      }
      return (files, bytes)
    }
  }

  /// Returns the receipts in IN for files with these names, and their content.
  func receipts(of account: String, for names: [[UInt8]]) async throws(ExchangeError) -> [ObservedFile] {
    if names.isEmpty { return [] }
    return try await read("read what was seen") { database in
      let statement = """
        SELECT \(ObservedFile.columns) FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND place = \(ObservedFile.Place.receipt.rawValue) AND name = ?
          AND gone IS NULL
        """
      return try names.compactMap { name in
        try database.row(statement, [account, name]).map(ObservedFile.init(row:))
      }
    }
  }

  /// Returns the files picked up from IN since a moment, with their waiting times, in the order of their disappearance.
  ///
  /// - Parameters:
  ///   - longestPause: the longest interval between scans that does not count as a monitoring gap.
  ///   - limit: the maximum number, the last ones.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func pickUps(
    of account: String, since moment: Timestamp, longestPause: Duration, limit: Int = 10_000
  ) async throws(ExchangeError) -> [PickedUpFile] {
    let difference = try await state(of: account, countsFiles: false).clockDifference
    return try await read("read what was picked up") { database in
      let statement = """
        SELECT \(ObservedFile.columnsOfGone), last_seen, gone FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone >= ? AND place = 0
        ORDER BY gone DESC LIMIT ?
        """
      let rows = try database.rows(statement, [account, moment.millisecondsSince1970, limit])
      return try rows.compactMap { row in
        guard let gone = Timestamp(try row.optionalInt(ObservedFile.columnCount + 1)) else { return nil }
        return PickedUpFile(
          try ObservedFile(row: row), lastSeen: Timestamp(try row.optionalInt(ObservedFile.columnCount)), gone: gone,
          difference: difference, longestPause: longestPause)
      }.reversed()
    }
  }

  /// Folds the files picked up from IN within a span into a value, without holding all of them in memory.
  ///
  /// - Parameters:
  ///   - longestPause: the longest interval between scans that does not count as a monitoring gap.
  ///   - value: the initial value.
  /// - Returns: the value after all files.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  func foldPickUps<Value: Sendable>(
    of account: String, in span: Range<Timestamp>, longestPause: Duration, into value: Value,
    _ add: @escaping @Sendable (inout Value, PickedUpFile) -> Void
  ) async throws(ExchangeError) -> Value {
    let difference = try await state(of: account, countsFiles: false).clockDifference
    return try await read("read what was picked up") { database in
      let rows = try database.rows(
        """
        SELECT \(ObservedFile.columnsOfGone), last_seen, gone FROM observation
        WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone >= ? AND gone < ? AND place = 0 ORDER BY gone
        """, [account, span.lowerBound.millisecondsSince1970, span.upperBound.millisecondsSince1970])
      var value = value
      while let row = try rows.next() {
        guard let gone = Timestamp(try row.optionalInt(ObservedFile.columnCount + 1)) else { continue }
        let pickUp = PickedUpFile(
          try ObservedFile(row: row), lastSeen: Timestamp(try row.optionalInt(ObservedFile.columnCount)), gone: gone,
          difference: difference, longestPause: longestPause)
        add(&value, pickUp)
      }
      return value
    }
  }
}

extension InboxState {
  /// The columns that ``init(row:)`` reads, by their place.
  fileprivate static let columns = """
    account, watched_since, last_look, clock_difference, clock_measured, failing_since, failure_kind, failure, failure_da
    """

  /// The number of ``columns``.
  fileprivate static let columnCount = 9

  /// The validity of a measured difference of the clocks.
  private static let differenceHolds = Duration.seconds(7 * 86_400)

  fileprivate init(row: SQLRow) throws {
    self.init(account: try row.text(0))
    watchedSince = Timestamp(try row.optionalInt(1))
    lastLook = Timestamp(try row.optionalInt(2))
    clockMeasured = Timestamp(try row.optionalInt(4))
    // A clock may be set at any time, so an old difference is not used.
    if let measured = clockMeasured, lastLook.map({ $0.since(measured) <= Self.differenceHolds }) ?? true {
      clockDifference = try row.optionalInt(3).map { .milliseconds($0) }
    }
    if let since = Timestamp(try row.optionalInt(5)), let kind = try row.optionalText(6) {
      failure = InboxState.Failure(
        kind: Finding.Kind(rawValue: kind), text: LocalizedText(da: try row.text(8), en: try row.text(7)), since: since)
    }
  }
}

extension ObservedFile {
  /// The columns that ``init(row:)`` reads, by their place.
  static let columns = columns(dataSeen: "data_seen", sidecarSeen: "sidecar_seen")

  /// The columns of a gone file, with its parts as last seen.
  static let columnsOfGone = columns(
    dataSeen: "coalesce(data_seen, data_changed)", sidecarSeen: "coalesce(sidecar_seen, sidecar_changed)")

  /// The columns of a present or gone file.
  static let columnsOfAny = columns(
    dataSeen: "iif(gone IS NULL, data_seen, coalesce(data_seen, data_changed))",
    sidecarSeen: "iif(gone IS NULL, sidecar_seen, coalesce(sidecar_seen, sidecar_changed))")

  /// The number of ``columns``.
  static let columnCount = 24

  private static func columns(dataSeen: String, sidecarSeen: String) -> String {
    """
    observation.id, place, name, first_seen, half_since, reading, problem, transfer, infref, sender, sender_authority,
    recipient_authority, described_size, \(dataSeen), data_not_before, data_changed, data_size, data_modified,
    \(sidecarSeen), sidecar_not_before, sidecar_changed, sidecar_size, sidecar_modified, problem_da
    """
  }

  init(row: SQLRow) throws {
    let id = try row.int(0)
    guard let place = Place(rawValue: Int(try row.int(1))),
      let content = ObservationColumns.content(
        reading: Int(try row.int(5)), problem: try row.optionalText(6), transfer: try row.optionalText(7),
        infRef: try row.optionalText(8).map(InfRef.init(unchecked:)), sender: try row.optionalText(9),
        senderAuthority: try row.optionalText(10),
        recipientAuthority: try row.optionalText(11), size: try row.optionalInt(12),
        problemInDanish: try row.optionalText(23))
    else { throw DamagedRow(table: "observation", id: id) }
    self.init(
      id: id, place: place, name: try row.blob(2), firstSeen: Timestamp(millisecondsSince1970: try row.int(3)),
      data: try Part(row: row, from: 13), sidecar: try Part(row: row, from: 18),
      halfSince: Timestamp(try row.optionalInt(4)), content: content)
  }
}

extension ObservedFile.Part {
  fileprivate init?(row: SQLRow, from column: Int) throws {
    guard let seen = Timestamp(try row.optionalInt(column)) else { return nil }
    self.init(
      firstSeen: seen, notBefore: Timestamp(try row.optionalInt(column + 1)),
      changed: Timestamp(try row.optionalInt(column + 2)),
      size: try row.optionalInt(column + 3).map { UInt64(clamping: $0) },
      modified: Timestamp(try row.optionalInt(column + 4)))
  }
}
