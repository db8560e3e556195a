internal import FilsluseSystem
internal import Foundation
internal import GRDB
internal import TriggerFiles

extension Alert {
  /// Reads a row of `alert_alert`.
  init(_ row: Row) throws {
    let id: Int64 = row["id"]
    guard let state = State(rawValue: row["state"]), let severity = Finding.Severity(rawValue: row["severity"]) else {
      throw DamagedAlert(id: id)
    }
    let finding = Finding(
      kind: Finding.Kind(rawValue: row["kind"]), severity: severity, account: row["account"], subject: row["subject"],
      fileName: row["file_name"], infRef: row["infref"], sender: row["sender"], authority: row["authority"],
      size: (row["size"] as Int64?).map(UInt64.init(bitPattern:)), since: Self.moment(row["since"]),
      ageBasis: (row["age_basis"] as String?).flatMap(Finding.AgeBasis.init(rawValue:)),
      due: Self.moment(row["due"]), ruleLine: row["rule_line"], rule: row["rule"], detail: row["detail"],
      ruleInDanish: row["rule_da"], detailInDanish: row["detail_da"])
    self.init(id: id, finding: finding, firstSeen: Timestamp(millisecondsSince1970: row["first_seen"]))
    self.state = state
    fired = Self.moment(row["fired"])
    resolved = Self.moment(row["resolved"])
    if let english: String = row["ending"] {
      ending = FindingEnding(
        isMended: row["is_mended"] ?? true, why: LocalizedText(da: row["ending_da"] ?? english, en: english))
    }
    notices = row["notices"]
    foldedInto = row["folded_into"]
    if let at = Self.moment(row["told_at"]) {
      guard let first = Finding.Severity(rawValue: row["told_first"] ?? ""),
        let severity = Finding.Severity(rawValue: row["told_severity"] ?? "")
      else { throw DamagedAlert(id: id) }
      told = Telling(firstSeverity: first, severity: severity, at: at, count: row["told_count"] ?? 1)
    }
    if let at = Self.moment(row["ack_at"]) {
      guard let severity = Finding.Severity(rawValue: row["ack_severity"] ?? "") else { throw DamagedAlert(id: id) }
      acknowledgement = Acknowledgement(by: row["ack_by"] ?? "", why: row["ack_why"], at: at, severity: severity)
    }
    if let text: String = row["fold"] {
      fold = AlertFold(try JSONDecoder().decode(StoredFold.self, from: Data(text.utf8)))
    }
  }

  /// Writes the row, new or again.
  func save(in database: Database) throws {
    let fold = try fold.map { String(decoding: try JSONEncoder().encode(StoredFold($0)), as: UTF8.self) }
    let values: StatementArguments = [
      id, finding.id, state.rawValue, finding.kind.rawValue, finding.severity.rawValue, finding.account,
      finding.subject, finding.fileName, finding.infRef, finding.sender, finding.authority,
      finding.size.map { Int64(bitPattern: $0) }, finding.since?.millisecondsSince1970, finding.ageBasis?.rawValue,
      finding.due?.millisecondsSince1970, finding.ruleLine, finding.rule, finding.detail,
      firstSeen.millisecondsSince1970, fired?.millisecondsSince1970, resolved?.millisecondsSince1970,
      told?.firstSeverity.rawValue, told?.severity.rawValue, told?.at.millisecondsSince1970, told?.count, notices,
      acknowledgement?.by, acknowledgement?.why, acknowledgement?.at.millisecondsSince1970,
      acknowledgement?.severity.rawValue, foldedInto, fold, finding.ruleInDanish, finding.detailInDanish,
      ending?.why.en, ending?.why.da, ending?.isMended,
    ]
    // Replacing the row would take its notices along.
    let columns = Self.columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    let marks = Self.columns.map { _ in "?" }.joined(separator: ", ")
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO alert_alert (\(Self.columns.joined(separator: ", "))) VALUES (\(marks))
        ON CONFLICT (id) DO UPDATE SET \(columns)
        """)
    try statement.execute(arguments: values)
  }

  private static let columns = [
    "id", "finding_id", "state", "kind", "severity", "account", "subject", "file_name", "infref", "sender",
    "authority", "size", "since", "age_basis", "due", "rule_line", "rule", "detail", "first_seen", "fired", "resolved",
    "told_first", "told_severity", "told_at", "told_count", "notices", "ack_by", "ack_why", "ack_at", "ack_severity",
    "folded_into", "fold", "rule_da", "detail_da", "ending", "ending_da", "is_mended",
  ]

  private static func moment(_ milliseconds: Int64?) -> Timestamp? {
    milliseconds.map(Timestamp.init(millisecondsSince1970:))
  }
}

/// The members of a group, as its row keeps them. The oldest are looked up again at the next look.
struct StoredFold: Codable {
  let count: Int
  let critical: Int
  let kinds: [String: Int]

  init(_ fold: AlertFold) {
    count = fold.count
    critical = fold.critical
    kinds = fold.kindCounts
  }
}

extension AlertFold {
  init(_ stored: StoredFold) {
    count = stored.count
    critical = stored.critical
    kinds = stored.kinds.reduce(into: [:]) { $0[Finding.Kind(rawValue: $1.key)] = $1.value }
    oldest = []
  }
}
