internal import GRDB

/// The alerts' tables. They share a file with the watcher's sights, and count their forms by themselves, so that it
/// does not matter which of the two is made first.
enum AlertSchema {
  /// The form that this version writes.
  static let form = 2

  /// Makes the tables, or brings them to the newest form.
  ///
  /// - Throws: `NewerAlerts` when a newer version has written them, and what SQLite throws.
  static func prepare(_ database: Database) throws {
    if try database.tableExists("alert_store") {
      let found = try Int.fetchOne(database, sql: "SELECT form FROM alert_store") ?? 0
      guard found <= form else { throw NewerAlerts(form: found) }
      if found < 2 { try addWhyItIsOver(database) }
    } else {
      try make(database)
      try addWhyItIsOver(database)
    }
    // Versions that know nothing of it are not troubled by it, nor does what they write trouble us.
    try database.execute(sql: "CREATE TABLE IF NOT EXISTS alert_sink (name TEXT PRIMARY KEY) WITHOUT ROWID")
  }

  /// Form 2: what findings say in Danish too, and why an alert is over.
  private static func addWhyItIsOver(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE alert_alert ADD COLUMN rule_da TEXT;
        ALTER TABLE alert_alert ADD COLUMN detail_da TEXT;
        ALTER TABLE alert_alert ADD COLUMN ending TEXT;
        ALTER TABLE alert_alert ADD COLUMN ending_da TEXT;
        ALTER TABLE alert_alert ADD COLUMN is_mended INTEGER;
        UPDATE alert_store SET form = 2;
        """)
  }

  private static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE alert_store (
          only INTEGER PRIMARY KEY CHECK (only = 1), form INTEGER NOT NULL, id TEXT NOT NULL, next INTEGER NOT NULL);
        CREATE TABLE alert_alert (
          id INTEGER PRIMARY KEY, finding_id TEXT NOT NULL, state TEXT NOT NULL, kind TEXT NOT NULL,
          severity TEXT NOT NULL, account TEXT NOT NULL, subject TEXT NOT NULL, file_name TEXT, infref TEXT, sender TEXT,
          authority TEXT, size INTEGER, since INTEGER, age_basis TEXT, due INTEGER, rule_line INTEGER, rule TEXT, detail TEXT,
          first_seen INTEGER NOT NULL, fired INTEGER, resolved INTEGER, told_first TEXT, told_severity TEXT,
          told_at INTEGER, told_count INTEGER, notices INTEGER NOT NULL, ack_by TEXT, ack_why TEXT, ack_at INTEGER,
          ack_severity TEXT, folded_into INTEGER, fold TEXT);
        CREATE UNIQUE INDEX alert_open ON alert_alert (account, finding_id) WHERE state != 'resolved';
        CREATE INDEX alert_over ON alert_alert (resolved) WHERE state = 'resolved';
        CREATE TABLE alert_notice (
          alert INTEGER NOT NULL REFERENCES alert_alert (id) ON DELETE CASCADE, number INTEGER NOT NULL,
          reason TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (alert, number)) WITHOUT ROWID;
        CREATE TABLE alert_owed (
          sink TEXT NOT NULL, alert INTEGER NOT NULL, number INTEGER NOT NULL, tries INTEGER NOT NULL,
          next_try INTEGER NOT NULL, failure TEXT, PRIMARY KEY (sink, alert, number),
          FOREIGN KEY (alert, number) REFERENCES alert_notice (alert, number) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE INDEX alert_due ON alert_owed (sink, next_try);
        CREATE INDEX alert_owed_notice ON alert_owed (alert, number);
        CREATE TABLE alert_silence (
          id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT, infref TEXT, kind TEXT, finding_id TEXT,
          begins INTEGER NOT NULL, ends INTEGER NOT NULL, by TEXT NOT NULL, why TEXT NOT NULL);
        """)
    // Notifications of two stores, or of a new store in an old one's place, must never have the same id.
    let id = String(UInt64.random(in: 1 << 44..<1 << 48), radix: 16)
    try database.execute(sql: "INSERT INTO alert_store VALUES (1, ?, ?, 1)", arguments: [1, id])
  }
}

struct NewerAlerts: Error, CustomStringConvertible {
  let form: Int
  var description: String { "its alerts have form \(form), which a newer version of Filsluse wrote" }
}

/// A row that no version of Filsluse writes.
struct DamagedAlert: Error, CustomStringConvertible {
  let id: Int64
  var description: String { "row \(id) of alert_alert holds a value that no version writes" }
}
