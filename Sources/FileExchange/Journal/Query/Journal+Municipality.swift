internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// Adds the notes of an order's check to an existing delivery, each note once.
  static func keep(_ notes: StagingNotes, about delivery: Int64, in transaction: JournalTransaction) throws {
    try keep(
      notes.municipality, as: StagingNotes.municipalityEvent, facts: notes.municipalityFacts, about: delivery,
      in: transaction)
    try keepOverride(notes.override, about: delivery, in: transaction)
  }

  /// Adds the refusal of the route register that a person overrode, with the reason, once.
  static func keepOverride(
    _ override: OverriddenRefusal?, about delivery: Int64, in transaction: JournalTransaction
  ) throws {
    try keep(
      override?.text, as: StagingNotes.overrideEvent,
      facts: AuditFacts([StagingNotes.overrideReason: override?.reason]), about: delivery, in: transaction)
  }

  /// Adds an entry with a note about a delivery, unless one of its entries has that text.
  static func keep(
    _ note: String?, as state: EntryState, facts: AuditFacts, about delivery: Int64, in transaction: JournalTransaction
  ) throws {
    guard let note else { return }
    let kept = try transaction.databaseWithEntries().row(
      "SELECT 1 FROM entry WHERE delivery = ? AND detail = ? LIMIT 1", [delivery, note])
    if kept != nil { return }
    try transaction.addEntry(
      about: .delivery(delivery), state: state, detail: note, facts: facts.changes(since: AuditFacts()), at: .now)
  }

  /// Returns the municipality that the sender last stated a delivery's file to hold; `nil` for none.
  func statedMunicipality(of delivery: Int64) async throws(ExchangeError) -> String? {
    try await lastFact(StagingNotes.statedMunicipality, of: delivery)
  }

  /// The reason given when the route register was last overridden for a delivery; `nil` where it never was.
  func overrideReason(of delivery: Int64) async throws(ExchangeError) -> String? {
    try await lastFact(StagingNotes.overrideReason, of: delivery)
  }

  private func lastFact(_ name: String, of delivery: Int64) async throws(ExchangeError) -> String? {
    try await read { database in
      var facts = AuditFacts()
      let changes = try database.rows(
        "SELECT facts FROM entry WHERE delivery = ? AND facts IS NOT NULL ORDER BY number", [delivery]
      ).map { try $0.text(0) }
      for change in changes { facts.apply(change) }
      return facts.values[name]
    }
  }
}
