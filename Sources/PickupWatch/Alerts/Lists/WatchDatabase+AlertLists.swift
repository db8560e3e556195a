package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

extension WatchDatabase {
  /// The number of groups that are listed: kinds and rules are few, but settings may have thousands of accounts.
  private static let mostGroups = 500

  /// Returns the open alerts by kind and rule, the worst group first, then the oldest. Alerts of groups are left out,
  /// since their members are counted.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func ruleGroups(_ filter: AlertFilter = AlertFilter()) async throws(ExchangeError) -> [RuleGroup] {
    try await read("read the alerts in") { database in
      var open = filter
      if open.state == .resolved { open.state = .open }
      let (condition, values) = open.condition
      let groups = try database.rows(
        """
        SELECT kind, rule, sum(alerts), count(*), sum(critical), sum(acknowledged), sum(silenced), min(oldest) FROM (
          SELECT kind, rule, account, count(*) AS alerts, sum(severity = 'critical') AS critical,
            sum(state = 'acknowledged') AS acknowledged,
            sum(state != 'acknowledged' AND silence IS NOT NULL) AS silenced, min(since) AS oldest
          FROM alert WHERE \(condition) AND kind != 'many-findings' GROUP BY kind, rule, account)
        GROUP BY kind, rule ORDER BY sum(critical) = 0, min(oldest), kind, rule LIMIT \(Self.mostGroups)
        """, values
      ).map { row in
        RuleGroup(
          key: RuleGroup.Key(kind: Finding.Kind(rawValue: try row.text(0)), rule: try row.optionalText(1)),
          alerts: Int(try row.int(2)), inboxes: Int(try row.int(3)), critical: Int(try row.int(4)),
          acknowledged: Int(try row.int(5)), silenced: Int(try row.int(6)),
          oldest: Timestamp(millisecondsSince1970: try row.int(7)))
      }
      return try groups.map { group in
        var group = group
        group.rule = try Self.example(of: group.key, in: database)?.finding.rule
        return group
      }
    }
  }

  /// Returns an open alert of a group, for the properties that all of them share; `nil` if there is none.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func example(of key: RuleGroup.Key) async throws(ExchangeError) -> Alert? {
    try await read("read the alerts in") { try Self.example(of: key, in: $0) }
  }

  private static func example(of key: RuleGroup.Key, in database: SQLConnection) throws -> Alert? {
    try database.row(
      "SELECT id, document FROM alert WHERE kind = ? AND rule IS ? AND state != 'resolved' LIMIT 1",
      [key.kind.rawValue, key.rule]
    ).map(Alert.init)
  }

  /// Returns the alerts that match a filter: open ones by severity and then age, resolved ones with the latest first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func alerts(_ filter: AlertFilter, _ page: PageNumber) async throws(ExchangeError) -> Paged<Alert> {
    try await read("read the alerts in") { database in
      let (condition, values) = filter.condition
      let order =
        filter.state == .resolved ? "resolved DESC, id DESC" : "severity != 'critical', since, id"
      let total = try database.int("SELECT count(*) FROM alert WHERE \(condition)", values) ?? 0
      // The numbers are read from an index only, and then just the documents of the page.
      let alerts = try database.rows(
        """
        SELECT id, document FROM alert WHERE id IN (
          SELECT id FROM alert WHERE \(condition) ORDER BY \(order) LIMIT \(page.size) OFFSET \(page.offset))
        ORDER BY \(order)
        """, values
      ).map(Alert.init)
      return Paged(alerts, of: Int(total), page)
    }
  }

  /// Returns true if an alert, open or resolved, has that value in a column.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func hasAlert(_ column: AlertColumn, _ value: String) async throws(ExchangeError) -> Bool {
    let column = column.rawValue
    return try await read("read the alerts in") { database in
      // Each of the two is read from one index.
      try database.int(
        """
        SELECT EXISTS (SELECT 1 FROM alert WHERE state != 'resolved' AND \(column) = ?1)
          OR EXISTS (SELECT 1 FROM alert WHERE state = 'resolved' AND \(column) = ?1)
        """, [value]) == 1
    }
  }

  /// Returns true if an alert, open or resolved, is of a group.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func hasAlert(of group: RuleGroup.Key) async throws(ExchangeError) -> Bool {
    try await read("read the alerts in") { database in
      try database.int(
        """
        SELECT EXISTS (SELECT 1 FROM alert WHERE state != 'resolved' AND kind = ?1 AND rule IS ?2)
          OR EXISTS (SELECT 1 FROM alert WHERE state = 'resolved' AND kind = ?1 AND rule IS ?2)
        """, [group.kind.rawValue, group.rule]) == 1
    }
  }

  /// The columns of alerts that ``hasAlert(_:_:)`` looks at; the indexes of open and of resolved alerts hold them.
  enum AlertColumn: String {
    case account
    case infRef = "infref"
    case municipality
  }

  /// Returns all alerts that match a filter, open ones first, of them the worst, then the oldest.
  ///
  /// - Parameters:
  ///   - filter: the filter; its state counts for nothing.
  ///   - state: the state; `nil` for the open alerts with those that are pending.
  ///   - all: true for the resolved alerts too.
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func alerts(
    matching filter: AlertFilter, in state: AlertFilter.State?, all: Bool = false
  ) async throws(ExchangeError) -> [Alert] {
    try await read("read the alerts in") { database in
      let (criteria, values) = filter.criteria
      let states = state.map(\.condition) ?? (all ? "1" : "state != 'resolved'")
      let condition = ([states] + criteria).joined(separator: " AND ")
      return try database.rows("SELECT id, document FROM alert WHERE \(condition) \(Self.listingOrder)", values)
        .map(Alert.init)
    }
  }

  /// Returns the members of a group, the open ones first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func members(of group: Int64, _ page: PageNumber) async throws(ExchangeError) -> Paged<Alert> {
    try await read("read the alerts in") { database in
      let total = try database.int("SELECT count(*) FROM alert WHERE grouped_into = ?", [group]) ?? 0
      let order = "state = 'resolved', since, id"
      // Only the documents of the page are read.
      let alerts = try database.rows(
        """
        SELECT id, document FROM alert WHERE id IN (
          SELECT id FROM alert WHERE grouped_into = ? ORDER BY \(order) LIMIT \(page.size) OFFSET \(page.offset))
        ORDER BY \(order)
        """, [group]
      ).map(Alert.init)
      return Paged(alerts, of: Int(total), page)
    }
  }

  /// Returns the alerts about the same subjects of an account, the last ones first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  func alerts(of account: String, about subjects: Set<String>) async throws(ExchangeError) -> [Alert] {
    try await read("read the alerts in") { database in
      try subjects.flatMap { subject in
        try database.rows(
          "SELECT id, document FROM alert WHERE account = ? AND subject = ? ORDER BY id DESC LIMIT 50",
          [account, subject]
        ).map(Alert.init)
      }.sorted { $0.id > $1.id }
    }
  }

  /// The number of open alerts of an account.
  package struct OpenAlertCounts: Sendable, Hashable {
    /// Critical ones that wait for a person.
    package var critical = 0
    /// Warnings that wait for a person.
    package var warnings = 0
    /// Acknowledged ones.
    package var acknowledged = 0
    /// Silenced ones that are not acknowledged.
    package var silenced = 0

    /// No alerts.
    package init() {}
  }

  /// Returns the number of open alerts of each account that has any. Alerts of groups are left out, since their members
  /// are counted.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  package func openAlertCounts() async throws(ExchangeError) -> [String: OpenAlertCounts] {
    try await read("read the alerts in") { database in
      let rows = try database.rows(
        """
        SELECT account, sum(critical), sum(warnings), sum(acknowledged), sum(silenced) FROM (
          SELECT account, sum(state = 'firing' AND silence IS NULL AND severity = 'critical') AS critical,
            sum(state = 'firing' AND silence IS NULL AND severity != 'critical') AS warnings,
            sum(state = 'acknowledged') AS acknowledged, sum(state = 'firing' AND silence IS NOT NULL) AS silenced
          FROM alert WHERE state != 'resolved' AND state != 'pending' AND kind != 'many-findings'
          GROUP BY kind, rule, account)
        GROUP BY account
        """)
      var counts: [String: OpenAlertCounts] = [:]
      while let row = try rows.next() {
        var count = OpenAlertCounts()
        count.critical = Int(try row.int(1))
        count.warnings = Int(try row.int(2))
        count.acknowledged = Int(try row.int(3))
        count.silenced = Int(try row.int(4))
        counts[try row.text(0)] = count
      }
      return counts
    }
  }
}
