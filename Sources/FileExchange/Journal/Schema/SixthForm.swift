internal import GRDB

/// Form 6: whether a delivery is under way is a column of its own, so that a step from one state under way to the next
/// touches no index. SQLite sees to it that it never says anything else than the state.
enum SixthForm {
  static func make(_ database: Database) throws {
    let holds = "state NOT IN ('accepted', 'refused', 'cancelled', 'given-up')"
    try database.execute(
      sql: """
        ALTER TABLE delivery ADD COLUMN is_open INTEGER CHECK (is_open = (\(holds)));
        UPDATE delivery SET is_open = (\(holds));
        DROP INDEX delivery_open_name;
        CREATE UNIQUE INDEX delivery_open_name ON delivery (account, wire_name) WHERE is_open = 1;
        """)
  }
}
