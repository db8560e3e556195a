internal import GRDB

extension AlertStore {
  /// The sinks that are failing, and how much they are owed: those that failed three times in a row, whichever notices
  /// they were offered, and those that one notice was offered to in vain three times.
  func sinkTroubles() async throws(AlertStoreError) -> [SinkTrouble] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          WITH failing AS (
            SELECT sink FROM alert_sink_failure WHERE in_a_row >= ?1
            UNION SELECT sink FROM alert_owed WHERE tries >= ?1)
          SELECT failing.sink, (SELECT count(*) FROM alert_owed AS owed WHERE owed.sink = failing.sink),
            coalesce(in_a_row, 0)
          FROM failing LEFT JOIN alert_sink_failure USING (sink) ORDER BY failing.sink
          """, arguments: [Self.patience]
      ).map { SinkTrouble(sink: $0[0], waiting: $0[1], failuresInARow: $0[2]) }
    }
  }

  /// Forgets the failures of sinks that there are no longer.
  static func forgetFailures(ofAllBut sinks: [String], in database: Database) throws {
    for sink in try String.fetchAll(database, sql: "SELECT sink FROM alert_sink_failure") where !sinks.contains(sink) {
      try database.execute(sql: "DELETE FROM alert_sink_failure WHERE sink = ?", arguments: [sink])
    }
  }
}
