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

  /// The number of the observed file that a finding is about: the last one of its transfer, or of its place and name.
  private static func file(of finding: Finding, in database: SQLConnection) throws -> Int64? {
    guard let inbox = try database.int("SELECT id FROM inbox WHERE account = ?", [finding.account]) else { return nil }
    let last = try database.int(
      "SELECT max(id) FROM observation WHERE transfer = ? AND inbox = ?", [finding.subject, inbox])
    if let last { return last }
    guard let shown = finding.fileName, let like = namesLike(shown) else { return nil }
    let rows = try database.rows(
      "SELECT id, place, name, transfer FROM observation INDEXED BY observation_text WHERE \(like.sql) AND +inbox = ?",
      like.values + [inbox])
    var found: Int64?
    while let row = try rows.next() {
      let ofName = ObservedFile.subject(ofName: try row.blob(2), place: Int(try row.int(1)))
      let ofTransfer = try row.optionalText(3).map(ObservedFile.subject(ofTransfer:))
      if ofName == finding.subject || ofTransfer == finding.subject { found = max(found ?? 0, try row.int(0)) }
    }
    return found
  }

  /// Returns a condition by the index of names for the files that a finding of a file name can be about.
  ///
  /// The name in a finding is masked, and may be that of the metadata, the trigger or the receipt, which begins with
  /// the name of the data.
  private static func namesLike(_ shown: String) -> (sql: String, values: [any SQLConvertible])? {
    // No part of a masked number, or of bytes that are no UTF-8, is known.
    let isKnown = { (scalar: Unicode.Scalar) in scalar != "*" && scalar != "\u{FFFD}" }
    let known = Array(String(String.UnicodeScalarView(shown.unicodeScalars.prefix(while: isKnown))).utf8)
    guard known.count < shown.utf8.count else {
      let names = known.indices.map { index -> any SQLConvertible in Array(known[...index]) }
      if names.isEmpty { return nil }
      return (sql: "name IN (\(names.map { _ in "?" }.joined(separator: ", ")))", values: names)
    }
    let beyond = known + [0xFF, 0xFF, 0xFF, 0xFF]
    return (sql: "name >= ? AND name < ?", values: [known, beyond])
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
