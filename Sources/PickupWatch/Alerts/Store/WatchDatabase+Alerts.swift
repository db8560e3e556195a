public import FileExchange
internal import FilsluseStore
public import FilsluseBase

extension WatchDatabase {
  /// Open alerts first, of them the worst, then the oldest.
  static let listingOrder = "ORDER BY state = 'resolved', severity != 'critical', since, id"

  /// Returns the open alerts, and on request the resolved ones: the worst first, then the oldest.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  public func alerts(all: Bool = false) async throws(ExchangeError) -> [Alert] {
    try await read("read the alerts in") { database in
      try database.rows("SELECT id, document FROM alert \(all ? "" : "WHERE state != 'resolved'") \(Self.listingOrder)")
        .map(Alert.init)
    }
  }

  /// Returns true if a finding has an open alert, false if all its alerts are resolved; `nil` if it has none.
  func hasOpenAlert(of finding: Finding) async throws(ExchangeError) -> Bool? {
    try await read("read the alerts in") { database in
      guard let row = try database.row("SELECT MAX(state != 'resolved') FROM alert WHERE finding_id = ?", [finding.id])
      else { return nil }
      return try row.optionalInt(0).map { $0 == 1 }
    }
  }

  /// Returns the findings of an account's open alerts, without groups.
  ///
  /// - Parameter known: findings that are left out.
  func openFindings(
    of account: String, _ source: FindingSource = .inbox, besides known: Set<Finding.ID> = []
  ) async throws(ExchangeError) -> [Finding] {
    try await read("read the alerts in") { database in
      let rows = try database.rows(
        """
        SELECT id, document, finding_id FROM alert WHERE account = ? AND source = ? AND state != 'resolved' ORDER BY id
        """, [account, source.rawValue])
      var findings: [Finding] = []
      while let row = try rows.next() {
        if known.contains(try row.text(2)) { continue }
        let alert = try Alert(row)
        if alert.group == nil { findings.append(alert.finding) }
      }
      return findings
    }
  }

  /// Returns the alerts of the status page: the open ones, and those resolved lately. Members of a group are left out,
  /// because a group can have one for each file.
  func shown(overSince moment: Timestamp) async throws(ExchangeError) -> [Alert] {
    try await read("read the alerts in") { database in
      // One part for each of the two indices.
      try database.rows(
        """
        SELECT id, document FROM (
          SELECT * FROM alert WHERE state != 'resolved' AND grouped_into IS NULL
          UNION ALL
          SELECT * FROM alert WHERE state = 'resolved' AND resolved > ? AND grouped_into IS NULL
        ) \(Self.listingOrder)
        """, [moment.millisecondsSince1970]
      ).map(Alert.init)
    }
  }

  /// Returns the InfRefs of all alerts, including resolved ones.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  public func infRefs() async throws(ExchangeError) -> [String] {
    try await read("read the alerts in") { database in
      try database.rows("SELECT DISTINCT infref FROM alert WHERE infref IS NOT NULL").map { try $0.text(0) }
    }
  }

  /// The alert of that number, `nil` when there is none.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  public func alert(_ id: Int64) async throws(ExchangeError) -> Alert? {
    try await read("read the alerts in") { database in
      try database.row("SELECT id, document FROM alert WHERE id = ?", [id]).map(Alert.init)
    }
  }

  /// Acknowledges an alert: it is not notified again until it gets worse or is resolved.
  ///
  /// - Returns: the alert in its new state; a failure unless it fires, which says who acknowledged it before and when;
  ///   `nil` when there is none of that number.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, and with code `journal` while the
  ///   server of a shared journal does not say which machine leads the watch.
  public func acknowledge(
    _ id: Int64, by name: String, why: String?, at moment: Timestamp
  ) async throws(ExchangeError) -> Result<Alert, AlertRefusal>? {
    switch try await acknowledge(id, Act(by: name, why: why, at: moment)) {
    case .done(let alert): return .success(alert)
    case .refused(let refusal): return .failure(refusal)
    case .unknown: return nil
    }
  }

  /// Acknowledges an alert, once for each idempotency key.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, and with code `journal` while the
  ///   server of a shared journal does not say which machine leads the watch.
  func acknowledge(_ id: Int64, _ act: Act) async throws(ExchangeError) -> AcknowledgementAnswer {
    try await write("write the acknowledgement to") { database -> AcknowledgementAnswer in
      if let refusal = try Self.refusalOfAct(in: database) { return .refused(refusal) }
      let row = try database.row("SELECT id, document FROM alert WHERE id = ?", [id])
      guard let alert = try row.map(Alert.init) else { return .unknown }
      if try act.earlier(in: database) != nil { return .done(alert) }
      // Nothing is written about an act that is refused.
      do throws(AlertRefusal) {
        var tried = alert
        try tried.acknowledge(by: act.by, why: act.why, at: act.at)
      } catch {
        return .refused(error)
      }
      var change = try AcknowledgementChange(act, .acknowledged, in: database)
      let acknowledged = try change.acknowledge(alert)
      _ = try change.finish()
      return .done(acknowledged)
    }
  }

  /// Deletes alerts that were resolved before a moment, with their lives, their notifications and their outbox entries,
  /// silences that ended before it, and acts that no alert's life refers to any more. Open alerts stay, however old.
  /// The number of a deleted alert is never reused. The records of shown names are kept for 400 days.
  ///
  /// A ``Watcher`` calls this itself every hour, for alerts resolved more than 90 days ago; see <doc:Alerts>.
  ///
  /// - Parameter moment: the moment; alerts resolved at it or later stay.
  /// - Returns: the number of deleted alerts.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  public func forget(endedBefore moment: Timestamp) async throws(ExchangeError) -> Int {
    try await write("forget old alerts in") { database in
      let count = try database.change(
        "DELETE FROM alert WHERE state = 'resolved' AND resolved < ?", [moment.millisecondsSince1970])
      try database.execute("DELETE FROM silence WHERE ends < ?", [moment.millisecondsSince1970])
      try database.execute(
        """
        DELETE FROM act WHERE at < ?1 AND (kind != ?2 OR at < ?3)
          AND NOT EXISTS (SELECT 1 FROM alert_event WHERE alert_event.act = act.id)
        """,
        [
          moment.millisecondsSince1970, Act.Kind.namesShown.rawValue,
          moment.earlier(by: Self.shownNamesKeptLonger).millisecondsSince1970,
        ])
      return count
    }
  }

  /// The additional retention of the records of shown names: 400 days in all.
  private static let shownNamesKeptLonger = Duration.seconds(310 * 86_400)
}
