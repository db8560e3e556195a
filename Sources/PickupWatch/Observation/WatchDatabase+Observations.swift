package import FileExchange
package import FilsluseSystem
internal import Foundation
internal import GRDB

extension WatchDatabase {
  /// Returns the files in an account's folders now, in the order in which they were seen, a part at a time.
  ///
  /// - Parameters:
  ///   - id: the number of the last observation of the part before, 0 at first.
  ///   - limit: the maximum number.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func observations(
    of account: String, after id: Int64 = 0, limit: Int = 1000
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await read("read what was seen") { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(ObservedFile.columns) FROM observation
          WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL AND id > ? ORDER BY id LIMIT ?
          """)
      return try Array(Row.fetchCursor(statement, arguments: [account, id, limit]).map { try ObservedFile(row: $0) })
    }
  }

  /// Returns the state of the watching of an account.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func state(of account: String) async throws(ExchangeError) -> InboxState {
    try await read("read what was seen") { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT watched_since, last_look, clock_difference, clock_measured, failing_since, failure_kind, failure, id, failure_da
          FROM inbox WHERE account = ?
          """, arguments: [account])
      var state = InboxState(account: account)
      guard let row else { return state }
      state.watchedSince = Timestamp(row[0] as Int64?)
      state.lastLook = Timestamp(row[1] as Int64?)
      state.clockMeasured = Timestamp(row[3] as Int64?)
      // Clocks are set: a difference of long ago says nothing of now.
      if let measured = state.clockMeasured, state.lastLook.map({ $0.since(measured) <= Self.differenceHolds }) ?? true
      {
        state.clockDifference = (row[2] as Int64?).map { .milliseconds($0) }
      }
      if let since = Timestamp(row[4] as Int64?), let kind = row[5] as String? {
        state.failure = InboxState.Failure(
          kind: Finding.Kind(rawValue: kind), text: row[6] ?? "", textInDanish: row[8], since: since)
      }
      let id: Int64 = row[7]
      state.gaps = try Row.fetchAll(
        database, sql: "SELECT began, ended FROM gap WHERE inbox = ? ORDER BY ended DESC LIMIT 1000", arguments: [id]
      ).map { row in
        let began = Timestamp(millisecondsSince1970: row[0])
        return began..<max(began, Timestamp(millisecondsSince1970: row[1]))
      }
      let totals = try Row.fetchOne(
        database,
        sql: """
          SELECT count(*), coalesce(sum(cast(data_size AS REAL)), 0) FROM observation
          WHERE inbox = ? AND gone IS NULL AND place = 0 AND data_seen IS NOT NULL
          """, arguments: [id])
      if let totals {
        state.files = totals[0]
        state.bytes = UInt64(exactly: (totals[1] as Double).rounded()) ?? .max
      }
      return state
    }
  }

  /// The time for which a measured difference of the clocks is valid.
  private static let differenceHolds = Duration.seconds(7 * 86_400)

  /// The time for which data may wait for its metadata and still be found among arrivals: a week, in milliseconds.
  private static let longestWait = 7 * 86_400_000

  /// The files that came to IN with one of those InfRefs, their metadata first seen at that moment or later; those that
  /// have gone since too.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func arrivals(
    of account: String, infRefs: [String], since moment: Timestamp
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await read("read what was seen") { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(ObservedFile.columnsOfGone) FROM observation
          WHERE inbox = (SELECT id FROM inbox WHERE account = ?1) AND infref = ?2 AND first_seen >= ?3 - \(Self.longestWait)
            AND coalesce(note_seen, note_changed, first_seen) >= ?3 AND place = 0
          ORDER BY first_seen
          """)
      return try infRefs.flatMap { infRef in
        try Array(
          Row.fetchCursor(statement, arguments: [account, infRef, moment.millisecondsSince1970]).map {
            try ObservedFile(row: $0)
          })
      }
    }
  }

  /// The files that one of the senders sent directly, with metadata that has no routing info, first seen at that moment or
  /// later; those that have gone since too.
  func arrivals(
    of account: String, sentDirectlyBy senders: [String], since moment: Timestamp
  ) async throws(ExchangeError) -> [ObservedFile] {
    try await read("read what was seen") { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(ObservedFile.columnsOfGone) FROM observation
          WHERE inbox = (SELECT id FROM inbox WHERE account = ?1) AND infref IS NULL AND sender = ?2
            AND first_seen >= ?3 - \(Self.longestWait) AND coalesce(note_seen, note_changed, first_seen) >= ?3 AND place = 0
          ORDER BY first_seen
          """)
      return try senders.flatMap { sender in
        try Array(
          Row.fetchCursor(statement, arguments: [account, sender, moment.millisecondsSince1970]).map {
            try ObservedFile(row: $0)
          })
      }
    }
  }

  /// Returns the number of bare files in an account's IN, and of their bytes: names with data and no metadata that
  /// `isBare` accepts.
  func bareFiles(
    of account: String, isBare: @escaping @Sendable ([UInt8]) -> Bool
  ) async throws(ExchangeError) -> (files: Int, bytes: UInt64) {
    try await read("read what was seen") { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT name, data_size FROM observation WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL
            AND place = 0 AND data_seen IS NOT NULL AND note_seen IS NULL
          """)
      let rows = try Row.fetchCursor(statement, arguments: [account])
      var (files, bytes) = (0, UInt64(0))
      while let row = try rows.next() {
        guard isBare([UInt8]((row[0] as Data?) ?? Data())) else { continue }
        files += 1
        bytes = bytes.addingReportingOverflow(UInt64(clamping: (row[1] as Int64?) ?? 0)).partialValue
      }
      return (files, bytes)
    }
  }

  /// The receipts for files of those names that lie in IN, and what they say.
  func receipts(of account: String, for names: [[UInt8]]) async throws(ExchangeError) -> [ObservedFile] {
    if names.isEmpty { return [] }
    return try await read("read what was seen") { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(ObservedFile.columns) FROM observation
          WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND place = \(ObservedFile.Place.receipt.rawValue) AND name = ?
            AND gone IS NULL
          """)
      return try names.compactMap { name in
        try Row.fetchOne(statement, arguments: [account, Data(name)]).map { try ObservedFile(row: $0) }
      }
    }
  }

  /// Returns the files that were picked up from IN since a moment, with their waiting times, in the order in which they
  /// went.
  ///
  /// - Parameters:
  ///   - longestPause: the longest interval between scans that does not count as a monitoring gap.
  ///   - limit: the maximum number, the last ones.
  /// - Throws: `ExchangeError` with code `watchDatabase`.
  package func pickUps(
    of account: String, since moment: Timestamp, longestPause: Duration, limit: Int = 10_000
  ) async throws(ExchangeError) -> [PickUp] {
    let difference = try await state(of: account).clockDifference
    return try await read("read what was picked up") { database in
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(ObservedFile.columnsOfGone), last_seen, gone FROM observation
          WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone >= ? AND place = 0
          ORDER BY gone DESC LIMIT ?
          """)
      return try Row.fetchAll(statement, arguments: [account, moment.millisecondsSince1970, limit]).reversed()
        .compactMap { row in
          guard let gone = Timestamp(row["gone"] as Int64?) else { return nil }
          return PickUp(
            try ObservedFile(row: row), lastSeen: Timestamp(row["last_seen"] as Int64?), gone: gone,
            difference: difference,
            longestPause: longestPause)
        }
    }
  }
}

extension ObservedFile {
  /// The columns that ``init(row:)`` reads, by their place.
  static let columns = columns(dataSeen: "data_seen", noteSeen: "note_seen")

  /// The same of a sight that has gone: its parts as they were when they were last seen.
  static let columnsOfGone = columns(
    dataSeen: "coalesce(data_seen, data_changed)", noteSeen: "coalesce(note_seen, note_changed)")

  private static func columns(dataSeen: String, noteSeen: String) -> String {
    """
    observation.id, place, name, first_seen, half_since, reading, problem, transfer, infref, sender, sender_authority,
    recipient_authority, described_size, \(dataSeen), data_not_before, data_changed, data_size, data_modified,
    \(noteSeen), note_not_before, note_changed, note_size, note_modified, problem_da
    """
  }

  init(row: Row) throws {
    let id: Int64 = row[0]
    guard let place = Place(rawValue: row[1]), let name = row[2] as Data?,
      let content = ObservationColumns.content(
        reading: row[5], problem: row[6], transfer: row[7], infRef: row[8], sender: row[9], senderAuthority: row[10],
        recipientAuthority: row[11], size: row[12], problemInDanish: row[23])
    else { throw DamagedRow(table: "observation", id: id) }
    self.init(
      id: id, place: place, name: [UInt8](name), firstSeen: Timestamp(millisecondsSince1970: row[3]),
      data: Part(row: row, from: 13), note: Part(row: row, from: 18), halfSince: Timestamp(row[4] as Int64?),
      content: content)
  }
}

extension ObservedFile.Part {
  fileprivate init?(row: Row, from column: Int) {
    guard let seen = Timestamp(row[column] as Int64?) else { return nil }
    self.init(
      firstSeen: seen, notBefore: Timestamp(row[column + 1] as Int64?), changed: Timestamp(row[column + 2] as Int64?),
      size: (row[column + 3] as Int64?).map { UInt64(clamping: $0) }, modified: Timestamp(row[column + 4] as Int64?))
  }
}
