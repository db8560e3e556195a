internal import GRDB

/// Form 10: the problems that were alerted, the alerts that wait for their program, and the time of the last look into
/// each IN.
enum TenthForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE observed_problem ADD COLUMN place TEXT;
        CREATE TABLE told_problem (
          kind TEXT NOT NULL,
          account TEXT NOT NULL,
          subject TEXT NOT NULL,
          since INTEGER NOT NULL,
          message TEXT NOT NULL,
          ending TEXT,
          PRIMARY KEY (kind, account, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE problem_alert (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL,
          account TEXT NOT NULL,
          is_resolved INTEGER NOT NULL,
          document TEXT NOT NULL
        ) STRICT;
        CREATE TABLE inbox_look (
          account TEXT PRIMARY KEY,
          at INTEGER NOT NULL,
          next_within INTEGER
        ) STRICT, WITHOUT ROWID;
        """)
  }
}
