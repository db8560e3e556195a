internal import FilsluseSystem
internal import GRDB

/// The audit facts of the answer to an arrival, and of the deliveries that an arrival answers.
///
/// Both are kept in tables of their own, a row for each arrival; an entry about the arrival records every change.
enum AnswerFacts {
  /// The columns that ``init(row:)`` reads beside those of the arrival, and where they come from.
  static let columns = """
    answer.acceptance AS answer_acceptance, answer.document AS answer_document, answer.route AS answer_route,
    answer.delivery AS answer_delivery, answer.is_sent AS answer_is_sent,
    receipt.file_transfer_uuid AS receipt_transfer, receipt.file_name AS receipt_file, receipt.recipient AS receipt_recipient,
    receipt.acceptance AS receipt_acceptance, receipt.reason AS receipt_reason, receipt.delivery AS receipt_delivery
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

  /// Returns the facts of a row with ``columns``.
  static func facts(row: Row) -> AuditFacts {
    AuditFacts([
      "answer": row["answer_acceptance"],
      "answer-document": row.bytes("answer_document").map { SHA256.digest(of: $0).hex },
      "answer-route": row["answer_route"], "answer-delivery": number(row["answer_delivery"]),
      "answer-sent": number(row["answer_is_sent"]), "receipt-transfer": row["receipt_transfer"],
      "receipt-file": row["receipt_file"], "receipt-recipient": row["receipt_recipient"],
      "receipt-acceptance": row["receipt_acceptance"], "receipt-reason": row["receipt_reason"],
      "receipt-delivery": number(row["receipt_delivery"]),
    ])
  }

  private static func number(_ value: Int64?) -> String? { value.map { "\($0)" } }

  /// Adds an entry with the changes of an arrival's answers since its last one; none where nothing has changed.
  static func tell(
    of arrival: Int64, state: String, detail: String?, at moment: Timestamp, in transaction: JournalTransaction
  ) throws {
    let database = transaction.database
    let now = try database.cachedStatement(
      sql: "SELECT \(columns) FROM arrival \(joins) WHERE arrival.id = ?")
    let told = try database.cachedStatement(
      sql: "SELECT facts FROM entry WHERE arrival = ? AND facts IS NOT NULL ORDER BY number")
    guard let row = try Row.fetchOne(now, arguments: [arrival]) else { throw DamagedRow(table: "arrival", id: arrival) }
    var story = AuditFacts()
    for facts in try String.fetchAll(told, arguments: [arrival]) { story.apply(facts) }
    guard let changes = facts(row: row).changes(since: story.only(names)) else { return }
    try transaction.addEntry(about: .arrival(arrival), state: state, detail: detail, facts: changes, at: moment)
  }

  /// The facts about a delivery whose row retention has removed: what names it by its number names it no longer.
  static func areOfForgottenDelivery(_ name: String, _ told: String?, in database: Database) throws -> Bool {
    guard name == "answer-delivery" || name == "receipt-delivery", let delivery = told.flatMap({ Int64($0) }) else {
      return false
    }
    let statement = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE id = ?)")
    return try Bool.fetchOne(statement, arguments: [delivery]) != true
  }
}
