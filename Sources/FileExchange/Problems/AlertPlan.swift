internal import ExchangeSettings
internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

/// The difference between the open problems and the alerted ones: one alert for the new ones, and one for the resolved
/// ones, of each kind and account.
struct AlertPlan {
  /// One alert, before it is queued.
  private struct Alert {
    let topic: AlertTopic
    /// The first problems of the alert.
    let members: [OpenProblem]
    let count: Int
  }

  private let database: SQLConnection
  private let selection: AlertSelection
  /// Problems that no query by a state finds.
  private let listed: [OpenProblem]
  /// Alerts of these wait already.
  private let queued: Set<AlertTopic>

  /// The number of problems that an alert names; it counts all.
  static let mostNamed = 20

  init(_ database: SQLConnection, _ selection: AlertSelection, abandoned: [OpenProblem]) throws {
    self.database = database
    self.selection = selection
    listed = try ListedProblems.fetch(database, of: selection.accounts, at: selection.now) + abandoned
    queued = Set(try QueuedAlert.topics(database))
  }

  /// Queues the alerts, and records their problems as alerted.
  func carryOut() throws {
    for (key, problem) in selection.alertedMeanwhile {
      try AlertedProblem.forget(key, in: database)
      if let problem { try AlertedProblem.note(problem, in: database) }
    }
    let alerted = try AlertedProblem.fetchListed(database)
    // The failure of the alert program is not sent by that program.
    for kind in OpenProblem.Kind.allCases where kind != .alertFails {
      let open = Dictionary(grouping: listed.filter { $0.kind == kind }) { $0.key.account ?? "" }
      let known = Dictionary(grouping: alerted.filter { $0.key.kind == kind }) { $0.key.account ?? "" }
      let accounts = Set(open.keys).union(known.keys).union(selection.accounts.map(\.name))
      for account in accounts.sorted() {
        let query = selection.accounts.first { $0.name == account }
          .flatMap { ProblemQuery(kind, $0, at: selection.now) }
        try queueNew(kind, account, open[account] ?? [], known[account] ?? [], query)
        try queueOver(kind, account, open[account] ?? [], known[account] ?? [], query)
      }
    }
  }

  private func queueNew(
    _ kind: OpenProblem.Kind, _ account: String, _ open: [OpenProblem], _ known: [AlertedProblem],
    _ query: ProblemQuery?
  ) throws {
    let topic = AlertTopic(kind: kind, account: account, isResolved: false)
    guard mayQueue(topic), kind != .inboxNotCollected || selection.isUncollectedKnown else { return }
    let since = Dictionary(known.map { ($0.key, $0.since) }, uniquingKeysWith: { first, _ in first })
    // A problem with a later beginning than the alerted one is a new problem.
    let new = open.filter { problem in
      guard let alerted = since[problem.key] else { return true }
      return kind.beginsOnce && problem.since > alerted
    }
    var members = Array(new.prefix(Self.mostNamed))
    var count = new.count
    if let query {
      let notAlerted = try query.countNotAlerted(in: database)
      if notAlerted > 0 {
        members += try query.notAlerted(in: database, most: Self.mostNamed)
        count += notAlerted
        try query.markAlerted(in: database)
      }
    }
    guard count > 0 else { return }
    for problem in new { try AlertedProblem.note(problem, in: database) }
    try withdrawEnds(of: members, topic)
    try queue(Alert(topic: topic, members: Array(members.prefix(Self.mostNamed)), count: count))
  }

  private func queueOver(
    _ kind: OpenProblem.Kind, _ account: String, _ open: [OpenProblem], _ known: [AlertedProblem],
    _ query: ProblemQuery?
  ) throws {
    let topic = AlertTopic(kind: kind, account: account, isResolved: true)
    guard mayQueue(topic) else { return }
    let openKeys = Set(open.map(\.key))
    var over = known.map(\.key).filter { !openKeys.contains($0) }
    if let query {
      over += try query.over(in: database).map { OpenProblem.Key(kind, account: account, subject: $0) }
    }
    guard !over.isEmpty else { return }
    let members = try over.prefix(Self.mostNamed).map { key in
      let ending = try AlertedProblem.ending(of: key, in: database)
      return OpenProblem(
        key, observed: LocalizedText(da: ending.danish, en: ending.description), since: selection.now)
    }
    for key in over { try AlertedProblem.forget(key, in: database) }
    try queue(Alert(topic: topic, members: members, count: over.count))
  }

  /// Returns true if problems of the topic may be queued: no alert of it is queued, or the queued one waits for the end
  /// of a pause. One that may be in sending is not changed.
  private func mayQueue(_ topic: AlertTopic) -> Bool { selection.resting.contains(topic) || !queued.contains(topic) }

  private func queue(_ alert: Alert) throws {
    if queued.contains(alert.topic) {
      return try change(alert.topic) { $0.add(alert.members, count: alert.count, at: selection.now) }
    }
    let document = AlertDocument(alert.topic, alert.members, count: alert.count, at: selection.now)
    try database.execute(
      "INSERT INTO problem_alert (kind, account, is_resolved, document) VALUES (?, ?, ?, ?)",
      [alert.topic.kind.rawValue, alert.topic.account, alert.topic.isResolved, document.text])
  }

  /// Removes reopened problems from the alert about their end that waits for the end of a pause.
  private func withdrawEnds(of members: [OpenProblem], _ topic: AlertTopic) throws {
    let ends = AlertTopic(kind: topic.kind, account: topic.account, isResolved: true)
    guard queued.contains(ends), selection.resting.contains(ends) else { return }
    try change(ends) { document in
      for member in members { _ = document.remove(member.key.subject) }
    }
  }

  /// Changes an alert that waits for the end of a pause; removes it if it has no problem left.
  private func change(_ topic: AlertTopic, _ change: (inout AlertDocument) -> Void) throws {
    let row = try database.row(
      """
      SELECT id, document FROM problem_alert WHERE kind = ? AND account = ? AND is_resolved = ?
      ORDER BY id DESC LIMIT 1
      """, [topic.kind.rawValue, topic.account, topic.isResolved])
    guard let row else { return }
    var document = try AlertDocument(text: try row.text(1))
    change(&document)
    if document.count > 0 {
      try database.execute(
        "UPDATE problem_alert SET document = ? WHERE id = ?", [document.text, try row.int(0)])
    } else {
      try database.execute("DELETE FROM problem_alert WHERE id = ?", [try row.int(0)])
    }
  }
}

extension OpenProblem.Kind {
  /// True if its beginning stays the same while it is open, so that a later one means another problem.
  var beginsOnce: Bool {
    switch self {
    case .removedUnfinished, .inboxNotCollected: false
    default: true
    }
  }
}

/// A problem that a person was alerted about.
struct AlertedProblem {
  let key: OpenProblem.Key
  let since: Timestamp

  /// Notes that people were alerted to a problem.
  static func note(_ problem: OpenProblem, in database: SQLConnection) throws {
    try database.execute(
      """
      INSERT INTO alerted_problem (kind, account, subject, since, message, danish) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (kind, account, subject) DO UPDATE SET since = excluded.since, message = excluded.message,
        danish = excluded.danish, ending = NULL, danish_ending = NULL
      """,
      [
        problem.kind.rawValue, problem.key.account ?? "", problem.key.subject, problem.since.millisecondsSince1970,
        problem.message, problem.danish,
      ])
  }

  /// Removes the record of a problem after people were alerted to its end.
  static func forget(_ key: OpenProblem.Key, in database: SQLConnection) throws {
    try database.execute(
      "DELETE FROM alerted_problem WHERE kind = ? AND account = ? AND subject = ?",
      [key.kind.rawValue, key.account ?? "", key.subject])
  }

  /// Returns the problems that no query by a state finds.
  static func fetchListed(_ database: SQLConnection) throws -> [AlertedProblem] {
    let found = OpenProblem.Kind.allCases.filter(\.isFoundByQuery).map { "'\($0.rawValue)'" }.joined(separator: ", ")
    let sql = "SELECT kind, account, subject, since FROM alerted_problem WHERE kind NOT IN (\(found)) ORDER BY since"
    return try database.rows(sql).compactMap { row in
      guard let kind = OpenProblem.Kind(rawValue: try row.text(0)) else { return nil }
      let account = try row.text(1)
      let key = OpenProblem.Key(kind, account: account.isEmpty ? nil : account, subject: try row.text(2))
      if key.isFoundByQuery { return nil }
      return AlertedProblem(key: key, since: Timestamp(millisecondsSince1970: try row.int(3)))
    }
  }

  /// Returns the reason why an alerted problem ended.
  static func ending(of key: OpenProblem.Key, in database: SQLConnection) throws -> ProblemEnding {
    let id: [any SQLConvertible] = [key.kind.rawValue, key.account ?? "", key.subject]
    let alerted = try database.row(
      """
      SELECT ending, message, danish_ending FROM alerted_problem WHERE kind = ? AND account = ? AND subject = ?
      """, id)
    if let ending = try alerted?.optionalText(0) {
      return .observed(LocalizedText(da: try alerted?.optionalText(2) ?? ending, en: ending))
    }
    let closed = try database.row(
      "SELECT reason FROM closed_problem WHERE kind = ? AND account = ? AND subject = ? ORDER BY closed_at DESC", id)
    if let closed { return .closed(key.subject, reason: try closed.text(0)) }
    guard let number = key.number else { return .unexplained(try alerted?.optionalText(1) ?? key.kind.explanation) }
    let table = number.hasPrefix("D") ? "delivery" : "arrival"
    let row = try database.row("SELECT wire_name, state FROM \(table) WHERE id = ?", [Int64(number.dropFirst())])
    guard let row else { return .forgotten(number) }
    let name = Masked.name(try row.text(0))
    guard let state = SubjectState(name: try row.text(1)) else {
      throw DamagedRow(table: table, id: Int64(number.dropFirst()) ?? 0)
    }
    if key.kind == .refused, state == .delivery(.refused) { return .sentAgain(number, name: name) }
    return .changed(number, name: name, state: state)
  }
}

extension QueuedAlert {
  static func topics(_ database: SQLConnection) throws -> [AlertTopic] {
    try database.rows("SELECT DISTINCT kind, account, is_resolved FROM problem_alert").compactMap { row in
      guard let kind = OpenProblem.Kind(rawValue: try row.text(0)) else { return nil }
      return AlertTopic(kind: kind, account: try row.text(1), isResolved: try row.bool(2))
    }
  }
}

/// The selection of problems to compare with the alerted ones.
struct AlertSelection: Sendable {
  /// The accounts of the settings.
  let accounts: [Account]
  let now: Timestamp
  /// Kinds and accounts that had an alert a moment ago: their next alert waits, and takes new problems until it is
  /// sent.
  var resting: Set<AlertTopic> = []
  /// True once an IN that was never looked into counts as a problem: there was time for a look.
  var isUncollectedKnown = true
  /// Problems alerted while the journal could not be read or written, by whether they are open.
  var alertedMeanwhile: [OpenProblem.Key: OpenProblem?] = [:]
}

/// The grouping key of alerts.
struct AlertTopic: Sendable, Hashable {
  let kind: OpenProblem.Kind
  let account: String
  let isResolved: Bool
}

/// An alert that waits for its program.
struct QueuedAlert: Sendable {
  let id: Int64
  let topic: AlertTopic
  /// The document on the program's standard input.
  let document: String
}
