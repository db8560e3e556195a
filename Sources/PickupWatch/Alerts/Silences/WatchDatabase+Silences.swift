public import FileExchange
internal import FilsluseStore
public import FilsluseBase
internal import TriggerFiles

extension WatchDatabase {
  /// Silences what is like `matcher` until a moment.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  public func silence(
    _ matcher: Silence.Matcher, from: Timestamp, until: Timestamp, by: String, why: String
  ) async throws(ExchangeError) -> Silence {
    try await write("write the silence to") { database in
      let id = try database.insert(
        """
        INSERT INTO silence (account, infref, kind, finding_id, begins, ends, by, why)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          matcher.account, matcher.infRef?.name, matcher.kind, matcher.findingID, from.millisecondsSince1970,
          until.millisecondsSince1970, by, why,
        ])
      return Silence(id: id, matcher: matcher, from: from, until: until, by: by, why: why)
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
      let ended = try database.change(
        "UPDATE silence SET ends = ?2 WHERE id = ?1 AND ends > ?2", [id, moment.millisecondsSince1970])
      return ended > 0
    }
  }

  static func silences(at moment: Timestamp, in database: SQLConnection) throws -> [Silence] {
    try database.rows(
      """
      SELECT id, account, infref, kind, finding_id, begins, ends, by, why FROM silence
      WHERE begins <= ?1 AND ends > ?1 ORDER BY ends, id
      """, [moment.millisecondsSince1970]
    ).map { row in
      Silence(
        id: try row.int(0),
        matcher: Silence.Matcher(
          account: try row.optionalText(1), infRef: try row.optionalText(2).map(InfRef.init(unchecked:)),
          kind: try row.optionalText(3),
          findingID: try row.optionalText(4)),
        from: Timestamp(millisecondsSince1970: try row.int(5)),
        until: Timestamp(millisecondsSince1970: try row.int(6)), by: try row.text(7), why: try row.text(8))
    }
  }
}
