internal import GRDB

/// Form 4: a delivery whose receipt never came can be given up and then holds its name no longer; a delivery is found by
/// the local file that it was staged from.
enum FourthForm {
  static func make(_ database: Database) throws {
    try database.execute(
      sql: """
        DROP INDEX delivery_open_name;
        CREATE UNIQUE INDEX delivery_open_name ON delivery (account, wire_name)
          WHERE state NOT IN ('accepted', 'refused', 'cancelled', 'given-up');
        CREATE INDEX delivery_local_path ON delivery (local_path);
        """)
  }
}
