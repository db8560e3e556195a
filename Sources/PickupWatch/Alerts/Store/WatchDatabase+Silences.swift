public import FileExchange
public import FilsluseSystem
internal import GRDB

extension WatchDatabase {
  /// Silences what is like `matcher` until a moment.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  public func silence(
    _ matcher: Silence.Matcher, from: Timestamp, until: Timestamp, by: String, why: String
  ) async throws(ExchangeError) -> Silence {
    try await write("write the silence to") { database in
      try database.execute(
        sql: """
          INSERT INTO silence (account, infref, kind, finding_id, begins, ends, by, why)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          matcher.account, matcher.infRef, matcher.kind, matcher.findingID, from.millisecondsSince1970,
          until.millisecondsSince1970, by, why,
        ])
      return Silence(id: database.lastInsertedRowID, matcher: matcher, from: from, until: until, by: by, why: why)
    }
  }

  /// The silences that hold at a moment, the one that ends first before the others.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  public func silences(at moment: Timestamp) async throws(ExchangeError) -> [Silence] {
    try await read("read the alerts in") { database in try Self.silences(at: moment, in: database) }
  }

  /// Ends a silence before its time.
  ///
  /// - Returns: whether there was one of that number that still held.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  public func endSilence(_ id: Int64, at moment: Timestamp) async throws(ExchangeError) -> Bool {
    try await write("write the silence to") { database in
      try database.execute(
        sql: "UPDATE silence SET ends = ?2 WHERE id = ?1 AND ends > ?2",
        arguments: [id, moment.millisecondsSince1970])
      return database.changesCount > 0
    }
  }

  static func silences(at moment: Timestamp, in database: Database) throws -> [Silence] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM silence WHERE begins <= ?1 AND ends > ?1 ORDER BY ends, id",
      arguments: [moment.millisecondsSince1970]
    ).map { row in
      Silence(
        id: row["id"],
        matcher: Silence.Matcher(
          account: row["account"], infRef: row["infref"], kind: row["kind"], findingID: row["finding_id"]),
        from: Timestamp(millisecondsSince1970: row["begins"]), until: Timestamp(millisecondsSince1970: row["ends"]),
        by: row["by"], why: row["why"])
    }
  }
}
