internal import FilsluseStore
internal import FilsluseBase

/// One write transaction: the database, and the last known entry.
///
/// On SQLite it is the only writer while it lasts, so the changes that share it look up the last entry once. On
/// PostgreSQL other machines write at the same time: entries wait for the end of the transaction, and are then
/// numbered, chained and added by one statement that goes with the commit, and keeps the others' entries waiting until
/// that is on the disk.
///
/// Rolling back a part of a transaction begins a new value.
final class JournalTransaction: BatchTransaction {
  /// The last entry when the transaction ends.
  struct End: Sendable {
    /// The last entry, where one was looked up, or added by a commit that had an answer.
    let anchor: JournalAnchor?
    /// The last entry that the transaction added: where it is found later, the transaction was kept.
    let added: EntryContent?
    /// The transaction's identity; `nil` where a commit always has an answer.
    let identity: TransactionIdentity?
  }

  /// The database. On PostgreSQL the entries added here are not in it yet: see ``databaseWithEntries()``.
  let database: SQLConnection
  /// The last entry, once it was looked up or one was added.
  private(set) var knownEnd: JournalAnchor?
  /// The last entry that was added.
  private var added: EntryContent?
  /// The identity of the transaction when it was about to be committed.
  private var identity: TransactionIdentity?
  /// The entries that wait for the end of the transaction.
  private var waiting: [EntryContent] = []

  init(_ database: SQLConnection) { self.database = database }

  var summary: End { End(anchor: knownEnd, added: added, identity: identity) }

  /// Writes the entries that wait. PostgreSQL also compares this machine's epoch then, whatever was changed.
  func finish() throws {
    identity = try database.transactionIdentity()
    guard database.kind == .postgreSQL, knownEnd == nil || !waiting.isEmpty else { return }
    try ChainHead.appendWhenCommitting(waiting, in: database) { self.knownEnd = $0 }
    waiting = []
  }

  /// The database with the entries added here, for changes that read or remove entries.
  func databaseWithEntries() throws -> SQLConnection {
    if !waiting.isEmpty { try appendWaiting() }
    return database
  }

  /// The last entry about a delivery among those that are not in the database yet.
  func waitingEntry(about delivery: Int64) -> EntryContent? { waiting.last { $0.delivery == delivery } }

  /// The last entry's number and hash; the entry may be removed afterwards, what comes next follows it all the same.
  /// From here on no other transaction adds an entry before this one.
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
    about subject: JournalEntry.Subject, state: EntryState, detail: String? = nil, facts: String?, at: Timestamp
  ) throws {
    let content = EntryContent(
      at: at.millisecondsSince1970, delivery: subject.delivery, arrival: subject.arrival, state: state.name,
      detail: detail, facts: facts)
    added = content
    if database.kind == .postgreSQL { return waiting.append(content) }
    let anchor = try chainEnd().followed(by: content)
    try database.execute(
      """
      INSERT INTO entry (number, at, delivery, arrival, state, detail, facts, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        anchor.number, content.at, content.delivery, content.arrival, content.state, detail, facts, anchor.hash.bytes,
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

/// The next step of a change to the journal.
typealias JournalStep<Result> = ChangeStep<JournalTransaction, Result>

extension ChangeStep where Transaction == JournalTransaction {
  /// Runs it and all that follow it, one after the other, within a change that is made at once.
  func result(in transaction: JournalTransaction) throws -> Result {
    try result(in: transaction, transaction.database)
  }
}
