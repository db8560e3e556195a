internal import FilsluseBase
internal import TriggerFiles

/// The machines of a journal that is reconciled.
struct ReconciliationMachines: Sendable {
  /// All that ever had it.
  let all: [KnownMachine.Name]
  /// The other ones that have to have their part.
  let awaited: [KnownMachine.Name]
  /// True if one of them has had its part already.
  let isOpen: Bool
}

extension ReconciliationAnswers {
  /// Checks all answers against what was seen.
  ///
  /// - Returns: the machines that they leave out, each by its number, by the name of its host, or by both.
  /// - Throws: ``ExchangeError`` with code `invalid-delivery` for an answer that does not fit.
  func check(
    _ items: [Reconciliation.Item], _ machines: ReconciliationMachines
  ) throws(ExchangeError) -> Set<KnownMachine.Name> {
    // What an earlier part has answered is no item any more.
    if !machines.isOpen, let number = numbers.subtracting(items.map(\.number)).min() { throw Self.hasNoItem(number) }
    if let item = contradiction(among: items) { throw Self.contradicts(item) }
    for name in leftOut.sorted() where !machines.all.contains(where: { $0.isMeant(by: name) }) {
      throw Self.isNoMachine(name)
    }
    var machinesLeftOut: Set<KnownMachine.Name> = []
    for name in leftOut.sorted() {
      let meant = machines.awaited.filter { $0.isMeant(by: name) }
      if meant.count > 1 { throw Self.isAmbiguous(name, meant) }
      machinesLeftOut.formUnion(meant)
    }
    return machinesLeftOut
  }

  private static func hasNoItem(_ number: String) -> ExchangeError {
    let number = Masked.name(number)
    let danish: Remedy =
      "Ingen levering eller modtagelse, der skal afstemmes, har nummeret \(number). Udelad det svar; de åbne numre vises uden svar\(by: .reconcileJournal)."
    return ExchangeError(
      .invalidDelivery, operation: "reconcile the journal",
      message: "no delivery or arrival that is to be reconciled has the number \(number)",
      remedy: "leave that answer out; the open numbers are shown without answers\(by: .reconcileJournal)"
    ).inDanish(danish.inDanish)
  }

  private static func isNoMachine(_ host: String) -> ExchangeError {
    let host = Masked.name(host)
    let danish: Remedy =
      "Ingen maskine med navnet \(host) har haft journalen. Udelad en maskine med det navn, der vises\(by: .reconcileJournal)."
    return ExchangeError(
      .invalidDelivery, operation: "reconcile the journal", message: "no machine named \(host) ever had the journal",
      remedy: "leave a machine out by the name that is shown\(by: .reconcileJournal)"
    ).inDanish(danish.inDanish)
  }

  private static func contradicts(_ item: Reconciliation.Item) -> ExchangeError {
    ExchangeError(
      .invalidDelivery, operation: "reconcile the journal", path: item.name,
      message: "the answer about \(item.number) contradicts the evidence: \(item.evidence.en)",
      remedy: "leave that answer out"
    ).inDanish("Svaret om \(item.number) modsiges af det fundne: \(item.evidence.da). Udelad det svar.")
  }

  private static func isAmbiguous(_ name: String, _ machines: [KnownMachine.Name]) -> ExchangeError {
    let numbers = machines.map { "\($0.id)" }.joined(separator: ", ")
    return ExchangeError(
      .invalidDelivery, operation: "reconcile the journal", path: name,
      message: "\(machines.count) machines have this name: their numbers are \(numbers)",
      remedy: "name the one that is gone by its number"
    ).inDanish(
      "\(machines.count) maskiner hedder \(Masked.name(name)): deres numre er \(numbers). Angiv den, der er væk, med dens nummer."
    )
  }
}
