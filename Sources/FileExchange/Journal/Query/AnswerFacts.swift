internal import FilsluseStore
internal import FilsluseBase

/// The audit facts of the answer to an arrival, and of the deliveries that an arrival answers.
///
/// Both are kept in tables of their own, a row for each arrival; an entry about the arrival records every change.
enum AnswerFacts {
  /// The columns that ``init(row:)`` reads beside those of the arrival, and where they come from.
  static let columns = """
    answer.acceptance, answer.document, answer.route, answer.delivery, answer.is_sent, receipt.file_transfer_uuid,
    receipt.file_name, receipt.recipient, receipt.acceptance, receipt.reason, receipt.delivery
    """
  static let joins = """
    LEFT JOIN business_answer AS answer ON answer.arrival = arrival.id
    LEFT JOIN business_receipt AS receipt ON receipt.arrival = arrival.id
    """

  /// The names of the facts that an entry about an arrival may carry.
  private static let names = [
    "answer", "answer-document", "answer-route", "answer-delivery", "answer-sent", "receipt-transfer", "receipt-file",
    "receipt-recipient", "receipt-acceptance", "receipt-reason", "receipt-delivery",
  ]

  /// Returns the facts of a row that has ``columns`` from column `first` on.
  static func facts(row: SQLRow, from first: Int = 0) throws -> AuditFacts {
    AuditFacts([
      "answer": try row.optionalText(first),
      "answer-document": try row.optionalBlob(first + 1).map { SHA256.digest(of: $0).hex },
      "answer-route": try row.optionalText(first + 2), "answer-delivery": number(try row.optionalInt(first + 3)),
      "answer-sent": number(try row.optionalInt(first + 4)), "receipt-transfer": try row.optionalText(first + 5),
      "receipt-file": try row.optionalText(first + 6), "receipt-recipient": try row.optionalText(first + 7),
      "receipt-acceptance": try row.optionalText(first + 8), "receipt-reason": try row.optionalText(first + 9),
      "receipt-delivery": number(try row.optionalInt(first + 10)),
    ])
  }

  private static func number(_ value: Int64?) -> String? { value.map { "\($0)" } }

  /// Adds an entry with the changes of an arrival's answers since its last one; none where nothing has changed.
  static func addEntry(
    of arrival: Int64, state: EntryState, detail: String?, at moment: Timestamp, in transaction: JournalTransaction
  ) throws {
    let database = try transaction.databaseWithEntries()
    let now = "SELECT \(columns) FROM arrival \(joins) WHERE arrival.id = ?"
    let recorded = "SELECT facts FROM entry WHERE arrival = ? AND facts IS NOT NULL ORDER BY number"
    guard let row = try database.row(now, [arrival]) else { throw DamagedRow(table: "arrival", id: arrival) }
    var story = AuditFacts()
    for facts in try database.rows(recorded, [arrival]).map({ try $0.text(0) }) { story.apply(facts) }
    guard let changes = try facts(row: row).changes(since: story.only(names)) else { return }
    try transaction.addEntry(about: .arrival(arrival), state: state, detail: detail, facts: changes, at: moment)
  }

  /// Returns true for a fact that refers to a delivery removed by retention: its number names nothing any more.
  static func areOfForgottenDelivery(_ name: String, _ value: String?, in database: SQLConnection) throws -> Bool {
    guard name == "answer-delivery" || name == "receipt-delivery", let delivery = value.flatMap({ Int64($0) }) else {
      return false
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?)"
    return try database.int(sql, [delivery]) != 1
  }
}
