internal import GRDB

/// The migrations of the observation tables. A migration that a version has shipped with is never changed: a difference
/// is a new migration.
enum ObservationSchema {
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: sights", migrate: firstForm)
    migrator.registerMigration("2: reasons in Danish", migrate: secondForm)
    return migrator
  }()

  /// The reason why an account cannot be looked into, or a sidecar file not read, in Danish too.
  private static func secondForm(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE inbox ADD COLUMN failure_da TEXT;
        ALTER TABLE sight ADD COLUMN problem_da TEXT;
        """)
  }

  private static func firstForm(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE inbox (
          id INTEGER PRIMARY KEY,
          account TEXT NOT NULL UNIQUE,
          watched_since INTEGER,
          last_look INTEGER,
          clock_difference INTEGER,
          clock_measured INTEGER,
          failing_since INTEGER,
          failure_kind TEXT,
          failure TEXT
        ) STRICT;

        -- Nobody looked between two looks that were too far apart.
        CREATE TABLE gap (
          inbox INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
          began INTEGER NOT NULL,
          ended INTEGER NOT NULL,
          PRIMARY KEY (inbox, ended)
        ) STRICT, WITHOUT ROWID;

        -- A data file and the small file beside it. What a part was stays when it is gone; its *_seen is NULL then.
        CREATE TABLE sight (
          id INTEGER PRIMARY KEY,
          inbox INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
          place INTEGER NOT NULL,
          name BLOB NOT NULL,
          first_seen INTEGER NOT NULL,
          data_seen INTEGER,
          data_not_before INTEGER,
          data_changed INTEGER,
          data_size INTEGER,
          data_modified INTEGER,
          note_seen INTEGER,
          note_not_before INTEGER,
          note_changed INTEGER,
          note_size INTEGER,
          note_modified INTEGER,
          half_since INTEGER,
          reading INTEGER NOT NULL DEFAULT 0,
          problem TEXT,
          transfer TEXT,
          infref TEXT,
          sender TEXT,
          sender_authority TEXT,
          recipient_authority TEXT,
          described_size INTEGER,
          last_seen INTEGER,
          gone INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX sight_name ON sight (inbox, place, name) WHERE gone IS NULL;
        CREATE INDEX sight_present ON sight (inbox, id) WHERE gone IS NULL;
        CREATE INDEX sight_unread ON sight (inbox, id) WHERE gone IS NULL AND reading = 0 AND note_seen IS NOT NULL;
        CREATE INDEX sight_arrival ON sight (inbox, infref, first_seen) WHERE place = 0;
        CREATE INDEX sight_gone ON sight (gone) WHERE gone IS NOT NULL;
        """)
  }
}
