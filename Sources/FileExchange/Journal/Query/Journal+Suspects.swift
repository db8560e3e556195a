internal import FilsluseSFTP
internal import FilsluseStore
internal import FilsluseBase

extension Journal {
  /// Returns the account's suspected causes of lost connections.
  func suspects(of account: String) async throws(ExchangeError) -> [SuspectFile] {
    try await read { database in
      let sql = "SELECT path, losses, next_try_at, since, reason FROM suspect_file WHERE account = ?"
      return try database.rows(sql, [account]).map { row in
        SuspectFile(
          path: RemotePath(try row.text(0)), losses: Int(try row.int(1)),
          nextTryAt: try row.optionalInt(2).map(Timestamp.init(millisecondsSince1970:)),
          since: Timestamp(millisecondsSince1970: try row.int(3)), reason: try row.text(4))
      }
    }
  }

  /// Writes the facts about a suspected file.
  func record(_ suspect: SuspectFile, of account: String) async throws(ExchangeError) {
    try await write { transaction in
      try transaction.database.execute(
        """
        INSERT INTO suspect_file (account, path, losses, next_try_at, since, reason) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (account, path) DO UPDATE SET losses = excluded.losses, next_try_at = excluded.next_try_at,
          since = excluded.since, reason = excluded.reason
        """,
        [
          account, suspect.path.string, suspect.losses, suspect.nextTryAt?.millisecondsSince1970,
          suspect.since.millisecondsSince1970, suspect.reason,
        ])
    }
  }

  /// Forgets one: it got through, or is gone.
  func forgetSuspect(_ path: RemotePath, of account: String) async throws(ExchangeError) {
    try await write { transaction in
      try transaction.database.execute(
        "DELETE FROM suspect_file WHERE account = ? AND path = ?", [account, path.string])
    }
  }
}
