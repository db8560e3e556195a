internal import GRDB

/// Form 5: each step writes into fewer indices. Those under way are few, and found by the index that keeps their names
/// apart; an entry is in the index of what it is about, and in no other.
enum FifthForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        DROP INDEX delivery_state;
        DROP INDEX entry_delivery;
        DROP INDEX entry_arrival;
        CREATE INDEX entry_delivery ON entry (delivery) WHERE delivery IS NOT NULL;
        CREATE INDEX entry_arrival ON entry (arrival) WHERE arrival IS NOT NULL;
        """)
  }
}
