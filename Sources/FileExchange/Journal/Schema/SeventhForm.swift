internal import GRDB

/// Form 7: what proves that a file in IN is the one that was fetched, and that the beginning of an upload is the staged
/// one's.
///
/// Modification times are the server's, in whole seconds since 1970.
enum SeventhForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        -- The time of the data as fetched; NULL where it was too young to tell it from data written later.
        ALTER TABLE arrival ADD COLUMN settled_modified INTEGER;
        -- The time of data in IN that has another content than what was fetched; -1 where the server told none, -2 where
        -- it is the metadata that differs.
        ALTER TABLE arrival ADD COLUMN different_modified INTEGER;
        -- The hash of the acknowledged bytes, as they were sent.
        ALTER TABLE delivery ADD COLUMN acknowledged_sha256 TEXT;
        """)
  }
}
