internal import FileExchange
internal import FilsluseSystem
internal import GRDB

/// The files of one InfRef that lie in IN.
struct WaitingSights: Sendable {
  /// The InfRef; `nil` for files whose metadata names none, or was not read.
  let infRef: String?
  let files: Int
  let bytes: UInt64
  /// The number of the one that was seen first.
  let oldest: Int64
}

extension SightStore {
  /// What lies in an account's IN, by InfRef.
  ///
  /// - Throws: `ExchangeError` with code `sights`.
  func waiting(in account: String) async throws(ExchangeError) -> [WaitingSights] {
    try await read("read what was seen") { database in
      // SQLite takes a column without an aggregate from the row that has the least or greatest value.
      let statement = try database.cachedStatement(
        sql: """
          SELECT infref, count(*), coalesce(sum(cast(coalesce(data_size, described_size, 0) AS REAL)), 0), id,
            min(first_seen)
          FROM sight
          WHERE inbox = (SELECT id FROM inbox WHERE account = ?) AND gone IS NULL AND place = 0
          GROUP BY infref ORDER BY infref
          """)
      return try Array(
        Row.fetchCursor(statement, arguments: [account]).map { row in
          WaitingSights(
            infRef: row[0], files: row[1], bytes: UInt64(exactly: (row[2] as Double).rounded()) ?? .max, oldest: row[3])
        })
    }
  }
}
