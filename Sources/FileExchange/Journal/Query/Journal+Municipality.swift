internal import FilsluseStore
internal import FilsluseBase
internal import TriggerFiles

extension Journal {
  /// Adds to a delivery that is known already what was found when its order was checked, each note once.
  static func keep(_ notes: StagingNotes, about delivery: Int64, in transaction: JournalTransaction) throws {
    try keep(notes.municipality, as: "municipality", about: delivery, in: transaction)
    try keepOverride(notes.override, about: delivery, in: transaction)
  }

  /// Adds the refusal of the route register that a person overrode, with the reason, once.
  static func keepOverride(_ note: String?, about delivery: Int64, in transaction: JournalTransaction) throws {
    try keep(note, as: "override", about: delivery, in: transaction)
  }

  private static func keep(
    _ note: String?, as state: String, about delivery: Int64, in transaction: JournalTransaction
  ) throws {
    guard let note else { return }
    let kept = try transaction.database.row(
      "SELECT 1 FROM entry WHERE delivery = ? AND detail = ? LIMIT 1", [delivery, note])
    if kept != nil { return }
    try transaction.addEntry(about: .delivery(delivery), state: state, detail: note, facts: nil, at: .now)
  }

  /// The municipality that its sender stated a delivery's file to hold, the last time; `nil` where nothing was stated.
  func statedMunicipality(of delivery: Int64) async throws(ExchangeError) -> String? {
    try await read { database in
      let details = try database.rows(
        "SELECT detail FROM entry WHERE delivery = ? AND detail IS NOT NULL ORDER BY number DESC", [delivery]
      ).map { try $0.text(0) }
      return details.lazy.compactMap { MunicipalityStatement(text: $0) }.first?.municipality.code
    }
  }

  /// The reason for which a person overrode the route register for a delivery, the last time; `nil` where nobody did.
  func overrideReason(of delivery: Int64) async throws(ExchangeError) -> String? {
    try await read { database in
      try database.row(
        "SELECT detail FROM entry WHERE delivery = ? AND state = 'override' ORDER BY number DESC LIMIT 1", [delivery]
      ).flatMap { OverrideNote(text: try $0.text(0))?.reason }
    }
  }
}
