internal import ExchangeSettings
internal import FilsluseStore
internal import FilsluseBase

extension Journal {
  /// Writes changes of observed problems; one without a problem has ended, with the reason.
  func write(observed changes: [ObservedChange]) async throws(ExchangeError) {
    try await write { transaction in
      for change in changes { try ObservedProblem.write(change, in: transaction.database) }
    }
  }

  /// The observed problems of every process of this machine, closed ones too.
  func observedProblems() async throws(ExchangeError) -> [OpenProblem] {
    try await read { try ObservedProblem.fetchOwn($0) }
  }

  /// Returns the unfinished work of an account that the settings no longer have, as a problem; `nil` where there is
  /// none.
  func unfinished(of account: String) async throws(ExchangeError) -> OpenProblem? {
    try await read { try ListedProblems.unfinished(of: account, $0) }
  }

  /// Compares the open problems with the alerted ones, and queues an alert for the new and one for the resolved ones of
  /// each kind and account.
  func queueAlerts(_ selection: AlertSelection) async throws(ExchangeError) {
    let abandoned = try await abandonedDeliveries(of: selection.accounts, at: selection.now)
    try await write { try AlertPlan($0.database, selection, abandoned: abandoned).carryOut() }
  }

  /// Returns the oldest queued alert that may be sent now; `nil` for none. Alerts of a pausing topic wait, and so do
  /// later ones of its kind and account.
  func nextAlert(resting: Set<AlertTopic>) async throws(ExchangeError) -> QueuedAlert? {
    try await read { database in
      let sql = "SELECT id, kind, account, is_resolved, document FROM problem_alert ORDER BY id"
      let rows = try database.rows(sql)
      var waiting: Set<AlertTopic> = []
      while let row = try rows.next() {
        guard let kind = OpenProblem.Kind(rawValue: try row.text(1)) else {
          throw DamagedRow(table: "problem_alert", id: try row.int(0))
        }
        let topic = AlertTopic(kind: kind, account: try row.text(2), isResolved: try row.bool(3))
        let counterpart = AlertTopic(kind: kind, account: topic.account, isResolved: !topic.isResolved)
        if !resting.contains(topic), !waiting.contains(counterpart) {
          return QueuedAlert(id: try row.int(0), topic: topic, document: try row.text(4))
        }
        waiting.insert(topic)
      }
      return nil
    }
  }

  /// Removes an alert that was sent.
  func removeAlert(_ id: Int64) async throws(ExchangeError) {
    try await write { transaction in
      try transaction.database.execute("DELETE FROM problem_alert WHERE id = ?", [id])
    }
  }

  /// Records a look into an account's IN, and the time within which the next one is due; `nil` if no process promises
  /// one.
  func noteLook(
    into account: String, at moment: Timestamp, nextWithin: Duration?
  ) async throws(ExchangeError) {
    try await writeLook(
      """
      INSERT INTO inbox_look (account, at, next_within) VALUES (?, ?, ?)
      ON CONFLICT (account) DO UPDATE SET at = excluded.at, next_within = excluded.next_within
      """, account, moment, nextWithin)
  }

  /// Records the time within which the next look into an account's IN is due. The time of the last look stays.
  func promiseLook(into account: String, within: Duration) async throws(ExchangeError) {
    try await writeLook(
      """
      INSERT INTO inbox_look (account, at, next_within) VALUES (?, ?, ?)
      ON CONFLICT (account) DO UPDATE SET next_within = excluded.next_within
      """, account, .now, within)
  }

  private func writeLook(
    _ sql: String, _ account: String, _ moment: Timestamp, _ within: Duration?
  ) async throws(ExchangeError) {
    let within = within.map { Int64($0 / .milliseconds(1)) }
    try await write { transaction in
      try transaction.database.executeLater(sql, [account, moment.millisecondsSince1970, within])
    }
  }
}
