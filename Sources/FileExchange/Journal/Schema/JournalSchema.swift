internal import FilsluseStore

/// The schema of a journal: the application id, the schema version, and the tables.
enum JournalSchema {
  /// The application id is `Fils` in ASCII.
  static let identity = SchemaIdentity(
    applicationID: 0x4669_6C73, version: 1, tables: ["delivery", "arrival", "entry"])

  /// Creates the tables in an empty database.
  static func create(in database: SQLConnection) throws {
    let script =
      switch database.kind {
      case .sqlite: MigrationV1.script
      case .postgreSQL: MigrationV1.postgreSQLScript
      }
    try identity.create(script, in: database)
  }

  /// Returns true if the database is a journal of this schema version, and false if it is empty.
  ///
  /// - Throws: `OtherSchema` for any other content, or `StoreError`.
  static func isMade(in database: SQLConnection) throws -> Bool { try identity.isMade(in: database) }
}

/// Schema version 1: deliveries, arrivals, their documents and entries, the tombstones of removed ones, the problems
/// that wait for a person, and the suspected causes of lost connections.
///
/// Times are milliseconds since 1970, except where a column says otherwise. A released version is never changed: a
/// difference is a new migration.
enum MigrationV1 {
  /// The statements that create it in an empty file.
  static let script = transfers + "\n" + answers + "\n" + problems

  /// The tables, each after those that it references.
  static let tables = [
    "delivery", "delivery_document", "arrival", "arrival_document", "entry", "sent", "received", "business_answer",
    "business_receipt", "observed_problem", "closed_problem", "alerted_problem", "problem_alert", "inbox_look",
    "suspect_file",
  ]

  private static let transfers = """
    CREATE TABLE delivery (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account TEXT NOT NULL,
      route TEXT NOT NULL,
      wire_name TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      -- 1 for the first delivery of this account, route, name and content; one more each time it is sent again.
      ordinal INTEGER NOT NULL,
      size INTEGER NOT NULL,
      local_path TEXT NOT NULL,
      infref TEXT,
      senders_file_id TEXT NOT NULL UNIQUE,
      transaction_id TEXT,
      temporary_trigger_name TEXT NOT NULL,
      state TEXT NOT NULL,
      -- 1 while the delivery is under way. A column of its own, so that a step from one such state to the next touches
      -- no index: for any index with a changed column PostgreSQL writes into all of them.
      is_open INTEGER NOT NULL CHECK (is_open = (state NOT IN ('accepted', 'refused', 'cancelled', 'given-up'))),
      -- The number of bytes from the start that the server has acknowledged, and their hash as they were sent.
      acknowledged INTEGER NOT NULL DEFAULT 0,
      acknowledged_sha256 TEXT,
      file_transfer_uuid TEXT,
      outcome TEXT,
      staged_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      -- The time of the refusal. A column of its own, for the reason that is_open is one.
      refused_at INTEGER CHECK ((refused_at IS NULL) = (state <> 'refused')),
      UNIQUE (account, route, wire_name, sha256, ordinal)
    ) STRICT;
    -- Two deliveries under way never share a name in OUT.
    CREATE UNIQUE INDEX delivery_open_name ON delivery (account, wire_name) WHERE is_open = 1;
    CREATE INDEX delivery_name ON delivery (account, wire_name);
    CREATE INDEX delivery_local_path ON delivery (local_path);
    CREATE INDEX delivery_transfer ON delivery (file_transfer_uuid) WHERE file_transfer_uuid IS NOT NULL;
    -- Of long random texts the beginning alone is indexed: an index a fifth as large, in which hardly two are alike.
    CREATE INDEX delivery_content ON delivery (substr(sha256, 1, 8));
    CREATE INDEX delivery_transaction ON delivery (substr(transaction_id, 1, 8)) WHERE transaction_id IS NOT NULL;
    CREATE INDEX delivery_refused ON delivery (account, refused_at) WHERE refused_at IS NOT NULL;
    -- For lists of a day, which read the whole table otherwise.
    CREATE INDEX delivery_begun ON delivery (staged_at);

    -- Documents lie apart, so that a change of state writes a row of a few hundred bytes, and a list reads none of them.
    CREATE TABLE delivery_document (
      delivery INTEGER PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
      trigger_xml BLOB NOT NULL,
      receipt_xml BLOB
    ) STRICT;

    CREATE TABLE arrival (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      account TEXT NOT NULL,
      file_transfer_uuid TEXT NOT NULL,
      wire_name TEXT NOT NULL,
      size INTEGER NOT NULL,
      infref TEXT,
      sender TEXT NOT NULL,
      route TEXT,
      state TEXT NOT NULL,
      set_aside_from TEXT,
      local_name TEXT,
      sha256 TEXT,
      -- The server's time of the data as fetched, in seconds since 1970; NULL where it was too young to distinguish it
      -- from data written later.
      settled_modified INTEGER,
      -- The server's time of data in IN that has another content than what was fetched; -1 where the server gave none,
      -- -2 where it is the metadata that differs.
      different_modified INTEGER,
      reason TEXT,
      tries INTEGER NOT NULL DEFAULT 0,
      next_try_at INTEGER,
      seen_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL,
      UNIQUE (account, file_transfer_uuid)
    ) STRICT;
    CREATE INDEX arrival_state ON arrival (account, state);
    CREATE INDEX arrival_begun ON arrival (seen_at);

    CREATE TABLE arrival_document (
      arrival INTEGER PRIMARY KEY REFERENCES arrival (id) ON DELETE CASCADE,
      metadata_xml BLOB NOT NULL
    ) STRICT;

    -- Every step, chained by hashes. An entry without a subject concerns the journal itself.
    CREATE TABLE entry (
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
    CREATE INDEX entry_delivery ON entry (delivery) WHERE delivery IS NOT NULL;
    CREATE INDEX entry_arrival ON entry (arrival) WHERE arrival IS NOT NULL;
    CREATE INDEX entry_journal ON entry (number) WHERE delivery IS NULL AND arrival IS NULL;
    CREATE INDEX entry_restored ON entry (number)
      WHERE delivery IS NULL AND arrival IS NULL AND state = 'restored';

    -- Tombstones of deliveries that retention has removed. The key stands for account, route, name and content.
    CREATE TABLE sent (
      key BLOB PRIMARY KEY,
      delivery INTEGER NOT NULL,
      ordinal INTEGER NOT NULL,
      state TEXT NOT NULL,
      staged_at INTEGER NOT NULL,
      changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- Tombstones of arrivals that were handed over and that retention has removed. The key stands for account and
    -- FileTransferUUID, name for the name in IN.
    CREATE TABLE received (
      key BLOB PRIMARY KEY,
      arrival INTEGER NOT NULL,
      name BLOB NOT NULL,
      size INTEGER NOT NULL,
      sha256 TEXT,
      changed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """

  private static let answers = """
    -- The receiver's answer to an arrival. Its delivery is known once it is staged.
    CREATE TABLE business_answer (
      arrival INTEGER PRIMARY KEY REFERENCES arrival (id) ON DELETE CASCADE,
      acceptance TEXT NOT NULL,
      document BLOB NOT NULL,
      route TEXT,
      delivery INTEGER REFERENCES delivery (id) ON DELETE SET NULL,
      is_sent INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX business_answer_unsent ON business_answer (arrival) WHERE route IS NOT NULL AND is_sent = 0;

    -- An arrival that is itself an answer to a delivery of ours.
    CREATE TABLE business_receipt (
      arrival INTEGER PRIMARY KEY REFERENCES arrival (id) ON DELETE CASCADE,
      file_transfer_uuid TEXT NOT NULL,
      file_name TEXT NOT NULL,
      recipient TEXT NOT NULL,
      acceptance TEXT NOT NULL,
      reason TEXT,
      delivery INTEGER REFERENCES delivery (id) ON DELETE SET NULL
    ) STRICT;
    CREATE INDEX business_receipt_untied ON business_receipt (file_transfer_uuid) WHERE delivery IS NULL;
    """

  private static let problems = """
    -- Problems that a process observed and that no delivery or arrival shows.
    CREATE TABLE observed_problem (
      kind TEXT NOT NULL,
      account TEXT NOT NULL,
      subject TEXT NOT NULL,
      message TEXT NOT NULL,
      remedy TEXT NOT NULL,
      since INTEGER NOT NULL,
      place TEXT,
      -- The message and the remedy in Danish.
      danish TEXT,
      PRIMARY KEY (kind, account, subject)
    ) STRICT, WITHOUT ROWID;
    -- Problems that a person has closed.
    CREATE TABLE closed_problem (
      kind TEXT NOT NULL,
      account TEXT NOT NULL,
      subject TEXT NOT NULL,
      closed_at INTEGER NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (kind, account, subject)
    ) STRICT, WITHOUT ROWID;
    -- Problems that people were alerted to.
    CREATE TABLE alerted_problem (
      kind TEXT NOT NULL,
      account TEXT NOT NULL,
      subject TEXT NOT NULL,
      since INTEGER NOT NULL,
      message TEXT NOT NULL,
      danish TEXT,
      ending TEXT,
      danish_ending TEXT,
      PRIMARY KEY (kind, account, subject)
    ) STRICT, WITHOUT ROWID;
    -- The alerts that wait for their program.
    CREATE TABLE problem_alert (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      account TEXT NOT NULL,
      is_resolved INTEGER NOT NULL,
      document TEXT NOT NULL
    ) STRICT;
    -- The time of the last look into each IN; next_within is a number of milliseconds.
    CREATE TABLE inbox_look (
      account TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      next_within INTEGER
    ) STRICT, WITHOUT ROWID;

    -- Files at which connections were lost, and when each is tried again.
    CREATE TABLE suspect_file (
      account TEXT NOT NULL,
      path TEXT NOT NULL,
      losses INTEGER NOT NULL,
      next_try_at INTEGER,
      since INTEGER NOT NULL,
      reason TEXT NOT NULL,
      PRIMARY KEY (account, path)
    ) STRICT, WITHOUT ROWID;
    """
}
