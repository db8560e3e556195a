internal import GRDB

/// Form 3: who an arrival is handed over to, how often that failed, and the business receipts that come and go.
enum ThirdForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE arrival ADD COLUMN route TEXT;
        ALTER TABLE arrival ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE arrival ADD COLUMN next_try_at INTEGER;
        ALTER TABLE arrival ADD COLUMN set_aside_from TEXT;

        -- What the receiver answered to an arrival. Its delivery is known once it is staged.
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
        CREATE INDEX delivery_transfer ON delivery (file_transfer_uuid) WHERE file_transfer_uuid IS NOT NULL;
        """)
  }
}
