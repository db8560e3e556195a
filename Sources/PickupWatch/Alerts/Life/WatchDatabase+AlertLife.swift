package import FileExchange
internal import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

extension WatchDatabase {
  /// The greatest number of an alert's first and of its last events to read: an alert that comes and goes for weeks has
  /// more.
  private static let mostEvents = 500

  /// Returns the whole life of an alert; `nil` for an unknown number.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be read.
  package func life(ofAlert id: Int64) async throws(ExchangeError) -> AlertLife? {
    try await read("read the alerts in") { database in
      let row = try database.row("SELECT id, document FROM alert WHERE id = ?", [id])
      guard let alert = try row.map(Alert.init) else { return nil }
      var life = AlertLife(alert: alert, events: try Self.events(of: alert, in: database))
      if let silence = alert.silencedBy, alert.isOpen { life.silence = try Self.silence(silence, in: database) }
      life.file = try Self.file(of: alert.finding, in: database)
      return life
    }
  }

  private static func events(of alert: Alert, in database: SQLConnection) throws -> [AlertLifeEvent] {
    let columns = """
      alert_event.id, alert_event.at, what, sink, reason, times, last, by, why, act, alert_event.silence, grouped_into
      """
    return try database.rows(
      """
      SELECT \(columns) FROM alert_event LEFT JOIN act ON act.id = alert_event.act WHERE alert_event.id IN (
        SELECT id FROM (SELECT id FROM alert_event WHERE alert = ?1 ORDER BY id LIMIT \(mostEvents))
        UNION SELECT id FROM (SELECT id FROM alert_event WHERE alert = ?1 ORDER BY id DESC LIMIT \(mostEvents)))
      ORDER BY alert_event.id
      """, [alert.id]
    ).map { row in
      guard let what = AlertLifeEvent.What(rawValue: try row.text(2)) else {
        throw DamagedRow(table: "alert_event", id: try row.int(0))
      }
      let comment = try row.optionalText(8).map { LocalizedText($0) }
      return AlertLifeEvent(
        id: try row.int(0), at: Timestamp(millisecondsSince1970: try row.int(1)), what: what,
        sink: try row.optionalText(3), reason: try row.optionalText(4).flatMap(NotificationReason.init(rawValue:)),
        times: Int(try row.int(5)), last: Timestamp(try row.optionalInt(6)), by: try row.optionalText(7),
        why: what == .resolved || what == .expired ? alert.ending?.why : comment, act: try row.optionalInt(9),
        silence: try row.optionalInt(10), group: try row.optionalInt(11))
    }
  }

  /// The number of the observed file that a finding is about: the last one of its transfer.
  private static func file(of finding: Finding, in database: SQLConnection) throws -> Int64? {
    try database.int(
      """
      SELECT max(id) FROM observation WHERE transfer = ?1 AND inbox = (SELECT id FROM inbox WHERE account = ?2)
      """, [finding.subject, finding.account])
  }

  /// Writes the changes that a look has made to an alert.
  static func note(_ changes: [Alert.Change], of alert: Int64, in database: SQLConnection) throws {
    for change in changes {
      try database.execute(
        "INSERT INTO alert_event (alert, at, what, silence, grouped_into) VALUES (?, ?, ?, ?, ?)",
        [alert, change.at.millisecondsSince1970, change.what.rawValue, change.silence, change.group])
    }
  }

  /// Writes that a sink took a notification, refused it for the first time, or is not offered it any more.
  static func note(
    _ what: AlertLifeEvent.What, _ reason: NotificationReason, of alert: Int64, to sink: String, at moment: Timestamp,
    in database: SQLConnection
  ) throws {
    if what == .sent, reason == .repeated, try countRepetition(of: alert, to: sink, at: moment, in: database) { return }
    // An alert that was forgotten has no life any more.
    try database.execute(
      """
      INSERT INTO alert_event (alert, at, what, sink, reason)
      SELECT id, ?2, ?3, ?4, ?5 FROM alert WHERE id = ?1
      """, [alert, moment.millisecondsSince1970, what.rawValue, sink, reason.rawValue])
  }

  /// Counts a repetition in the event of the one before; returns false where the last event of the sink is another.
  private static func countRepetition(
    of alert: Int64, to sink: String, at moment: Timestamp, in database: SQLConnection
  ) throws -> Bool {
    let counted = try database.change(
      """
      UPDATE alert_event SET times = times + 1, last = ?3 WHERE what = 'sent' AND reason = 'repeated' AND id = (
        SELECT max(id) FROM alert_event WHERE alert = ?1 AND sink = ?2)
      """, [alert, sink, moment.millisecondsSince1970])
    return counted > 0
  }
}
