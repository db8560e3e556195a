internal import FilsluseBase

/// Runs `work` over all items, at most `limit()` at a time, and passes each outcome to `each` as it comes.
///
/// If `each` throws, no further item is begun; the running ones are cancelled and awaited, and `each` gets their
/// outcomes too, so that finished work is recorded. The first error is thrown.
func withBoundedTasks<Item: Sendable, Outcome: Sendable, Failure: Error>(
  _ items: [Item], limit: () -> Int, work: @escaping @Sendable (Item) async -> Outcome,
  each: (Outcome) throws(Failure) -> Void
) async throws(Failure) {
  let failure: Failure? = await withTaskGroup(of: Outcome.self) { group in
    var rest = items.makeIterator()
    var failure: Failure?
    var running = 0
    func fill() {
      while running < max(limit(), 1), let item = rest.next() {
        group.addTask { await work(item) }
        running += 1
      }
    }
    fill()
    while let outcome = await group.next() {
      running -= 1
      do throws(Failure) {
        try each(outcome)
      } catch {
        group.cancelAll()
        failure = failure ?? error
      }
      if failure == nil { fill() }
    }
    return failure
  }
  if let failure { throw failure }
}

extension AsyncSemaphore {
  /// Runs `body` when its turn has come.
  ///
  /// - Throws: ``ExchangeError`` with code `cancelled` when the task is cancelled while it waits, and what `body`
  ///   throws.
  func whileTaking<Result>(
    _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result {
    guard await take() else { throw .cancelled(while: "wait for others to be sent") }
    defer { giveBack() }
    return try await body()
  }
}
