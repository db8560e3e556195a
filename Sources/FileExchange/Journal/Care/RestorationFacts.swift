internal import FilsluseSystem
internal import GRDB
internal import SystemPackage

/// What the entry about a restoration says: its report, and what one that is cut short needs to be finished.
struct RestorationFacts {
  private let facts: AuditFacts
  private static let state = "restored"

  /// - Parameters:
  ///   - until: when the backup's last entry was written.
  ///   - backup: which backup it is.
  ///   - former: the name that the former file is given.
  init(until: Int64?, rescue: Rescue, backup: SHA256Digest, former: String) {
    facts = AuditFacts([
      "knows-until": until.map { "\($0)" }, "deliveries": "\(rescue.deliveries)", "arrivals": "\(rescue.arrivals)",
      "readable": rescue.isWhole ? "yes" : "no", "backup": backup.hex, "former": former,
    ])
  }

  /// Reads those of the last restoration.
  init(of journal: FilePath) throws {
    let text = try DatabaseQueue(path: journal.string).read { database in
      try String.fetchOne(
        database,
        sql: "SELECT facts FROM entry WHERE delivery IS NULL AND arrival IS NULL AND state = ? ORDER BY number DESC",
        arguments: [Self.state])
    }
    guard let text else { throw NoJournal() }
    var facts = AuditFacts()
    facts.apply(text)
    self.facts = facts
  }

  /// The backup's content.
  var backup: SHA256Digest? { facts.values["backup"].flatMap(SHA256Digest.init(hex:)) }
  /// The name that the former file is given, or was given before the restoration was cut short.
  var former: String? { facts.values["former"] }

  func add(to transaction: JournalTransaction) throws {
    try transaction.addEntry(
      about: .journal, state: Self.state, detail: "a backup has taken the journal's place",
      facts: facts.changes(since: AuditFacts()), at: .now)
  }

  func restored(former: FilePath?) -> RestoredJournal {
    func number(_ name: String) -> Int64? { facts.values[name].flatMap { Int64($0) } }
    return RestoredJournal(
      former: former, knowsUntil: number("knows-until").map(Timestamp.init(millisecondsSince1970:)),
      deliveriesTakenOver: Int(number("deliveries") ?? 0), arrivalsTakenOver: Int(number("arrivals") ?? 0),
      formerWasReadable: facts.values["readable"] == "yes")
  }
}

struct NoJournal: Error, CustomStringConvertible {
  var description: String { "it is no journal" }
}
