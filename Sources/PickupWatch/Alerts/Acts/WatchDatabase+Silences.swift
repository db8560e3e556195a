public import FileExchange
internal import FilsluseStore
public import FilsluseBase
internal import SystemPackage
internal import TriggerFiles

extension WatchDatabase {
  /// The longest silence.
  package static let longestSilence = Duration.seconds(366 * 86_400)

  /// Silences all findings that match until a moment.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, or when it would end before it
  ///   begins or silence everything, and with code `journal` while the server of a shared journal does not say which
  ///   machine leads the watch.
  public func silence(
    _ matcher: Silence.Matcher, from: Timestamp, until: Timestamp, by: String, why: String
  ) async throws(ExchangeError) -> Silence {
    let answer = try await silence(matcher, from: from, until: until, Act(by: by, why: why, at: from))
    switch answer {
    case .done(let result): return result.silence
    case .refused(let refusal):
      throw ExchangeError(
        .watchDatabase, operation: "write the silence to", path: path.string, message: refusal.reason.en,
        remedy: Remedy(refusal.remedy?.en ?? "correct what the message names")
      ).inDanish(detail: refusal.text.da)
    }
  }

  /// Silences all findings that match until a moment, once for each idempotency key. Open alerts count as silenced at
  /// once.
  ///
  /// - Parameter from: its beginning; `nil` for the time of the act.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  package func silence(
    _ matcher: Silence.Matcher, from: Timestamp? = nil, until: Timestamp, _ act: Act
  ) async throws(ExchangeError) -> ActAnswer<SilenceResult> {
    let begin = from ?? act.at
    if let refusal = act.refusal ?? Self.refusal(of: matcher, begin, until, at: act.at, why: act.why) {
      return .refused(refusal)
    }
    return try await write("write the silence to") { database -> ActAnswer<SilenceResult> in
      if let refusal = try Self.refusalOfAct(in: database) { return .refused(refusal) }
      if let earlier = try act.earlier(in: database) { return try Self.answer(of: earlier, in: database) }
      let id = try database.insert(
        """
        INSERT INTO silence (account, infref, kind, finding_id, rule, rule_da, begins, ends, by, why)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          matcher.account, matcher.infRef?.name, matcher.kind, matcher.findingID, matcher.rule?.en, matcher.rule?.da,
          begin.millisecondsSince1970, until.millisecondsSince1970, act.by, act.why ?? "",
        ])
      let silence = Silence(id: id, matcher: matcher, from: begin, until: until, by: act.by, why: act.why ?? "")
      let number = try act.keep(.silenced, silence: id, in: database)
      var count = 0
      if silence.holds(at: act.at) { count = try Self.cover(silence, act, number, in: database) }
      try database.execute("UPDATE act SET count = ? WHERE id = ?", [count, number])
      return .done(SilenceResult(silence: silence, act: number, alerts: count))
    }
  }

  /// Ends a silence early.
  ///
  /// - Returns: whether it was ended: false where none of that number holds, or another machine leads the watch.
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written, and with code `journal` while the
  ///   server of a shared journal does not say which machine leads the watch.
  public func endSilence(_ id: Int64, at moment: Timestamp) async throws(ExchangeError) -> Bool {
    guard case .done = try await endSilence(id, Act(by: "filsluse", at: moment)) else { return false }
    return true
  }

  /// Ends a silence before its time, once for each key; its alerts do not count as silenced any more.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when it cannot be written.
  package func endSilence(_ id: Int64, _ act: Act) async throws(ExchangeError) -> ActAnswer<SilenceResult> {
    if let refusal = act.refusal { return .refused(refusal) }
    return try await write("write the silence to") { database -> ActAnswer<SilenceResult> in
      if let refusal = try Self.refusalOfAct(in: database) { return .refused(refusal) }
      if let earlier = try act.earlier(in: database) { return try Self.answer(of: earlier, in: database) }
      let ended = try database.change(
        "UPDATE silence SET ends = ?2, begins = min(begins, ?2) WHERE id = ?1 AND ends > ?2",
        [id, act.at.millisecondsSince1970])
      guard ended > 0, let silence = try Self.silence(id, in: database) else {
        return .refused(
          AlertRefusal(
            reason: LocalizedText(
              "no silence \(id) holds or is to come", "ingen dæmpning \(id) gælder eller er på vej")))
      }
      let number = try act.keep(.silenceEnded, silence: id, in: database)
      let count = try Self.uncover(silence, act, number, in: database)
      try database.execute("UPDATE act SET count = ? WHERE id = ?", [count, number])
      return .done(SilenceResult(silence: silence, act: number, alerts: count))
    }
  }

  /// Returns the silences in effect at a moment, the earliest end first.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when they cannot be read.
  public func silences(at moment: Timestamp) async throws(ExchangeError) -> [Silence] {
    try await read("read the alerts in") { database in try Self.silences(at: moment, in: database) }
  }

  static func silences(at moment: Timestamp, in database: SQLConnection) throws -> [Silence] {
    try database.rows(
      "SELECT \(Silence.columns) FROM silence WHERE begins <= ?1 AND ends > ?1 ORDER BY ends, id",
      [moment.millisecondsSince1970]
    ).map(Silence.init(row:))
  }

  /// The silence of a number; `nil` when there is none.
  static func silence(_ id: Int64, in database: SQLConnection) throws -> Silence? {
    try database.row("SELECT \(Silence.columns) FROM silence WHERE id = ?", [id]).map(Silence.init(row:))
  }

  private static let usedKey = AlertRefusal(
    reason: LocalizedText(
      "this form was used for something else, or what it did is forgotten",
      "denne formular er brugt til noget andet, eller det, den gjorde, er glemt"),
    remedy: LocalizedText("open it again", "åbn den igen"))

  /// The answer to a form that was sent before.
  private static func answer(of act: KeptAct, in database: SQLConnection) throws -> ActAnswer<SilenceResult> {
    guard let number = act.silence, let kept = try Self.silence(number, in: database) else { return .refused(usedKey) }
    return .done(SilenceResult(silence: kept, act: act.number, alerts: act.count, isRepetition: true))
  }

  /// The reason why there is no such silence; `nil` where there may be one.
  private static func refusal(
    of matcher: Silence.Matcher, _ begin: Timestamp, _ end: Timestamp, at now: Timestamp, why: String?
  ) -> AlertRefusal? {
    if matcher.isEmpty {
      return AlertRefusal(
        reason: LocalizedText("the silence would hold for everything", "dæmpningen ville gælde for alt"),
        remedy: LocalizedText(
          "say what is to be silent: an account, an InfRef, a kind, a rule or an alert",
          "angiv, hvad der skal være stille: en konto, en InfRef, en slags, en regel eller en alarm"))
    }
    let reason: LocalizedText
    if let infRef = matcher.infRef, infRef.name.utf8.count > Act.longestText {
      reason = LocalizedText(
        "the InfRef of a silence has \(Act.longestText) bytes at most",
        "en dæmpnings InfRef har højst \(Act.longestText) byte")
    } else if why == nil {
      reason = LocalizedText("a silence needs a reason", "en dæmpning skal have en begrundelse")
    } else if end <= begin {
      reason = LocalizedText("the silence would end before it begins", "dæmpningen ville slutte, før den begynder")
    } else if end <= now {
      reason = LocalizedText("the end of the silence is past", "dæmpningens slutning er allerede passeret")
    } else if end.since(begin) > longestSilence {
      reason = LocalizedText("a silence may last a year at most", "en dæmpning må højst vare et år")
    } else {
      return nil
    }
    return AlertRefusal(reason: reason)
  }

  /// Marks the open alerts that a silence covers, in two statements for any number of alerts.
  private static func cover(
    _ silence: Silence, _ act: Act, _ number: Int64, in database: SQLConnection
  ) throws -> Int {
    let (condition, values) = silence.matcher.condition
    var all: [any SQLConvertible] = [silence.id, silence.id]
    all += values
    let count = try database.change(
      """
      UPDATE alert SET silence = ?, document = json_set(document, '$.silencedBy', ?)
      WHERE state != 'resolved' AND silence IS NULL AND \(condition)
      """, all)
    try database.execute(
      """
      INSERT INTO alert_event (alert, at, what, silence, act)
      SELECT id, ?, 'silenced', ?, ? FROM alert WHERE state != 'resolved' AND silence = ?
      """, [act.at.millisecondsSince1970, silence.id, number, silence.id])
    return count
  }

  private static func uncover(
    _ silence: Silence, _ act: Act, _ number: Int64, in database: SQLConnection
  ) throws -> Int {
    try database.execute(
      """
      INSERT INTO alert_event (alert, at, what, silence, act)
      SELECT id, ?, 'silence-ended', ?, ? FROM alert WHERE state != 'resolved' AND silence = ?
      """, [act.at.millisecondsSince1970, silence.id, number, silence.id])
    return try database.change(
      """
      UPDATE alert SET silence = NULL, document = json_remove(document, '$.silencedBy')
      WHERE state != 'resolved' AND silence = ?
      """, [silence.id])
  }
}

/// A silence that a person made or ended.
package struct SilenceResult: Sendable, Hashable, Codable {
  /// The silence.
  package var silence: Silence
  /// The number of the act.
  package var act: Int64
  /// The number of open alerts that it covers, or did.
  package var alerts: Int
  /// True for a repeated act, which changed nothing now.
  package var isRepetition = false

  /// Describes a result.
  package init(silence: Silence, act: Int64, alerts: Int, isRepetition: Bool = false) {
    self.silence = silence
    self.act = act
    self.alerts = alerts
    self.isRepetition = isRepetition
  }
}

extension Silence.Matcher {
  /// The criteria as a condition on the columns of `alert`.
  fileprivate var condition: (sql: String, values: [any SQLConvertible]) {
    var parts: [String] = ["TRUE"]
    var values: [any SQLConvertible] = []
    func add(_ column: String, _ value: String?) {
      guard let value else { return }
      parts.append("\(column) = ?")
      values.append(value)
    }
    add("account", account)
    add("kind", kind)
    add("finding_id", findingID)
    add("rule", rule?.ruleID)
    if let infRefs = shownInfRefs {
      parts.append("infref IN (\(infRefs.map { _ in "?" }.joined(separator: ", ")))")
      for infRef in infRefs { values.append(infRef.description) }
    }
    return (parts.joined(separator: " AND "), values)
  }
}

extension Silence {
  /// The columns that ``init(row:)`` reads, by their place.
  static let columns = "id, account, infref, kind, finding_id, begins, ends, by, why, rule, rule_da"

  init(row: SQLRow) throws {
    var rule: LocalizedText?
    if let english = try row.optionalText(9) {
      rule = LocalizedText(da: try row.optionalText(10) ?? english, en: english)
    }
    self.init(
      id: try row.int(0),
      matcher: Silence.Matcher(
        account: try row.optionalText(1), infRef: try row.optionalText(2).map(InfRef.init(unchecked:)),
        kind: try row.optionalText(3), findingID: try row.optionalText(4), rule: rule),
      from: Timestamp(millisecondsSince1970: try row.int(5)),
      until: Timestamp(millisecondsSince1970: try row.int(6)), by: try row.text(7), why: try row.text(8))
  }
}
