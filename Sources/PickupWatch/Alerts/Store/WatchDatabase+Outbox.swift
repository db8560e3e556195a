package import FileExchange
package import FilsluseBase
internal import FilsluseStore

/// A notification that a sink is still to be sent.
struct OutboxEntry: Sendable, Hashable, Identifiable {
  /// The id of the database that saw its alert first.
  let origin: String
  /// The id of the database that wrote its notification.
  let author: String
  let event: AlertEvent
  /// The number of failed tries.
  let tries: Int

  /// The ``AlertNotification/id`` of its notification.
  var id: String { event.id(from: origin, by: author) }
}

extension WatchDatabase {
  /// The outbox limit of a sink that never answers. Beyond it only the newest notification of each alert is kept, and
  /// those of resolved alerts are dropped if that is not enough.
  static let mostPending = 500
  /// The number of failures after which a notification is dropped for a newer one of the same alert; after that number
  /// of failures in a row a sink counts as failing.
  static let patience = 3

  static func enqueue(
    _ event: AlertEvent, to sinks: [String], at moment: Timestamp, in database: SQLConnection
  ) throws {
    let alert = event.alert
    try database.execute(
      """
      INSERT INTO notification (alert, number, reason, author, document)
      VALUES (?, ?, ?, (SELECT database FROM alert_number), ?)
      """,
      [alert.id, alert.notificationCount, event.reason.rawValue, try alert.document])
    for sink in sinks {
      // An unsent repetition is replaced by this one, which says the same.
      try database.execute(
        """
        DELETE FROM outbox WHERE sink = ? AND alert = ? AND number IN
          (SELECT number FROM notification WHERE alert = ? AND reason = 'repeated')
        """, [sink, alert.id, alert.id])
      try database.execute(
        "INSERT INTO outbox (sink, alert, number, tries, next_try) VALUES (?, ?, ?, 0, ?)",
        [sink, alert.id, alert.notificationCount, moment.millisecondsSince1970])
    }
    try dropUnowedNotices(of: alert.id, in: database)
  }

  /// Keeps a sink's outbox within bounds, without losing the newest state of any open alert.
  ///
  /// - Returns: the dropped entries; `nil` when there are none.
  static func boundQueue(
    of sink: String, at moment: Timestamp, in database: SQLConnection
  ) throws -> DroppedEntries? {
    let count = try database.int("SELECT count(*) FROM outbox WHERE sink = ?", [sink])
    guard let count, count > mostPending else { return nil }
    let overtaken = try database.rows(
      """
      DELETE FROM outbox WHERE sink = ?1 AND number < (SELECT max(newer.number) FROM outbox AS newer
        WHERE newer.sink = ?1 AND newer.alert = outbox.alert) RETURNING alert
      """, [sink]
    ).map { try $0.int(0) }
    let surplus = Int(count) - overtaken.count - mostPending
    var ended: [Int64] = []
    if surplus > 0 {
      ended = try database.rows(
        """
        DELETE FROM outbox WHERE sink = ?1 AND alert IN (SELECT waiting.alert FROM outbox AS waiting
          JOIN alert ON alert.id = waiting.alert
          WHERE waiting.sink = ?1 AND state = 'resolved' ORDER BY resolved LIMIT ?2) RETURNING alert
        """, [sink, surplus]
      ).map { try $0.int(0) }
    }
    try dropUnowedNotices(of: nil, in: database)
    for alert in ended { try note(.dropped, .resolved, of: alert, to: sink, at: moment, in: database) }
    let dropped = DroppedEntries(sink: sink, overtaken: overtaken, ended: ended)
    return dropped.count > 0 ? dropped : nil
  }

  /// Removes sinks that are no longer in the settings. Their outbox entries go to the new sinks: a person has corrected
  /// a wrong address, and its pending notifications are still to be sent.
  func keepOnly(sinks: [String]) async throws(ExchangeError) {
    try await write("write the alerts to") { database in
      let known = try Set(database.rows("SELECT name FROM sink").map { try $0.text(0) })
      // Without a record of earlier sinks, none counts as new.
      let new = known.isEmpty ? [] : sinks.filter { !known.contains($0) }
      let addressed = try database.rows("SELECT DISTINCT sink FROM outbox").map { try $0.text(0) }
      for sink in addressed where !sinks.contains(sink) {
        for heir in new {
          try database.execute(
            """
            INSERT INTO outbox (sink, alert, number, tries, next_try)
            SELECT ?, alert, number, 0, 0 FROM outbox WHERE sink = ? ON CONFLICT DO NOTHING
            """, [heir, sink])
        }
        try database.execute("DELETE FROM outbox WHERE sink = ?", [sink])
      }
      try Self.forgetFailures(ofAllBut: sinks, in: database)
      try Self.dropUnowedNotices(of: nil, in: database)
      guard known != Set(sinks) else { return }
      try database.execute("DELETE FROM sink")
      for sink in sinks {
        try database.execute("INSERT INTO sink VALUES (?) ON CONFLICT DO NOTHING", [sink])
      }
    }
  }

  /// Drops notifications that this version cannot read, which would otherwise block all later ones.
  ///
  /// - Returns: their numbers, as `alert-number`.
  func dropUnreadable() async throws(ExchangeError) -> [String] {
    try await write("write the alerts to") { database in
      var unreadable: [(alert: Int64, number: Int64)] = []
      let rows = try database.rows("SELECT alert, number, reason, document FROM notification")
      while let row = try rows.next() {
        if AlertEvent(reason: try row.text(2), document: try row.text(3)) == nil {
          unreadable.append((try row.int(0), try row.int(1)))
        }
      }
      for entry in unreadable {
        try database.execute(
          "DELETE FROM notification WHERE alert = ? AND number = ?", [entry.alert, entry.number])
      }
      return unreadable.map { "\($0.alert)-\($0.number)" }
    }
  }

  /// The longest back-off that a sink may request by `Retry-After`; after it the sink is offered a notification in any
  /// case.
  static let longestRest = Duration.seconds(3600)

  /// Returns the next notification for a sink, except those in `sent`: the oldest of each alert first; `nil` during the
  /// sink's back-off. A due time further ahead than the longest pause or back-off is ignored: the clock was set back.
  func due(
    to sink: String, at now: Timestamp, longestPause longest: Duration, besides sent: Set<String> = []
  ) async throws(ExchangeError) -> OutboxEntry? {
    try await read("read the alerts in") { database in
      let rows = try database.rows(
        """
        SELECT notification.reason, notification.document, tries, alert.origin, notification.author
        FROM outbox AS waiting JOIN notification USING (alert, number) JOIN alert ON alert.id = waiting.alert
        WHERE sink = ?1 AND (next_try <= ?2 OR next_try > ?3) AND \(Self.isOldestOfItsAlert)
          AND NOT EXISTS (SELECT 1 FROM sink_failure AS failure
            WHERE failure.sink = ?1 AND rests_until > ?2 AND rests_until <= ?5)
        ORDER BY next_try, waiting.alert LIMIT ?4
        """,
        [
          sink, now.millisecondsSince1970, now.later(by: longest).millisecondsSince1970, sent.count + 1,
          now.later(by: Self.longestRest).millisecondsSince1970,
        ])
      while let row = try rows.next() {
        guard let event = AlertEvent(reason: try row.text(0), document: try row.text(1)) else {
          throw DamagedRow(table: "notification", id: 0)
        }
        let entry = OutboxEntry(
          origin: try row.text(3), author: try row.text(4), event: event, tries: Int(try row.int(2)))
        if !sent.contains(entry.id) { return entry }
      }
      return nil
    }
  }

  /// The condition that a notification is the oldest of its alert: notifications of one alert are sent in order.
  private static let isOldestOfItsAlert = """
    NOT EXISTS (SELECT 1 FROM outbox AS older
      WHERE older.sink = ?1 AND older.alert = waiting.alert AND older.number < waiting.number)
    """

  /// Returns the due time of a sink's next notification; `nil` for none.
  package func nextDue(to sink: String) async throws(ExchangeError) -> Timestamp? {
    try await read("read the alerts in") { database in
      try database.int(
        """
        SELECT max(min(next_try), coalesce((SELECT rests_until FROM sink_failure WHERE sink = ?1), 0))
        FROM outbox AS waiting WHERE sink = ?1 AND \(Self.isOldestOfItsAlert)
        """, [sink]
      ).map(Timestamp.init(millisecondsSince1970:))
    }
  }

  /// Returns the number of a sink's pending notifications.
  func entry(to sink: String) async throws(ExchangeError) -> Int {
    try await read("read the alerts in") { database in
      Int(try database.int("SELECT count(*) FROM outbox WHERE sink = ?", [sink]) ?? 0)
    }
  }

  /// Notes that a sink has a notification.
  func noteSent(_ entry: OutboxEntry, to sink: String, at moment: Timestamp) async throws(ExchangeError) {
    let alert = entry.event.alert
    try await write("write the alerts to") { database in
      try database.execute(
        "DELETE FROM outbox WHERE sink = ? AND alert = ? AND number = ?", [sink, alert.id, alert.notificationCount])
      try database.execute("DELETE FROM sink_failure WHERE sink = ?", [sink])
      try Self.dropUnowedNotices(of: alert.id, in: database)
      try Self.note(.sent, entry.event.reason, of: alert.id, to: sink, at: moment, in: database)
    }
  }

  /// Records that a sink did not accept a notification, and the time of the next try.
  ///
  /// - Parameter rest: the end of the back-off that the sink requested; `nil` for none.
  func noteFailure(
    _ entry: OutboxEntry, to sink: String, at moment: Timestamp, reason: String, nextTry: Timestamp,
    restUntil rest: Timestamp? = nil
  ) async throws(ExchangeError) {
    let alert = entry.event.alert
    try await write("write the alerts to") { database in
      try database.execute(
        """
        INSERT INTO sink_failure VALUES (?, 1, ?, ?)
        ON CONFLICT (sink) DO UPDATE SET in_a_row = in_a_row + 1, rests_until = excluded.rests_until
        """, [sink, moment.millisecondsSince1970, rest?.millisecondsSince1970])
      try database.execute(
        """
        UPDATE outbox SET tries = tries + 1, next_try = ?, failure = ? WHERE sink = ? AND alert = ? AND number = ?
        """, [nextTry.millisecondsSince1970, reason, sink, alert.id, alert.notificationCount])
      try database.execute(
        """
        DELETE FROM outbox WHERE sink = ?1 AND alert = ?2 AND number = ?3 AND tries >= ?4 AND EXISTS
          (SELECT 1 FROM outbox AS newer WHERE newer.sink = ?1 AND newer.alert = ?2 AND newer.number > ?3)
        """, [sink, alert.id, alert.notificationCount, Self.patience])
      try Self.dropUnowedNotices(of: alert.id, in: database)
      // The further tries of the same notification are of no interest.
      if entry.tries == 0 {
        try Self.note(.notTaken, entry.event.reason, of: alert.id, to: sink, at: moment, in: database)
      }
    }
  }

  /// A notification without an outbox entry has done its work.
  private static func dropUnowedNotices(of alert: Int64?, in database: SQLConnection) throws {
    let hasNoEntry = """
      NOT EXISTS (SELECT 1 FROM outbox AS waiting
        WHERE waiting.alert = notification.alert AND waiting.number = notification.number)
      """
    if let alert {
      try database.execute("DELETE FROM notification WHERE alert = ? AND \(hasNoEntry)", [alert])
    } else {
      try database.execute("DELETE FROM notification WHERE \(hasNoEntry)")
    }
  }
}

extension AlertEvent {
  /// Reads the columns of `notification`; `nil` where no version writes such ones.
  fileprivate init?(reason: String, document: String) {
    guard let reason = NotificationReason(rawValue: reason), let alert = Alert(document: document)
    else { return nil }
    self.init(alert: alert, reason: reason)
  }
}

/// Outbox entries dropped because a failing sink reached its limit.
struct DroppedEntries: Sendable, Hashable, CustomStringConvertible {
  let sink: String
  /// The alerts, once for each notification that gave way to a newer one of the same alert.
  let overtaken: [Int64]
  /// The resolved alerts whose resolution was not sent.
  let ended: [Int64]

  var count: Int { overtaken.count + ended.count }

  /// The dropped entries, with the numbers of the alerts.
  var description: String {
    var parts: [String] = []
    if !overtaken.isEmpty { parts.append("\(overtaken.count) that newer ones replace, of \(Self.text(overtaken))") }
    if !ended.isEmpty { parts.append("\(ended.count) that alerts are over: \(Self.text(ended))") }
    return "\(sink) takes nothing, and more than \(WatchDatabase.mostPending) notifications wait for it; dropped: "
      + parts.joined(separator: "; ")
  }

  private static func text(_ alerts: [Int64]) -> String {
    let numbers = Set(alerts).sorted()
    let shown = numbers.prefix(20).map(String.init).joined(separator: ", ")
    let more = numbers.count > 20 ? " and \(numbers.count - 20) more" : ""
    return "\(numbers.count == 1 ? "alert" : "alerts") \(shown)\(more)"
  }
}
