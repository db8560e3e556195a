internal import FileExchange
internal import FilsluseBase
internal import FilsluseStore

extension WatchDatabase {
  /// The longest time without a success after a failure before a sink counts as failing, also during a requested
  /// back-off without any tries.
  private static let longestWithoutSuccess = Duration.seconds(60)

  /// Returns the failing sinks, with the number of notifications that wait for them: sinks with three failures in a
  /// row, over all notifications, sinks without a success for a minute since a failure, and sinks that refused one
  /// notification three times.
  func sinkTroubles(at now: Timestamp) async throws(ExchangeError) -> [SinkTrouble] {
    try await read("read the alerts in") { database in
      try database.rows(
        """
        WITH failing AS (
          SELECT sink FROM sink_failure WHERE in_a_row >= ?1 OR since <= ?2
          UNION SELECT sink FROM outbox WHERE tries >= ?1)
        SELECT failing.sink, (SELECT count(*) FROM outbox AS waiting WHERE waiting.sink = failing.sink),
          coalesce(in_a_row, 0)
        FROM failing LEFT JOIN sink_failure USING (sink) ORDER BY failing.sink
        """, [Self.patience, now.earlier(by: Self.longestWithoutSuccess).millisecondsSince1970]
      ).map { row in
        SinkTrouble(sink: try row.text(0), waiting: Int(try row.int(1)), failuresInARow: Int(try row.int(2)))
      }
    }
  }

  /// Deletes the failures of sinks that the settings no longer name.
  static func forgetFailures(ofAllBut sinks: [String], in database: SQLConnection) throws {
    let failing = try database.rows("SELECT sink FROM sink_failure").map { try $0.text(0) }
    for sink in failing where !sinks.contains(sink) {
      try database.execute("DELETE FROM sink_failure WHERE sink = ?", [sink])
    }
  }
}

/// A failing sink: people do not get its notifications.
///
/// The reason is only logged: a program's output may contain anything.
package struct SinkTrouble: Sendable, Hashable, Codable {
  /// The sink, as the log names it.
  package var sink: String
  /// The number of pending notifications.
  package var waiting: Int
  /// The number of its failures in a row; 0 where it takes some notifications and refuses others.
  package var failuresInARow = 0
}
