internal import FilsluseStore
internal import FilsluseBase

/// The entry that retention leaves in the place of the entries it removed.
///
/// Entries up to a number may be missing from then on. The chain goes on after that number from the hash kept here;
/// earlier entries that remain, because their subject has not ended, are sealed by a hash over them.
struct Checkpoint: Sendable {
  /// The new beginning of the chain: the last entry that may be missing.
  let start: JournalAnchor
  /// The hash over the remaining entries up to there.
  let sealed: SHA256Digest
  /// The keys that are kept.
  let keys: TombstoneDigest

  /// The state of the entry that holds it.
  static let state: EntryState = "checkpoint"

  init(start: JournalAnchor, sealed: SHA256Digest, keys: TombstoneDigest) {
    self.start = start
    self.sealed = sealed
    self.keys = keys
  }

  /// Returns the newest checkpoint and the number of its entry; `nil` if nothing was ever removed.
  static func newest(in database: SQLConnection) throws -> (number: Int64, checkpoint: Checkpoint)? {
    let row = try database.row(
      """
      SELECT number, facts FROM entry WHERE delivery IS NULL AND arrival IS NULL AND state = 'checkpoint'
      ORDER BY number DESC LIMIT 1
      """)
    guard let row else { return nil }
    guard let text = try row.optionalText(1), let checkpoint = Checkpoint(facts: text) else {
      throw DamagedRow(table: "entry", id: try row.int(0))
    }
    return (try row.int(0), checkpoint)
  }

  private init?(facts text: String) {
    var facts = AuditFacts()
    facts.apply(text)
    guard let start = facts.values["start"].flatMap(JournalAnchor.init),
      let sealed = facts.values["sealed"].flatMap(SHA256Digest.init(hex:)),
      let keys = facts.values["keys"].flatMap(TombstoneDigest.init)
    else { return nil }
    self.init(start: start, sealed: sealed, keys: keys)
  }

  /// As the entry's facts.
  var facts: AuditFacts { AuditFacts(["start": start.description, "sealed": sealed.hex, "keys": keys.description]) }

  /// The hash over the entries up to a number that are there, chained as if nothing had been between them.
  static func seal(upTo number: Int64, in database: SQLConnection) throws -> SHA256Digest {
    var sealed = JournalAnchor.start
    let rows = try EntryContent.rows(database, where: "number <= ?", [number])
    while let row = try rows.next() {
      sealed = JournalAnchor(number: try row.int(0) - 1, hash: sealed.hash).followed(
        by: try EntryContent(row: row))
    }
    return sealed.hash
  }
}
