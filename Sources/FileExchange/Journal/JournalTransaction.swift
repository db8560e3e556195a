internal import FilsluseStore
internal import FilsluseBase

/// One write transaction: the database, and the last known entry.
///
/// On SQLite it is the only writer, so the changes that share it look up the last entry once. On PostgreSQL other
/// machines write at the same time: entries are collected until the end of the transaction, and then numbered, chained
/// and added by one statement, which blocks other machines' entries until the commit.
///
/// Rolling back a part of a transaction begins a new value.
final class JournalTransaction: BatchTransaction {
  /// The last entry when the transaction ends.
  struct End: Sendable {
    /// The last entry, where one was looked up or added.
    let anchor: JournalAnchor?
    /// True if the transaction added it: where it is found later, the transaction was kept.
    let isOwn: Bool
  }

  /// The database. On PostgreSQL the entries added here are not in it yet: see ``databaseWithEntries()``.
  let database: SQLConnection
  /// The last entry, once it was looked up or one was added.
  private(set) var knownEnd: JournalAnchor?
  /// True once an entry was added.
  private var hasAdded = false
  /// The entries that wait for the end of the transaction.
  private var waiting: [EntryContent] = []

  init(_ database: SQLConnection) { self.database = database }

  var summary: End { End(anchor: knownEnd, isOwn: hasAdded) }

  /// Writes the entries that wait. PostgreSQL also compares this machine's epoch then, whatever was changed.
  func finish() throws {
    if database.kind == .postgreSQL, knownEnd == nil || !waiting.isEmpty { try appendWaiting() }
  }

  /// The database with the entries added here, for changes that read or remove entries.
  func databaseWithEntries() throws -> SQLConnection {
    if !waiting.isEmpty { try appendWaiting() }
    return database
  }

  /// Returns the last entry's number and hash; the entry may be removed afterwards, the next one is chained to it all
  /// the same. From here on no other transaction adds an entry before this one ends.
  func chainEnd() throws -> JournalAnchor {
    if let knownEnd, waiting.isEmpty { return knownEnd }
    switch database.kind {
    case .sqlite:
      let last = try JournalAnchor.last(in: database)
      knownEnd = last
      return last
    case .postgreSQL: return try appendWaiting()
    }
  }

  /// Adds an entry and chains it to the last one, in the same transaction as the change that it records.
  func addEntry(
    about subject: JournalEntry.Subject, state: String, detail: String? = nil, facts: String?, at: Timestamp
  ) throws {
    hasAdded = true
    let content = EntryContent(
      at: at.millisecondsSince1970, delivery: subject.delivery, arrival: subject.arrival, state: state,
      detail: detail, facts: facts)
    if database.kind == .postgreSQL { return waiting.append(content) }
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

  @discardableResult
  private func appendWaiting() throws -> JournalAnchor {
    let end = try ChainHead.append(waiting, in: database)
    waiting = []
    knownEnd = end
    return end
  }
}
