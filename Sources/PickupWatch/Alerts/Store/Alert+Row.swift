internal import FilsluseStore
internal import FilsluseBase
internal import Foundation
internal import TriggerFiles

extension Alert {
  /// Reads a row that begins with `id, document`.
  init(_ row: SQLRow) throws {
    guard let alert = Self(document: try row.text(1)) else { throw DamagedRow(table: "alert", id: try row.int(0)) }
    self = alert
  }

  /// Reads a document; `nil` where no version writes such a one.
  init?(document: String) {
    guard let alert = try? JSONDecoder().decode(Alert.self, from: Data(document.utf8)) else { return nil }
    self = alert
  }

  /// The alert in JSON.
  var document: String { get throws { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) } }

  /// Writes the row, new or again. Lists are sorted and groups are counted by its ``since``.
  func save(in database: SQLConnection) throws {
    let facts: [any SQLConvertible] = [
      id, finding.source.rawValue, finding.account, finding.id, finding.kind.rawValue, finding.subject, finding.ruleID,
      finding.infRef?.description, finding.municipality, finding.severity.rawValue, state.rawValue,
      since.millisecondsSince1970, resolved?.millisecondsSince1970, groupedInto, silencedBy, try document,
    ]
    // Replacing the row would take its notifications along.
    try database.execute(
      """
      INSERT INTO alert (id, source, account, finding_id, kind, subject, rule, infref, municipality, severity, state,
        since, resolved, grouped_into, silence, document, origin)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
        (SELECT database FROM alert_number))
      ON CONFLICT (id) DO UPDATE SET rule = ?7, infref = ?8, municipality = ?9, severity = ?10, state = ?11,
        since = ?12, resolved = ?13, grouped_into = ?14, silence = ?15, document = ?16
      """, facts)
  }
}
