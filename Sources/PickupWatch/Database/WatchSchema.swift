internal import FilsluseStore
internal import FilsluseBase

/// The schema of the watch's database: the application id and the schema version in its header, and the tables.
enum WatchSchema {
  /// The application id is `Filw` in ASCII.
  static let identity = SchemaIdentity(applicationID: 0x4669_6C77, version: 1, tables: ["observation"])

  /// Creates the tables in an empty file, unless another process just did.
  static func createIfMissing(in database: SQLConnection) throws {
    if try identity.isMade(in: database) { return }
    try identity.create(MigrationV1.script, in: database)
    // Notifications of two databases, or of a new one in an old one's place, must never have the same id.
    let id = String(UInt64.random(in: 1 << 44..<1 << 48), radix: 16)
    try database.execute("INSERT INTO alert_number (only, database, next) VALUES (1, ?, 1)", [id])
  }
}

/// Schema version 1: the observations of the accounts' folders, the daily figures made of them, the alerts with the
/// notifications and their outbox, the silences, the acts of persons, and the events of each alert's life.
///
/// Times are milliseconds since 1970. A version that has been released is never changed: a difference is a new
/// migration.
enum MigrationV1 {
  /// The statements that create it in an empty file.
  static let script = [observations, figures, alerts, acts].joined(separator: "\n")

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
      sidecar_seen INTEGER,
      sidecar_not_before INTEGER,
      sidecar_changed INTEGER,
      sidecar_size INTEGER,
      sidecar_modified INTEGER,
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
      municipality TEXT,
      last_seen INTEGER,
      gone INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX observation_name ON observation (inbox, place, name) WHERE gone IS NULL;
    CREATE INDEX observation_present ON observation (inbox, id) WHERE gone IS NULL;
    CREATE INDEX observation_unread ON observation (inbox, id)
      WHERE gone IS NULL AND reading = 0 AND sidecar_seen IS NOT NULL;
    CREATE INDEX observation_arrival ON observation (inbox, infref, first_seen) WHERE place = 0;
    CREATE INDEX observation_gone ON observation (inbox, gone) WHERE gone IS NOT NULL;

    -- For searches. A part of a name is looked for in all of the first one, which is much smaller than the table.
    CREATE INDEX observation_text ON observation (name);
    CREATE INDEX observation_transfer ON observation (transfer) WHERE transfer IS NOT NULL;
    CREATE INDEX observation_municipality ON observation (municipality) WHERE municipality IS NOT NULL;
    CREATE INDEX observation_sender ON observation (sender_authority) WHERE sender_authority IS NOT NULL;
    CREATE INDEX observation_recipient ON observation (recipient_authority) WHERE recipient_authority IS NOT NULL;
    """

  private static let figures = """
    -- The figures of a day, which outlive the observations that they are made of. Days are counted from 1970-01-01.
    CREATE TABLE pick_up_day (
      inbox INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
      day INTEGER NOT NULL,
      title TEXT NOT NULL,
      files INTEGER NOT NULL,
      median INTEGER NOT NULL,
      slowest INTEGER NOT NULL,
      within INTEGER,
      watched INTEGER NOT NULL,
      PRIMARY KEY (inbox, day, title)
    ) STRICT, WITHOUT ROWID;
    -- The files expected on a day: all of a rule's (municipality '') or those of one municipality.
    CREATE TABLE expected_day (
      day INTEGER NOT NULL,
      inbox INTEGER NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
      title TEXT NOT NULL,
      municipality TEXT NOT NULL,
      state TEXT NOT NULL,
      due INTEGER,
      came INTEGER,
      files INTEGER NOT NULL,
      expected INTEGER NOT NULL,
      PRIMARY KEY (day, inbox, title, municipality)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX expected_day_inbox ON expected_day (inbox, day);
    """

  private static let alerts = """
    -- The id of this database, and the number of the next alert. Where machines watch by one journal, the version of the
    -- alerts that they share, and the machine that leads the watch, if it is another one.
    CREATE TABLE alert_number (
      only INTEGER PRIMARY KEY CHECK (only = 1), database TEXT NOT NULL, next INTEGER NOT NULL,
      version INTEGER NOT NULL DEFAULT 0, leader TEXT) STRICT;
    -- An alert with its finding is the document, in JSON; the other columns repeat what rows are found by. `origin` is the
    -- id of the database in which it was seen first: machines that watch by one journal share their alerts.
    CREATE TABLE alert (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      account TEXT NOT NULL,
      finding_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      subject TEXT NOT NULL,
      rule TEXT,
      infref TEXT,
      municipality TEXT,
      severity TEXT NOT NULL,
      state TEXT NOT NULL,
      since INTEGER NOT NULL,
      resolved INTEGER,
      grouped_into INTEGER,
      silence INTEGER,
      document TEXT NOT NULL,
      origin TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX alert_open ON alert (account, finding_id) WHERE state != 'resolved';
    CREATE INDEX alert_subject ON alert (account, subject);
    -- Lists and counts are made of these two alone: they are much smaller than the documents.
    CREATE INDEX alert_open_facts ON alert
      (kind, rule, account, severity, since, state, silence, infref, municipality, grouped_into)
      WHERE state != 'resolved';
    CREATE INDEX alert_over ON alert
      (resolved, kind, rule, account, severity, infref, municipality) WHERE state = 'resolved';
    CREATE INDEX alert_member ON alert (grouped_into) WHERE grouped_into IS NOT NULL;

    -- The alert as it was at each notification, in JSON, and the id of the database in which that was written.
    CREATE TABLE notification (
      alert INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      reason TEXT NOT NULL,
      author TEXT NOT NULL,
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
      rule TEXT,
      rule_da TEXT,
      begins INTEGER NOT NULL,
      ends INTEGER NOT NULL,
      by TEXT NOT NULL,
      why TEXT NOT NULL
    ) STRICT;
    """

  private static let acts = """
    -- What a person did, once for each key. `count` is the number of alerts or names that it was about.
    CREATE TABLE act (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT UNIQUE,
      kind TEXT NOT NULL,
      at INTEGER NOT NULL,
      by TEXT NOT NULL,
      why TEXT,
      silence INTEGER,
      count INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX act_at ON act (at);
    -- The files whose bare names a person was shown, by their masked names: the files themselves are forgotten earlier.
    CREATE TABLE shown_name (
      act INTEGER NOT NULL REFERENCES act (id) ON DELETE CASCADE,
      observation INTEGER NOT NULL,
      account TEXT NOT NULL,
      name TEXT NOT NULL,
      PRIMARY KEY (act, observation)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX shown_name_observation ON shown_name (observation);
    -- The life of an alert. Repeated sends to one sink are one row that counts.
    CREATE TABLE alert_event (
      id INTEGER PRIMARY KEY,
      alert INTEGER NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      what TEXT NOT NULL,
      sink TEXT,
      reason TEXT,
      act INTEGER,
      silence INTEGER,
      grouped_into INTEGER,
      times INTEGER NOT NULL DEFAULT 1,
      last INTEGER
    ) STRICT;
    CREATE INDEX alert_event_alert ON alert_event (alert);
    CREATE INDEX alert_event_act ON alert_event (act) WHERE act IS NOT NULL;
    """
}
