public import FilsluseSystem
internal import GRDB

extension AlertStore {
  /// Open alerts first, of them the worst, then the oldest.
  static let listingOrder = "ORDER BY state = 'resolved', severity != 'critical', first_seen, id"

  /// Returns the open alerts, and on request the resolved ones: the worst first, then the oldest.
  ///
  /// - Throws: ``AlertStoreError`` when they cannot be read.
  public func alerts(all: Bool = false) async throws(AlertStoreError) -> [Alert] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM alert_alert \(all ? "" : "WHERE state != 'resolved'") \(Self.listingOrder)
          """
      ).map(Alert.init)
    }
  }

  /// Returns the findings of an account's open alerts, without groups.
  func openFindings(
    of account: String, _ source: FindingSource
  ) async throws(AlertStoreError) -> [Finding] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM alert_alert WHERE account = ? AND state != 'resolved' AND fold IS NULL ORDER BY id",
        arguments: [account]
      ).map { try Alert($0).finding }.filter { $0.source == source }
    }
  }

  /// Returns true if there is an alert of a finding's identity, open or over.
  ///
  /// - Throws: ``AlertStoreError`` when it cannot be read.
  func hasAlert(of finding: Finding) async throws(AlertStoreError) -> Bool {
    try await read { database in
      try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM alert_alert WHERE account = ? AND kind = ? AND subject = ?)",
        arguments: [finding.account, finding.kind.rawValue, finding.subject]) ?? false
    }
  }

  /// The InfRefs that alerts are about, those that are over included.
  ///
  /// - Throws: ``AlertStoreError`` when they cannot be read.
  public func infRefs() async throws(AlertStoreError) -> [String] {
    try await read { database in
      try String.fetchAll(database, sql: "SELECT DISTINCT infref FROM alert_alert WHERE infref IS NOT NULL")
    }
  }

  /// The alert of that number, `nil` when there is none.
  ///
  /// - Throws: ``AlertStoreError`` when it cannot be read.
  public func alert(_ id: Int64) async throws(AlertStoreError) -> Alert? {
    try await read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM alert_alert WHERE id = ?", arguments: [id]).map(Alert.init)
    }
  }

  /// Acknowledges an alert: it is not notified again until it gets worse or is resolved.
  ///
  /// - Returns: the alert in its new state; `nil` when there is none of that number.
  /// - Throws: ``AlertStoreError`` when it cannot be written.
  public func acknowledge(
    _ id: Int64, by name: String, why: String?, at moment: Timestamp
  ) async throws(AlertStoreError) -> Result<Alert, AlertRefusal>? {
    try await write("write the acknowledgement to") { database in
      let row = try Row.fetchOne(database, sql: "SELECT * FROM alert_alert WHERE id = ?", arguments: [id])
      guard var alert = try row.map(Alert.init) else { return nil }
      do throws(AlertRefusal) {
        try alert.acknowledge(by: name, why: why, at: moment)
      } catch {
        return .failure(error)
      }
      try alert.save(in: database)
      return .success(alert)
    }
  }

  /// Forgets alerts that were over before a moment, and silences that ended before it.
  ///
  /// - Returns: how many alerts it forgot.
  /// - Throws: ``AlertStoreError`` when it cannot be written.
  public func forget(endedBefore moment: Timestamp) async throws(AlertStoreError) -> Int {
    try await write("forget old alerts in") { database in
      try database.execute(
        sql: "DELETE FROM alert_alert WHERE state = 'resolved' AND resolved < ?",
        arguments: [moment.millisecondsSince1970])
      let count = database.changesCount
      try database.execute(
        sql: "DELETE FROM alert_silence WHERE ends < ?", arguments: [moment.millisecondsSince1970])
      return count
    }
  }
}
