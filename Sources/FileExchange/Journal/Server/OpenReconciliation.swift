internal import FilsluseBase
internal import FilsluseStore

/// A reconciliation of a journal on a server that was begun and has not ended: until then no machine has the journal to
/// send or receive.
///
/// The part of each machine is an entry about the journal, with the machine's mark and the person's name and reason.
/// Another entry ends them all, when each machine that the server knows has had its part or was left out.
struct OpenReconciliation: Sendable {
  /// The number of the first part's entry.
  let firstEntry: Int64
  /// The machines that have had no part yet.
  let awaited: [KnownMachine.Name]

  /// The state of an entry about a machine's part.
  static let partState: EntryState = "reconciling"
  /// The state name of the entry that ends a reconciliation, and of entries about its findings.
  static let endState: EntryState = "reconciled"

  /// The fact with a machine's random number.
  static let machineFact = "machine"

  /// Returns the open reconciliation; `nil` for none.
  static func find(in database: SQLConnection) throws -> OpenReconciliation? {
    let entries = try database.rows(
      """
      SELECT number, state, facts FROM entry
      WHERE delivery IS NULL AND arrival IS NULL AND state IN ('\(partState)', '\(endState)') ORDER BY number DESC
      """)
    var first: Int64?
    var machines: Set<String> = []
    while let entry = try entries.next() {
      if try entry.text(1) == endState.name { break }
      first = try entry.int(0)
      var facts = AuditFacts()
      if let text = try entry.optionalText(2) { facts.apply(text) }
      if let machine = facts.values[machineFact] { machines.insert(machine) }
    }
    guard let first else { return nil }
    let awaited = try KnownMachine.names(in: database).filter { !machines.contains($0.number) }
    return OpenReconciliation(firstEntry: first, awaited: awaited)
  }

  /// The error of a journal that is opened, or is open, while it is being reconciled.
  func refusal(of name: String, _ code: ExchangeError.Code = .journalOutdated) -> ExchangeError {
    let machines = KnownMachine.Name.shown(awaited).map { Masked.name($0) }.joined(separator: ", ")
    let (open, openInDanish) =
      awaited.isEmpty
      ? ("what could not be proven there waits for a person", "det, der ikke kunne bevises, venter på en person")
      : ("these machines have not had their part: \(machines)", "disse maskiner mangler deres del: \(machines)")
    let remedy: Remedy = "reconcile it on each machine\(by: .reconcileJournal)"
    let danish: Remedy =
      "Journalen er ved at blive afstemt, og \(openInDanish). Afstem den på hver maskine\(by: .reconcileJournal)."
    return ExchangeError(
      code, operation: "use the journal", path: name,
      message: "it is being reconciled after it lost entries, and \(open)", remedy: remedy
    ).inDanish(danish.inDanish)
  }
}
