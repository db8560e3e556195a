internal import GRDB

/// Form 12: the files at which connections were lost, and when each is to be tried again.
enum TwelfthForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE suspect_file (
          account TEXT NOT NULL,
          path TEXT NOT NULL,
          losses INTEGER NOT NULL,
          next_try_at INTEGER,
          since INTEGER NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY (account, path)
        ) STRICT, WITHOUT ROWID;
        """)
  }
}
