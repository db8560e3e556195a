/// Schema version 1: the observations of the accounts' folders, the alerts with the notifications and their outbox, and
/// the silences.
///
/// Times are milliseconds since 1970. A version that has been released is never changed: a difference is a new
/// migration.
enum MigrationV1 {
  /// The statements that create it in an empty file.
  static let script = observations + "\n" + alerts

  private static let observations = """
    CREATE TABLE inbox (
      id INTEGER PRIMARY KEY,
      account TEXT NOT NULL UNIQUE,
      watched_since INTEGER,
      last_look INTEGER,
      clock_difference INTEGER,
      clock_measured INTEGER,
      failing_since INTEGER,
      failure_kind TEXT,
      failure TEXT,
      failure_da TEXT
    ) STRICT;

    -- The monitoring gaps: the times between two scans that were too far apart.
    CREATE TABLE gap (
      inbox INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
      began INTEGER NOT NULL,
      ended INTEGER NOT NULL,
      PRIMARY KEY (inbox, ended)
    ) STRICT, WITHOUT ROWID;

    -- A data file and the small file beside it. What a part was stays when it is gone; its *_seen is NULL then.
    CREATE TABLE observation (
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
      problem_da TEXT,
      transfer TEXT,
      infref TEXT,
      sender TEXT,
      sender_authority TEXT,
      recipient_authority TEXT,
      described_size INTEGER,
      last_seen INTEGER,
      gone INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX observation_name ON observation (inbox, place, name) WHERE gone IS NULL;
    CREATE INDEX observation_present ON observation (inbox, id) WHERE gone IS NULL;
    CREATE INDEX observation_unread ON observation (inbox, id)
      WHERE gone IS NULL AND reading = 0 AND note_seen IS NOT NULL;
    CREATE INDEX observation_arrival ON observation (inbox, infref, first_seen) WHERE place = 0;
    CREATE INDEX observation_gone ON observation (gone) WHERE gone IS NOT NULL;
    """

  private static let alerts = """
    -- The id of this database, and the number of the next alert.
    CREATE TABLE alert_number (
      only INTEGER PRIMARY KEY CHECK (only = 1), database TEXT NOT NULL, next INTEGER NOT NULL) STRICT;
    -- An alert with its finding is the document, in JSON; the other columns repeat what rows are found by.
    CREATE TABLE alert (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      account TEXT NOT NULL,
      finding_id TEXT NOT NULL,
      infref TEXT,
      severity TEXT NOT NULL,
      state TEXT NOT NULL,
      first_seen INTEGER NOT NULL,
      resolved INTEGER,
      folded_into INTEGER,
      document TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX alert_open ON alert (account, finding_id) WHERE state != 'resolved';
    CREATE INDEX alert_over ON alert (resolved) WHERE state = 'resolved';

    -- The alert as it was at each notification, in JSON.
    CREATE TABLE notification (
      alert INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      reason TEXT NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (alert, number)
    ) STRICT, WITHOUT ROWID;
    -- The notifications that sinks are still to be sent.
    CREATE TABLE outbox (
      sink TEXT NOT NULL,
      alert INTEGER NOT NULL,
      number INTEGER NOT NULL,
      tries INTEGER NOT NULL,
      next_try INTEGER NOT NULL,
      failure TEXT,
      PRIMARY KEY (sink, alert, number),
      FOREIGN KEY (alert, number) REFERENCES notification (alert, number) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX outbox_due ON outbox (sink, next_try);
    CREATE INDEX outbox_notification ON outbox (alert, number);

    CREATE TABLE sink (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE sink_failure (
      sink TEXT PRIMARY KEY,
      in_a_row INTEGER NOT NULL,
      since INTEGER NOT NULL,
      rests_until INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE silence (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account TEXT,
      infref TEXT,
      kind TEXT,
      finding_id TEXT,
      begins INTEGER NOT NULL,
      ends INTEGER NOT NULL,
      by TEXT NOT NULL,
      why TEXT NOT NULL
    ) STRICT;
    """
}
