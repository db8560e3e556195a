internal import GRDB

/// Form 1: what was sent, what came, and every step of both.
enum FirstForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE delivery (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          account TEXT NOT NULL,
          route TEXT NOT NULL,
          wire_name TEXT NOT NULL,
          sha256 TEXT NOT NULL,
          ordinal INTEGER NOT NULL,
          size INTEGER NOT NULL,
          local_path TEXT NOT NULL,
          infref TEXT,
          senders_file_id TEXT NOT NULL UNIQUE,
          transaction_id TEXT,
          temporary_trigger_name TEXT NOT NULL,
          trigger_xml BLOB NOT NULL,
          state TEXT NOT NULL,
          acknowledged INTEGER NOT NULL DEFAULT 0,
          file_transfer_uuid TEXT,
          outcome TEXT,
          receipt_xml BLOB,
          staged_at INTEGER NOT NULL,
          changed_at INTEGER NOT NULL,
          UNIQUE (account, route, wire_name, sha256, ordinal)
        ) STRICT;
        -- Two open transmissions never share a name in OUT.
        CREATE UNIQUE INDEX delivery_open_name ON delivery (account, wire_name)
          WHERE state NOT IN ('accepted', 'refused', 'cancelled');
        CREATE INDEX delivery_state ON delivery (account, state);

        CREATE TABLE arrival (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          account TEXT NOT NULL,
          file_transfer_uuid TEXT NOT NULL,
          wire_name TEXT NOT NULL,
          size INTEGER NOT NULL,
          infref TEXT,
          sender TEXT NOT NULL,
          metadata_xml BLOB NOT NULL,
          state TEXT NOT NULL,
          local_name TEXT,
          sha256 TEXT,
          reason TEXT,
          seen_at INTEGER NOT NULL,
          changed_at INTEGER NOT NULL,
          UNIQUE (account, file_transfer_uuid)
        ) STRICT;

        CREATE TABLE entry (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          at INTEGER NOT NULL,
          delivery INTEGER REFERENCES delivery (id),
          arrival INTEGER REFERENCES arrival (id),
          state TEXT NOT NULL,
          detail TEXT,
          CHECK ((delivery IS NULL) <> (arrival IS NULL))
        ) STRICT;
        CREATE INDEX entry_delivery ON entry (delivery);
        CREATE INDEX entry_arrival ON entry (arrival);
        """)
  }
}
