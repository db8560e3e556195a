internal import GRDB

/// Form 11: an index of the entries about restorations, which are few.
enum EleventhForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE INDEX entry_restored ON entry (number)
        WHERE delivery IS NULL AND arrival IS NULL AND state = 'restored';
        """)
  }
}
