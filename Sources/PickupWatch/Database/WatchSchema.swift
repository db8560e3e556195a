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
    try database.execute("INSERT INTO alert_number VALUES (1, ?, 1)", [id])
  }
}

extension OtherSchema {
  /// The reason why such a file is refused as the watch's database.
  var refusalAsWatch: String {
    let expected = "expected is the watch's database of schema version \(expected)"
    return switch content {
    case .withoutVersion: "it is a watch's database without a schema version, as releases never wrote one; \(expected)"
    case .ofVersion(let version): "it is a watch's database of schema version \(version); \(expected)"
    case .foreign: "it is a database, but not the watch's; \(expected)"
    }
  }

  /// The remedy where the watch's database was expected.
  var remedyAsWatch: Remedy {
    let other = "name another file under watch: database: in the settings"
    return switch content {
    case .ofVersion(let version) where version > expected:
      "use the newer version of Filsluse that wrote it; it stays as it is"
    case .ofVersion, .withoutVersion: "\(other); it stays as it is, and the new one knows nothing of the time before"
    case .foreign: "\(other); it stays as it is"
    }
  }
}

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
      last_seen INTEGER,
      gone INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX observation_name ON observation (inbox, place, name) WHERE gone IS NULL;
    CREATE INDEX observation_present ON observation (inbox, id) WHERE gone IS NULL;
    CREATE INDEX observation_unread ON observation (inbox, id)
      WHERE gone IS NULL AND reading = 0 AND sidecar_seen IS NOT NULL;
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
      grouped_into INTEGER,
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
