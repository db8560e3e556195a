internal import FilsluseSystem
internal import GRDB

/// Form 8: the entries also record local paths, answers and business receipts. Existing values are recorded by an entry
/// for each of them, so that a later change shows.
enum EighthForm {
  static func make(_ database: Database) throws {
    let transaction = JournalTransaction(database)
    // None of them is news: they are as old as the last entry, whenever this is done.
    let last = try Int64.fetchOne(database, sql: "SELECT at FROM entry ORDER BY number DESC LIMIT 1")
    guard let moment = last.map(Timestamp.init(millisecondsSince1970:)) else { return }
    let paths = try Row.fetchCursor(database, sql: "SELECT id, local_path FROM delivery ORDER BY id")
    while let row = try paths.next() {
      try transaction.addEntry(
        about: .delivery(row["id"]), state: state, detail: detail,
        facts: AuditFacts(["local-path": row["local_path"]]).changes(since: AuditFacts()), at: moment)
    }
    let answers = try Int64.fetchAll(
      database, sql: "SELECT arrival FROM business_answer UNION SELECT arrival FROM business_receipt ORDER BY 1")
    for arrival in answers {
      try AnswerFacts.tell(of: arrival, state: state, detail: detail, at: moment, in: transaction)
    }
  }

  private static let state = "sealed"
  private static let detail = "as it stood when the entries began to tell of it"
}
