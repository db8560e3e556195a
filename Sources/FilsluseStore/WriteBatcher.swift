package import FilsluseBase

/// The part of a transaction that its changes share. The batcher knows no tables, so the owner of the tables makes it.
package protocol BatchTransaction: SendableMetatype {
  /// The facts about a committed transaction.
  associatedtype Summary: Sendable

  /// Begins it; undoing a part of a transaction begins a new one.
  init(_ database: SQLConnection)

  /// The facts about it so far.
  var summary: Summary { get }

  /// Writes what the changes deferred to the end; the commit follows.
  func finish() throws
}

extension BatchTransaction {
  package func finish() throws {}
}

/// Group commit: changes that come while another transaction is being synced wait for it, and then share one.
package final class WriteBatcher<Transaction: BatchTransaction, Failure: Error>: Sendable {
  /// A change with its caller; the result type is erased.
  private struct Write: Sendable {
    /// Runs the change; one that throws must be undone.
    let run: @Sendable (Transaction) throws -> Void
    /// Returns the result to the caller, now that the change is on the disk.
    let confirm: @Sendable () -> Void
    /// Returns an error to the caller: nothing was written.
    let fail: @Sendable (Failure) -> Void
  }

  private struct Waiting: Sendable {
    var writes: [Write] = []
    var isBeingWritten = false
  }

  private let database: any TransactionalDatabase
  private let threads: BlockingThreads
  private let afterCommit: @Sendable (Transaction.Summary) throws(Failure) -> Void
  private let wasKept: @Sendable (Transaction.Summary) throws -> Bool?
  private let failure: @Sendable (any Error) -> Failure
  private let waiting = Locked(Waiting())

  /// - Parameters:
  ///   - threads: the threads that transactions run on.
  ///   - afterCommit: called after each commit; if it throws, the changes fail.
  ///   - wasKept: checks whether a transaction was kept if its commit had no answer; returns `nil` if it cannot be
  ///     known.
  ///   - failure: translates an error for the callers.
  package init(
    _ database: any TransactionalDatabase, threads: BlockingThreads,
    afterCommit: @escaping @Sendable (Transaction.Summary) throws(Failure) -> Void,
    wasKept: @escaping @Sendable (Transaction.Summary) throws -> Bool? = { _ in nil },
    failure: @escaping @Sendable (any Error) -> Failure
  ) {
    self.database = database
    self.threads = threads
    self.afterCommit = afterCommit
    self.wasKept = wasKept
    self.failure = failure
  }

  /// Runs a change in a transaction and returns when it is on the disk.
  ///
  /// - Throws: the translation of what `change` throws, or of an error of the database.
  package func write<Result: Sendable>(
    _ change: @escaping @Sendable (Transaction) throws -> Result
  ) async throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = await withCheckedContinuation { continuation in
      let result = Locked<Result?>(nil)
      let write = Write(
        run: { transaction in
          let value = try change(transaction)
          result.withLock { $0 = value }
        },
        confirm: { [failure] in
          guard let value = result.withLock({ $0 }) else {
            return continuation.resume(returning: .failure(failure(StoreError(.other, "the change was not run"))))
          }
          continuation.resume(returning: .success(value))
        },
        fail: { continuation.resume(returning: .failure($0)) })
      let mustStart = waiting.withLock { waiting in
        waiting.writes.append(write)
        defer { waiting.isBeingWritten = true }
        return !waiting.isBeingWritten
      }
      if mustStart { threads.start { self.writeAllThatWaits() } }
    }
    return try outcome.get()
  }

  /// Stays on its thread while changes wait: it would otherwise queue for a thread behind the tasks whose changes it
  /// has just written.
  private func writeAllThatWaits() {
    while true {
      let writes = waiting.withLock { waiting in
        defer { waiting.writes = [] }
        if waiting.writes.isEmpty { waiting.isBeingWritten = false }
        return waiting.writes
      }
      if writes.isEmpty { return }
      commit(writes)
    }
  }

  /// Commits the changes together. If one of them fails, none is kept, and each is committed by itself: savepoints for
  /// that rare case would cost every change more than its own statements do.
  ///
  /// - Parameter tries: the number of runs if they collide with other sessions' changes.
  private func commit(_ writes: [Write], tries: Int = 5) {
    var summary: Transaction.Summary?
    do {
      let end = try database.write { database in
        let transaction = Transaction(database)
        for write in writes { try write.run(transaction) }
        try transaction.finish()
        let end = transaction.summary
        summary = end
        return end
      }
      confirm(writes, end)
    } catch {
      let storeError = error as? StoreError
      if storeError?.cause == .uncertain { return settle(writes, summary, tries: tries, error) }
      if storeError?.isOfConnection != true {
        if writes.count > 1 { return writes.forEach { commit([$0]) } }
        if storeError?.isCollision == true, tries > 1 { return commit(writes, tries: tries - 1) }
      }
      for write in writes { write.fail(failure(error)) }
    }
  }

  /// Checks whether changes were kept if their commit had no answer, and runs them again if not. If that cannot be
  /// known, they fail and none is run again.
  private func settle(_ writes: [Write], _ summary: Transaction.Summary?, tries: Int, _ error: any Error) {
    if let summary, tries > 1, let isKept = try? wasKept(summary) {
      return isKept ? confirm(writes, summary) : commit(writes, tries: tries - 1)
    }
    for write in writes { write.fail(failure(error)) }
  }

  private func confirm(_ writes: [Write], _ summary: Transaction.Summary) {
    do throws(Failure) {
      try afterCommit(summary)
    } catch {
      for write in writes { write.fail(error) }
      return
    }
    for write in writes { write.confirm() }
  }
}
