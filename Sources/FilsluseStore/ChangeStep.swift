/// The next step of a change: its result, or statements and what follows from their answers.
///
/// The statements of changes that share a transaction are sent together, so a change waits once for each of its steps,
/// however many others there are.
package enum ChangeStep<Transaction, Result> {
  /// The change is made.
  case done(Result)
  /// These statements come next, of which none needs another's answer.
  case ask([SQLQuestion], then: (Transaction, [SQLAnswer]) throws -> ChangeStep<Transaction, Result>)

  var isOpen: Bool { if case .ask = self { true } else { false } }

  /// Runs it and all that follow it, one after the other.
  ///
  /// - Throws: what a step throws, or ``StoreError``.
  package func result(in transaction: Transaction, _ database: SQLConnection) throws -> Result {
    var step = self
    while true {
      switch step {
      case .done(let result): return result
      case .ask(let questions, let then): step = try then(transaction, try database.ask(questions))
      }
    }
  }

  /// Returns the same step, with another result that is made from its own.
  ///
  /// - Throws: what `convert` throws, where the change is made.
  package func map<Other>(_ convert: @escaping (Result) throws -> Other) throws -> ChangeStep<Transaction, Other> {
    try flatMap { .done(try convert($0)) }
  }

  /// Returns the same step, after whose result a further one comes.
  ///
  /// - Throws: what `next` throws, where the change is made.
  package func flatMap<Other>(
    _ next: @escaping (Result) throws -> ChangeStep<Transaction, Other>
  ) throws -> ChangeStep<Transaction, Other> {
    switch self {
    case .done(let result): return try next(result)
    case .ask(let questions, let then):
      return .ask(questions, then: { transaction, answers in try then(transaction, answers).flatMap(next) })
    }
  }
}
