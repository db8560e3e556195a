internal import ExchangeSettings
internal import FilsluseSystem
internal import GRDB

extension Journal: ProblemStore {
  func write(observed changes: [ObservedChange]) async throws(ExchangeError) {
    try await write { transaction in
      for change in changes { try ObservedProblem.write(change, in: transaction.database) }
    }
  }

  func observedProblems() async throws(ExchangeError) -> [OpenProblem] {
    try await read { try ObservedProblem.fetchAll($0, withClosed: true) }
  }

  func unfinished(of account: String) async throws(ExchangeError) -> OpenProblem? {
    try await read { try ListedProblems.unfinished(of: account, $0) }
  }

  func queueAlerts(_ selection: AlertSelection) async throws(ExchangeError) {
    let abandoned = try await abandonedDeliveries(of: selection.accounts, at: selection.now)
    try await write { try AlertPlan($0.database, selection, abandoned: abandoned).carryOut() }
  }

  func nextAlert(resting: Set<AlertTopic>) async throws(ExchangeError) -> QueuedAlert? {
    try await read { database in
      let sql = "SELECT id, kind, account, is_resolved, document FROM problem_alert ORDER BY id"
      let rows = try Row.fetchCursor(database.cachedStatement(sql: sql))
      var waiting: Set<AlertTopic> = []
      while let row = try rows.next() {
        guard let kind = OpenProblem.Kind(rawValue: row[1]) else {
          throw DamagedRow(table: "problem_alert", id: row[0])
        }
        let topic = AlertTopic(kind: kind, account: row[2], isResolved: row[3])
        let counterpart = AlertTopic(kind: kind, account: topic.account, isResolved: !topic.isResolved)
        if !resting.contains(topic), !waiting.contains(counterpart) {
          return QueuedAlert(id: row[0], topic: topic, document: row[4])
        }
        waiting.insert(topic)
      }
      return nil
    }
  }

  func removeAlert(_ id: Int64) async throws(ExchangeError) {
    try await write { transaction in
      try transaction.database.execute(sql: "DELETE FROM problem_alert WHERE id = ?", arguments: [id])
    }
  }

  func noteLook(
    into account: String, at moment: Timestamp, nextWithin: Duration?
  ) async throws(ExchangeError) {
    try await writeLook(
      "INSERT OR REPLACE INTO inbox_look (account, at, next_within) VALUES (?, ?, ?)", account, moment, nextWithin)
  }

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
      try transaction.database.execute(sql: sql, arguments: [account, moment.millisecondsSince1970, within])
    }
  }
}
