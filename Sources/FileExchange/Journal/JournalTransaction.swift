internal import FilsluseStore
internal import FilsluseBase

/// One write transaction: the database, and the last entry as far as it is known.
///
/// It is the only writer while it lasts, so the changes that share it look up the last entry once. Undoing a part of a
/// transaction begins a new one of these.
final class JournalTransaction: BatchTransaction {
  let database: SQLConnection
  /// The last entry, once it was looked up or one was added.
  private(set) var knownEnd: JournalAnchor?

  init(_ database: SQLConnection) { self.database = database }

  /// The last entry, where one was looked up or added.
  var summary: JournalAnchor? { knownEnd }

  /// The last entry's number and hash; the entry may be removed afterwards, what comes next follows it all the same.
  func chainEnd() throws -> JournalAnchor {
    if let knownEnd { return knownEnd }
    let last = try JournalAnchor.last(in: database)
    knownEnd = last
    return last
  }

  /// Adds an entry and chains it to the last one, in the same transaction as the change that it records.
  func addEntry(
    about subject: JournalEntry.Subject, state: String, detail: String? = nil, facts: String?, at: Timestamp
  ) throws {
    let content = EntryContent(
      at: at.millisecondsSince1970, delivery: subject.delivery, arrival: subject.arrival, state: state,
      detail: detail, facts: facts)
    let anchor = try chainEnd().followed(by: content)
    try database.execute(
      """
      INSERT INTO entry (number, at, delivery, arrival, state, detail, facts, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        anchor.number, content.at, content.delivery, content.arrival, state, detail, facts, anchor.hash.bytes,
      ])
    knownEnd = anchor
  }
}
