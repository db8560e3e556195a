internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage

/// The facts of the entry about a restoration: its report, and the values for finishing an interrupted one.
struct RestorationFacts {
  private let facts: AuditFacts
  /// The entry that holds it: the last of the restored journal.
  let end: JournalAnchor
  static let state: EntryState = "restored"

  /// - Parameters:
  ///   - until: the time of the backup's last entry.
  ///   - merges: the results of merging the former file, and then the saved copies.
  ///   - backup: the digest that identifies the backup.
  ///   - former: the new name of the former file.
  ///   - saved: the merged copies.
  ///   - mark: the mark of the replaced journal.
  ///   - lost: the number of entries in neither file.
  init(
    until: Int64?, merges: [BackupMerge], backup: SHA256Digest, former: String, saved: [FilePath],
    mark: JournalAnchor?,
    lost: Int64
  ) {
    end = .start
    facts = AuditFacts([
      "knows-until": until.map { "\($0)" }, "deliveries": "\(merges.map(\.deliveries).reduce(0, +))",
      "arrivals": "\(merges.map(\.arrivals).reduce(0, +))",
      "readable": merges.first?.isWhole ?? false ? "yes" : "no", "backup": backup.hex, "former": former,
      "mark": mark?.description, "lost": lost == 0 ? nil : "\(lost)",
      "saved": saved.isEmpty ? nil : saved.compactMap(\.lastComponent?.string).joined(separator: "\n"),
    ])
  }

  /// Reads those of the last restoration.
  init(of journal: FilePath) throws {
    let entry = try SQLiteFile(writing: journal).read { database in
      try database.row(
        "SELECT number, hash, facts FROM entry WHERE delivery IS NULL AND arrival IS NULL AND state = 'restored' ORDER BY number DESC"
      )
    }
    guard let entry, let text = try entry.optionalText(2) else { throw NoJournal() }
    end = try JournalAnchor(row: entry)
    var facts = AuditFacts()
    facts.apply(text)
    self.facts = facts
  }

  /// The backup's content.
  var backup: SHA256Digest? { facts.values["backup"].flatMap(SHA256Digest.init(hex:)) }
  /// The mark of the journal that was replaced.
  var mark: JournalAnchor? { facts.values["mark"].flatMap { JournalAnchor($0) } }
  /// The name that the former file is given, or was given before the restoration was cut short.
  var former: String? { facts.values["former"] }

  /// Returns true if a saved copy was merged.
  func tookOver(_ saved: FilePath) -> Bool {
    guard let name = saved.lastComponent?.string else { return false }
    return facts.values["saved"]?.split(separator: "\n").contains { $0 == name } ?? false
  }

  func add(to transaction: JournalTransaction) throws {
    try transaction.addEntry(
      about: .journal, state: Self.state, detail: "a backup has taken the journal's place",
      facts: facts.changes(since: AuditFacts()), at: .now)
  }

  /// Returns the period without entries, after a restoration or a reconciliation that went on without them; the last
  /// one counts.
  static func loss(in database: SQLConnection) throws -> AcceptedLoss? {
    let rows = try database.rows(
      """
      SELECT at, facts FROM entry WHERE delivery IS NULL AND arrival IS NULL AND state IN ('restored', 'reconciled')
      ORDER BY number DESC
      """)
    while let row = try rows.next() {
      guard let text = try row.optionalText(1) else { continue }
      var facts = AuditFacts()
      facts.apply(text)
      guard facts.values["lost"] != nil else { continue }
      return AcceptedLoss(
        since: Timestamp(millisecondsSince1970: facts.values["knows-until"].flatMap { Int64($0) } ?? 0),
        until: Timestamp(millisecondsSince1970: try row.int(0)))
    }
    return nil
  }

  /// The facts of an entry that ends with a loss, as ``loss(in:)`` reads them.
  ///
  /// - Parameters:
  ///   - count: the number of entries that are lost, at least.
  ///   - since: the time of the last entry before the gap.
  static func facts(ofLoss count: Int64, since: Int64?) -> AuditFacts {
    AuditFacts(["knows-until": since.map { "\($0)" }, "lost": "\(count)"])
  }

  func restored(former: FilePath?, saved: [FilePath]) -> RestoredJournal {
    func number(_ name: String) -> Int64? { facts.values[name].flatMap { Int64($0) } }
    return RestoredJournal(
      former: former, saved: saved, knowsUntil: number("knows-until").map(Timestamp.init(millisecondsSince1970:)),
      deliveriesTakenOver: Int(number("deliveries") ?? 0), arrivalsTakenOver: Int(number("arrivals") ?? 0),
      formerWasReadable: facts.values["readable"] == "yes", lostEntries: Int(number("lost") ?? 0))
  }
}

struct NoJournal: Error, CustomStringConvertible {
  var description: String { "it is no journal" }
}

extension Journal {
  /// Returns the period without entries since a restoration; `nil` for none.
  func acceptedLoss() async throws(ExchangeError) -> AcceptedLoss? {
    if let known = knownLoss.withLock({ $0 }) { return known.loss }
    let loss = try await read { try RestorationFacts.loss(in: $0) }
    knownLoss.withLock { $0 = KnownLoss(loss: loss) }
    return loss
  }
}
