internal import GRDB

/// Form 9: the problems that a process observed and that no delivery or arrival shows, those that a person has closed,
/// and an index of the refused deliveries.
enum NinthForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE observed_problem (
          kind TEXT NOT NULL,
          account TEXT NOT NULL,
          subject TEXT NOT NULL,
          message TEXT NOT NULL,
          remedy TEXT NOT NULL,
          since INTEGER NOT NULL,
          PRIMARY KEY (kind, account, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE closed_problem (
          kind TEXT NOT NULL,
          account TEXT NOT NULL,
          subject TEXT NOT NULL,
          closed_at INTEGER NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY (kind, account, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX delivery_refused ON delivery (account, changed_at) WHERE state = 'refused';
        """)
  }
}
