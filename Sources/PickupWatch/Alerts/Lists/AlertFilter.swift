internal import FilsluseStore

/// A filter for alerts; a criterion that is `nil` is not applied.
package struct AlertFilter: Sendable, Hashable {
  /// The states of alerts that a list shows.
  package enum State: String, Sendable, Hashable, CaseIterable {
    /// Alerts that are not over.
    case open
    /// Alerts that fire and are not silenced.
    case unattended
    /// Alerts that fire, silenced or not.
    case firing
    /// Acknowledged alerts.
    case acknowledged
    /// Alerts that fire and are silenced.
    case silenced
    /// Resolved alerts.
    case resolved
  }

  /// The criteria that name something.
  package enum Criterion: Sendable, Hashable, CaseIterable {
    case account, infRef, group, municipality
  }

  /// The state.
  package var state: State
  /// The account.
  package var account: String?
  /// The InfRef, as alerts show it.
  package var infRef: ShownInfRef?
  /// The severity.
  package var severity: Finding.Severity?
  /// The kind and the rule.
  package var group: RuleGroup.Key?
  /// The codes and CVR numbers of a municipality; alerts must be about one of them. Empty for any.
  package var municipality: [String]

  /// A filter that all alerts of a state pass.
  package init(
    state: State = .open, account: String? = nil, infRef: ShownInfRef? = nil, severity: Finding.Severity? = nil,
    group: RuleGroup.Key? = nil, municipality: [String] = []
  ) {
    self.state = state
    self.account = account
    self.infRef = infRef
    self.severity = severity
    self.group = group
    self.municipality = municipality
  }

  /// The filter as a condition on the columns of `alert`. Pending alerts pass none: they may never be any.
  var condition: (sql: String, values: [any SQLConvertible]) {
    let (parts, values) = criteria
    return (([state.condition] + parts).joined(separator: " AND "), values)
  }

  /// The conditions besides that on the state.
  var criteria: (sql: [String], values: [any SQLConvertible]) {
    var parts: [String] = []
    var values: [any SQLConvertible] = []
    // A `+` before a column keeps SQLite from using its index: that of the resolved alerts has all columns of the
    // query.
    let sign = state == .resolved ? "+" : ""
    func add(_ column: String, _ value: String?) {
      guard let value else { return }
      parts.append("\(sign)\(column) = ?")
      values.append(value)
    }
    add("account", account)
    add("infref", infRef?.description)
    add("severity", severity?.rawValue)
    if let group {
      parts.append("kind = ? AND rule IS ?")
      values.append(group.kind.rawValue)
      values.append(group.rule)
    }
    if !municipality.isEmpty {
      parts.append("municipality IN (\(municipality.map { _ in "?" }.joined(separator: ", ")))")
      for municipality in municipality { values.append(municipality) }
    }
    return (parts, values)
  }
}

extension AlertFilter.State {
  /// The state as a condition on the columns of `alert`.
  var condition: String {
    switch self {
    case .open: "state != 'resolved' AND state != 'pending'"
    case .unattended: "state != 'resolved' AND state = 'firing' AND silence IS NULL"
    case .firing: "state != 'resolved' AND state = 'firing'"
    case .acknowledged: "state != 'resolved' AND state = 'acknowledged'"
    case .silenced: "state != 'resolved' AND state = 'firing' AND silence IS NOT NULL"
    case .resolved: "state = 'resolved'"
    }
  }
}
