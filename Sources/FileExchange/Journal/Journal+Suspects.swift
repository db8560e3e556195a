internal import FilsluseSFTP
internal import FilsluseSystem
internal import GRDB

extension Journal {
  /// The account's files at which connections were lost.
  func suspects(of account: String) async throws(ExchangeError) -> [SuspectFile] {
    try await read { database in
      let sql = "SELECT path, losses, next_try_at, since, reason FROM suspect_file WHERE account = ?"
      return try Row.fetchAll(database, sql: sql, arguments: [account]).map { row in
        SuspectFile(
          path: RemotePath(row[0] as String), losses: row[1],
          nextTryAt: (row[2] as Int64?).map(Timestamp.init(millisecondsSince1970:)),
          since: Timestamp(millisecondsSince1970: row[3]), reason: row[4])
      }
    }
  }

  /// Writes what is known of one.
  func record(_ suspect: SuspectFile, of account: String) async throws(ExchangeError) {
    try await write { transaction in
      try transaction.database.execute(
        sql: """
          INSERT OR REPLACE INTO suspect_file (account, path, losses, next_try_at, since, reason)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          account, suspect.path.string, suspect.losses, suspect.nextTryAt?.millisecondsSince1970,
          suspect.since.millisecondsSince1970, suspect.reason,
        ])
    }
  }

  /// Forgets one: it got through, or is gone.
  func forgetSuspect(_ path: RemotePath, of account: String) async throws(ExchangeError) {
    try await write { transaction in
      try transaction.database.execute(
        sql: "DELETE FROM suspect_file WHERE account = ? AND path = ?", arguments: [account, path.string])
    }
  }
}
