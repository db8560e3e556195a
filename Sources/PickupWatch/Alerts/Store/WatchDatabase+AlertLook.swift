internal import ExchangeSettings
internal import FileExchange
internal import FilsluseStore
internal import FilsluseBase

extension WatchDatabase {
  /// Applies the findings of a look: the changes of the account's alerts and the notifications for the sinks are
  /// written in one transaction.
  ///
  /// - Returns: the number of notifications written, and the older ones dropped for them.
  func take(
    _ look: AlertLook, settings: AlertSettings, sinks: [String]
  ) async throws(ExchangeError) -> TakenLook {
    try await change(look.account, look.source, at: look.at, settings: settings, sinks: sinks) { machine, silences in
      machine.take(look, silences: silences)
    }
  }

  /// Ends the alerts of inboxes that are no longer watched.
  ///
  /// - Returns: the result of ``take(_:settings:sinks:)`` for each account that had any.
  func endAlerts(
    ofAllBut accounts: Set<String>, at moment: Timestamp, settings: AlertSettings, sinks: [String]
  ) async throws(ExchangeError) -> [TakenLook] {
    let open = try await accountsWithOpenAlerts(of: .inbox)
    var taken: [TakenLook] = []
    for account in open where !accounts.contains(account) {
      taken.append(
        try await change(account, .inbox, at: moment, settings: settings, sinks: sinks) { machine, _ in
          machine.endAll(at: moment)
        })
    }
    return taken
  }

  private func change(
    _ account: String, _ source: FindingSource, at moment: Timestamp, settings: AlertSettings, sinks: [String],
    _ step: @escaping @Sendable (inout AlertStateMachine, [Silence]) -> [AlertEvent]
  ) async throws(ExchangeError) -> TakenLook {
    try await write("write the alerts to") { database in
      let before = try Self.openAlerts(of: account, source, in: database)
      guard let next = try database.int("SELECT next FROM alert_number") else {
        throw DamagedRow(table: "alert_number", id: 1)
      }
      var machine = AlertStateMachine(settings: settings, alerts: before, next: next)
      let silences = try Self.silences(at: moment, in: database)
      let events = step(&machine, silences)
      try Self.save(machine, before: before, at: moment, in: database)
      if machine.next != next {
        try database.execute("UPDATE alert_number SET next = ?", [machine.next])
      }
      guard !sinks.isEmpty, !events.isEmpty else {
        return TakenLook(notificationCount: events.count, sent: machine.sent)
      }
      for event in events { try Self.enqueue(event, to: sinks, at: moment, in: database) }
      let dropped = try sinks.compactMap { try Self.boundQueue(of: $0, at: moment, in: database) }
      return TakenLook(notificationCount: events.count, dropped: dropped, sent: machine.sent)
    }
  }

  private static func openAlerts(
    of account: String, _ source: FindingSource, in database: SQLConnection
  ) throws -> [Alert] {
    try database.rows(
      "SELECT id, document FROM alert WHERE account = ? AND source = ? AND state != 'resolved' ORDER BY id",
      [account, source.rawValue]
    ).map(Alert.init)
  }

  /// The accounts that have alerts of a source that are not over, in the order of their names.
  func accountsWithOpenAlerts(of source: FindingSource) async throws(ExchangeError) -> [String] {
    try await read("read the alerts in") { database in
      try database.rows(
        "SELECT DISTINCT account FROM alert WHERE source = ? AND state != 'resolved' ORDER BY account",
        [source.rawValue]
      ).map { try $0.text(0) }
    }
  }

  /// Writes changed alerts only: most looks change nothing.
  private static func save(
    _ machine: AlertStateMachine, before: [Alert], at moment: Timestamp, in database: SQLConnection
  ) throws {
    let known = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) })
    let left = Set(machine.alerts.map(\.id))
    for alert in before where !left.contains(alert.id) {
      try database.execute("DELETE FROM alert WHERE id = ?", [alert.id])
    }
    for alert in machine.alerts where known[alert.id] != alert {
      try alert.save(in: database)
      try note(alert.changes(since: known[alert.id], at: moment), of: alert.id, in: database)
    }
  }
}

/// The result of applying a look.
struct TakenLook: Sendable {
  /// The number of notifications written.
  let notificationCount: Int
  /// The outbox entries dropped for failing sinks.
  var dropped: [DroppedEntries] = []
  /// The findings that people were sent and that are not over.
  var sent: Set<Finding.ID> = []
}
