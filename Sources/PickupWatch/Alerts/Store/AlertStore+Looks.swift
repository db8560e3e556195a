internal import ExchangeSettings
internal import FilsluseSystem
internal import GRDB

extension AlertStore {
  /// Applies a look: the changes of the account's alerts and the notifications for the sinks are written in one
  /// transaction.
  ///
  /// - Returns: the number of notifications written, and the older ones dropped for them.
  func take(
    _ look: AlertLook, settings: AlertSettings, sinks: [String]
  ) async throws(AlertStoreError) -> TakenLook {
    try await change(look.account, look.source, at: look.at, settings: settings, sinks: sinks) { book, silences in
      book.take(look, silences: silences)
    }
  }

  /// Ends the alerts of inboxes that are no longer watched.
  ///
  /// - Returns: for each account that had any, what ``take(_:settings:sinks:)`` returns.
  func endAlerts(
    ofAllBut accounts: Set<String>, at moment: Timestamp, settings: AlertSettings, sinks: [String]
  ) async throws(AlertStoreError) -> [TakenLook] {
    let open = try await accountsWithOpenAlerts(of: .inbox)
    var taken: [TakenLook] = []
    for account in open where !accounts.contains(account) {
      taken.append(
        try await change(account, .inbox, at: moment, settings: settings, sinks: sinks) { book, _ in
          book.endAll(at: moment)
        })
    }
    return taken
  }

  private func change(
    _ account: String, _ source: FindingSource, at moment: Timestamp, settings: AlertSettings, sinks: [String],
    _ step: @escaping @Sendable (inout AlertStateMachine, [Silence]) -> [AlertEvent]
  ) async throws(AlertStoreError) -> TakenLook {
    let wording = AlertWording(settings.language, clock: settings.wallClock)
    return try await write("write the alerts to") { database in
      let before = try Self.openAlerts(of: account, source, in: database)
      let store = try Self.identity(in: database)
      var book = AlertStateMachine(settings: settings, alerts: before, next: store.next)
      let silences = try Self.silences(at: moment, in: database)
      let tidings = step(&book, silences)
      try Self.save(book, before: before, in: database)
      if book.next != store.next {
        try database.execute(sql: "UPDATE alert_store SET next = ?", arguments: [book.next])
      }
      guard !sinks.isEmpty, !tidings.isEmpty else { return TakenLook(notices: tidings.count, sent: book.sent) }
      for tiding in tidings {
        let notice = AlertNotification(tiding, store: store.id, wording: wording)
        try Self.owe(notice, body: try notice.json(), to: sinks, at: moment, in: database)
      }
      let dropped = try sinks.compactMap { try Self.boundQueue(of: $0, in: database) }
      return TakenLook(notices: tidings.count, dropped: dropped, sent: book.sent)
    }
  }

  private static func openAlerts(
    of account: String, _ source: FindingSource, in database: Database
  ) throws -> [Alert] {
    try Row.fetchAll(
      database, sql: "SELECT * FROM alert_alert WHERE account = ? AND state != 'resolved' ORDER BY id",
      arguments: [account]
    ).map(Alert.init).filter { $0.finding.source == source }
  }

  /// The accounts that have alerts of a source that are not over, in the order of their names.
  func accountsWithOpenAlerts(of source: FindingSource) async throws(AlertStoreError) -> [String] {
    try await read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT DISTINCT account, kind, CASE kind WHEN 'many-findings' THEN subject ELSE '' END FROM alert_alert
          WHERE state != 'resolved' ORDER BY account
          """)
      return rows.reduce(into: []) { accounts, row in
        let finding = Finding(
          kind: Finding.Kind(rawValue: row[1]), severity: .warning, account: row[0], subject: row[2])
        if finding.source == source, accounts.last != finding.account { accounts.append(finding.account) }
      }
    }
  }

  private static func identity(in database: Database) throws -> (id: String, next: Int64) {
    guard let row = try Row.fetchOne(database, sql: "SELECT id, next FROM alert_store") else {
      throw DamagedAlert(id: 0)
    }
    return (row["id"], row["next"])
  }

  /// Writes what has changed and nothing else: most looks change nothing.
  private static func save(_ book: AlertStateMachine, before: [Alert], in database: Database) throws {
    let known = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0) })
    let left = Set(book.alerts.map(\.id))
    for alert in before where !left.contains(alert.id) {
      try database.execute(sql: "DELETE FROM alert_alert WHERE id = ?", arguments: [alert.id])
    }
    for alert in book.alerts where known[alert.id].map({ !$0.isStored(as: alert) }) ?? true {
      try alert.save(in: database)
    }
  }
}

extension Alert {
  /// Returns true if their rows are the same.
  fileprivate func isStored(as other: Alert) -> Bool {
    var (one, other) = (self, other)
    one.fold?.oldest = []
    other.fold?.oldest = []
    return one == other
  }
}

/// The result of applying a look.
struct TakenLook: Sendable {
  /// The number of notifications written.
  let notices: Int
  /// The outbox entries dropped for failing sinks.
  var dropped: [DroppedEntries] = []
  /// The findings that people were sent and that are not over.
  var sent: Set<Finding.ID> = []
}
