internal import FilsluseBase

extension KnownMachine.Name {
  /// Returns the machines that a person leaves out, each by its number, by the name of its host, or by both.
  ///
  /// - Throws: ``ExchangeError`` with code `invalid-delivery` where several machines are meant.
  static func leftOut(
    by answers: ReconciliationAnswers, among awaited: [Self]
  ) throws(ExchangeError) -> Set<Self> {
    var leftOut: Set<Self> = []
    for name in answers.leftOut.sorted() {
      let meant = awaited.filter { $0.isMeant(by: name) }
      if meant.count > 1 { throw isAmbiguous(name, meant) }
      leftOut.formUnion(meant)
    }
    return leftOut
  }

  private static func isAmbiguous(_ name: String, _ machines: [Self]) -> ExchangeError {
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
