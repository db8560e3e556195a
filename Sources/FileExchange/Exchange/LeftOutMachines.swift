internal import FilsluseBase

extension KnownMachine.Name {
  /// Returns the names of machines for people: the host's, with the machine's number where several have that.
  static func shown(_ machines: [Self]) -> [String] {
    machines.map { machine in
      let isOnlyOne = machines.count(where: { $0.host == machine.host }) == 1
      return isOnlyOne ? machine.host : "\(machine.host) (\(machine.id))"
    }
  }

  /// Returns the machines that a person leaves out, each by its number, or by the name of its host.
  ///
  /// - Throws: ``ExchangeError`` with code `invalid-delivery` where several machines are meant.
  static func leftOut(
    by answers: ReconciliationAnswers, among awaited: [Self]
  ) throws(ExchangeError) -> Set<Self> {
    var leftOut: Set<Self> = []
    for name in answers.leftOut.sorted() {
      let meant = awaited.filter { $0.host == name || "\($0.id)" == name }
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
