internal import FilsluseSystem
internal import GRDB

extension AlertStore {
  /// What the status page shows: the alerts that are not over, and those that were over lately. What is told by a fold
  /// is left out, of which a storm brings as many as there are files.
  ///
  /// - Throws: ``AlertStoreError`` when they cannot be read.
  func shown(overSince moment: Timestamp) async throws(AlertStoreError) -> [Alert] {
    try await read { database in
      // One part for each of the two indices.
      try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM (
            SELECT * FROM alert_alert WHERE state != 'resolved' AND folded_into IS NULL
            UNION ALL
            SELECT * FROM alert_alert WHERE state = 'resolved' AND resolved > ? AND folded_into IS NULL
          ) \(Self.listingOrder)
          """, arguments: [moment.millisecondsSince1970]
      ).map(Alert.init)
    }
  }
}
