internal import FilsluseSystem
internal import GRDB

extension AlertStore {
  /// Returns the alerts of the status page: the open ones, and those that were resolved lately. Members of a group are
  /// left out, because a storm has as many as there are files.
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
