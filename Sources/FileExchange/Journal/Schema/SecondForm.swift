internal import FilsluseSystem
internal import GRDB

/// Form 2: entries are chained by their hashes and carry facts, documents lie beside the rows they belong to instead of
/// in them, and the keys of what was forgotten are kept.
enum SecondForm {
  static func make(_ database: Database) throws {
    try moveDocuments(database)
    try chainEntries(database)
    try database.execute(
      sql: """
        -- What was sent, of deliveries that retention has removed; the key stands for account, route, name and content.
        CREATE TABLE sent (
          key BLOB PRIMARY KEY,
          delivery INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          state TEXT NOT NULL,
          staged_at INTEGER NOT NULL,
          changed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        -- What was handed over, of arrivals that retention has removed; the key stands for account and FileTransferUUID,
        -- name for the name in IN.
        CREATE TABLE received (
          key BLOB PRIMARY KEY,
          arrival INTEGER NOT NULL,
          name BLOB NOT NULL,
          size INTEGER NOT NULL,
          sha256 TEXT,
          changed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX delivery_name ON delivery (account, wire_name);
        CREATE INDEX arrival_state ON arrival (account, state);
        """)
  }

  /// A change of state then writes a row of a few hundred bytes, and a list reads no documents.
  private static func moveDocuments(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE delivery_document (
          delivery INTEGER PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
          trigger_xml BLOB NOT NULL,
          receipt_xml BLOB
        ) STRICT;
        INSERT INTO delivery_document SELECT id, trigger_xml, receipt_xml FROM delivery ORDER BY id;
        ALTER TABLE delivery DROP COLUMN trigger_xml;
        ALTER TABLE delivery DROP COLUMN receipt_xml;

        CREATE TABLE arrival_document (
          arrival INTEGER PRIMARY KEY REFERENCES arrival (id) ON DELETE CASCADE,
          metadata_xml BLOB NOT NULL
        ) STRICT;
        INSERT INTO arrival_document SELECT id, metadata_xml FROM arrival ORDER BY id;
        ALTER TABLE arrival DROP COLUMN metadata_xml;
        """)
  }

  /// Entries from before the chain are sealed unchanged: the last entry of each subject gets its facts.
  private static func chainEntries(_ database: Database) throws {
    try database.execute(
      sql: """
        -- An entry without a subject concerns the journal itself.
        CREATE TABLE chained_entry (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          at INTEGER NOT NULL,
          delivery INTEGER REFERENCES delivery (id),
          arrival INTEGER REFERENCES arrival (id),
          state TEXT NOT NULL,
          detail TEXT,
          facts TEXT,
          hash BLOB NOT NULL,
          CHECK (delivery IS NULL OR arrival IS NULL)
        ) STRICT;
        -- Form 1 also noted progress in changed_at.
        UPDATE delivery SET changed_at = coalesce(
          (SELECT at FROM entry WHERE delivery = delivery.id ORDER BY number DESC LIMIT 1), changed_at);
        UPDATE arrival SET changed_at = coalesce(
          (SELECT at FROM entry WHERE arrival = arrival.id ORDER BY number DESC LIMIT 1), changed_at);
        """)
    let add = try database.makeStatement(sql: "INSERT INTO chained_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    var last = JournalAnchor.start
    let entries = try Row.fetchCursor(
      database,
      sql: """
        SELECT *, number = coalesce(
          (SELECT max(number) FROM entry AS other WHERE other.delivery = entry.delivery),
          (SELECT max(number) FROM entry AS other WHERE other.arrival = entry.arrival)) AS is_last
        FROM entry ORDER BY number
        """)
    while let row = try entries.next() {
      let delivery: Int64? = row["delivery"]
      let arrival: Int64? = row["arrival"]
      var facts: String?
      if row["is_last"] {
        facts =
          try delivery.map { try factsOfDelivery($0, database) } ?? arrival.flatMap { try factsOfArrival($0, database) }
      }
      let content = EntryContent(
        at: row["at"], delivery: delivery, arrival: arrival, state: row["state"], detail: row["detail"], facts: facts)
      last = last.followed(by: content)
      try add.execute(arguments: [
        last.number, content.at, delivery, arrival, content.state, content.detail, facts, last.hash.bytes.asData,
      ])
    }
    try database.execute(
      sql: """
        DROP TABLE entry;
        ALTER TABLE chained_entry RENAME TO entry;
        CREATE INDEX entry_delivery ON entry (delivery);
        CREATE INDEX entry_arrival ON entry (arrival);
        CREATE INDEX entry_journal ON entry (number) WHERE delivery IS NULL AND arrival IS NULL;
        """)
  }

  private static func factsOfDelivery(_ id: Int64, _ database: Database) throws -> String? {
    let row = try Row.fetchOne(
      database, sql: "SELECT * FROM delivery JOIN delivery_document ON delivery = id WHERE id = ?", arguments: [id])
    guard let row else { return nil }
    return AuditFacts([
      "account": row["account"], "route": row["route"], "name": row["wire_name"], "sha256": row["sha256"],
      "ordinal": "\(row["ordinal"] as Int64)", "size": "\(UInt64(bitPattern: row["size"] as Int64))",
      "infref": row["infref"], "senders-file-id": row["senders_file_id"], "transaction-id": row["transaction_id"],
      "trigger": digest(row, "trigger_xml"), "staged": "\(row["staged_at"] as Int64)",
      "file-transfer-uuid": row["file_transfer_uuid"], "outcome": row["outcome"], "receipt": digest(row, "receipt_xml"),
    ]).changes(since: AuditFacts())
  }

  private static func factsOfArrival(_ id: Int64, _ database: Database) throws -> String? {
    let row = try Row.fetchOne(
      database, sql: "SELECT * FROM arrival JOIN arrival_document ON arrival = id WHERE id = ?", arguments: [id])
    guard let row else { return nil }
    return AuditFacts([
      "account": row["account"], "file-transfer-uuid": row["file_transfer_uuid"], "name": row["wire_name"],
      "size": "\(UInt64(bitPattern: row["size"] as Int64))", "infref": row["infref"], "sender": row["sender"],
      "metadata": digest(row, "metadata_xml"), "seen": "\(row["seen_at"] as Int64)", "local-name": row["local_name"],
      "sha256": row["sha256"], "reason": row["reason"],
    ]).changes(since: AuditFacts())
  }

  private static func digest(_ row: Row, _ column: String) -> String? {
    row.bytes(column).map { SHA256.digest(of: $0).hex }
  }
}
