package import FilsluseBase
internal import FilsluseStore
internal import TriggerFiles

/// An action of a person on alerts: the person, the reason and the time.
///
/// An act with an idempotency key is done once: a form sent twice changes nothing the second time.
package struct Act: Sendable, Hashable, Codable {
  /// The sort of an act.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case acknowledged
    case undone
    case silenced
    case silenceEnded = "silence-ended"
    case namesShown = "names-shown"
  }

  /// The person.
  package var by: String
  /// The person's comment.
  package var why: String?
  /// The idempotency key; `nil` for an act that is done each time.
  package var key: String?
  /// The time.
  package var at: Timestamp

  /// Describes an act.
  package init(by: String, why: String? = nil, key: String? = nil, at: Timestamp) {
    self.by = by
    self.why = why
    self.key = key
    self.at = at
  }

  /// The longest text that a person may leave, in bytes.
  package static let longestText = 500
  /// The longest key, in bytes.
  private static let longestKey = 100

  /// The reason why it cannot be stored; `nil` if it can.
  package var refusal: AlertRefusal? {
    if !Self.isSound(by, most: Self.longestText) {
      return AlertRefusal(
        reason: LocalizedText(
          "the name must be 1 to \(Self.longestText) bytes of text on one line",
          "navnet skal være 1 til \(Self.longestText) byte tekst på én linje"))
    }
    if let why, !Self.isSound(why, most: Self.longestText) {
      return AlertRefusal(
        reason: LocalizedText(
          "the comment must be 1 to \(Self.longestText) bytes of text on one line",
          "bemærkningen skal være 1 til \(Self.longestText) byte tekst på én linje"))
    }
    if let key, !Self.isSound(key, most: Self.longestKey) {
      return AlertRefusal(
        reason: LocalizedText(
          "the form's key must be 1 to \(Self.longestKey) bytes",
          "formularens nøgle skal være 1 til \(Self.longestKey) byte"))
    }
    return nil
  }

  /// Returns true for text on one line that is not too long and not empty.
  private static func isSound(_ text: String, most: Int) -> Bool {
    (1...most).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      && text.unicodeScalars.contains { !$0.properties.isWhitespace }
  }
}

/// The answer to an act.
package enum ActAnswer<Value: Sendable>: Sendable {
  /// The act is done, now or by an earlier request with the same key.
  case done(Value)
  /// The act is refused for this reason, and nothing was changed.
  case refused(AlertRefusal)
}

extension ActAnswer: Codable where Value: Codable {}

/// A completed act, as the next page reports it.
package struct DoneAct: Sendable, Hashable {
  /// The sort of the act.
  package var kind: Act.Kind
  /// The number of its alerts or names.
  package var count: Int

  /// Describes an act.
  package init(kind: Act.Kind, count: Int) {
    self.kind = kind
    self.count = count
  }
}

/// An act that is in the database.
struct KeptAct: Sendable, Hashable {
  var number: Int64
  /// The number of its alerts or names.
  var count: Int
  var silence: Int64?
}

extension Act {
  /// Returns the act that was done with the same key before; `nil` where there is none.
  func earlier(in database: SQLConnection) throws -> KeptAct? {
    guard let key else { return nil }
    return try database.row("SELECT id, count, silence FROM act WHERE key = ?", [key]).map { row in
      KeptAct(number: try row.int(0), count: Int(try row.int(1)), silence: try row.optionalInt(2))
    }
  }

  /// Writes it down.
  ///
  /// - Returns: its number.
  func keep(
    _ kind: Kind, count: Int = 0, silence: Int64? = nil, in database: SQLConnection
  ) throws -> Int64 {
    try database.insert(
      "INSERT INTO act (key, kind, at, by, why, silence, count) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [key, kind.rawValue, at.millisecondsSince1970, by, why, silence, count])
  }

  /// Gives a stored act the next free number, and updates all references to it.
  static func renumber(_ old: Int64, in database: SQLConnection) throws {
    let key = try database.row("SELECT key FROM act WHERE id = ?", [old])?.optionalText(0)
    let new = try database.insert(
      """
      INSERT INTO act (kind, at, by, why, silence, count)
      SELECT kind, at, by, why, silence, count FROM act WHERE id = ?
      """, [old])
    try database.execute("UPDATE shown_name SET act = ? WHERE act = ?", [new, old])
    try database.execute("UPDATE alert_event SET act = ? WHERE act = ?", [new, old])
    try database.execute("DELETE FROM act WHERE id = ?", [old])
    // No two acts have the same key.
    try database.execute("UPDATE act SET key = ? WHERE id = ?", [key, new])
  }

  /// Writes an event of it into the life of an alert.
  func note(
    _ what: AlertLifeEvent.What, number: Int64, of alert: Int64, in database: SQLConnection
  ) throws {
    try database.execute(
      "INSERT INTO alert_event (alert, at, what, act) VALUES (?, ?, ?, ?)",
      [alert, at.millisecondsSince1970, what.rawValue, number])
  }
}
