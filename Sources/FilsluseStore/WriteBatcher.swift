package import FilsluseBase

/// The part of a transaction that its changes share. The batcher knows no tables, so the owner of the tables makes it.
package protocol BatchTransaction: SendableMetatype {
  /// The facts about a committed transaction.
  associatedtype Summary: Sendable

  /// Begins it; undoing a part of a transaction begins a new one.
  init(_ database: SQLConnection)

  /// The facts about it so far.
  var summary: Summary { get }
}

/// Group commit: changes that come while another transaction is being synced wait for it, and then share one.
package final class WriteBatcher<Transaction: BatchTransaction, Failure: Error>: Sendable {
  /// A change with its caller, whose result type is erased.
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

  private let database: DurableDatabase
  private let threads: BlockingThreads
  private let afterCommit: @Sendable (Transaction.Summary) throws(Failure) -> Void
  private let failure: @Sendable (any Error) -> Failure
  private let waiting = Locked(Waiting())

  /// - Parameters:
  ///   - threads: the threads that transactions run on.
  ///   - afterCommit: called after each commit; the changes fail where it throws.
  ///   - failure: translates an error for the callers.
  package init(
    _ database: DurableDatabase, threads: BlockingThreads,
    afterCommit: @escaping @Sendable (Transaction.Summary) throws(Failure) -> Void,
    failure: @escaping @Sendable (any Error) -> Failure
  ) {
    self.database = database
    self.threads = threads
    self.afterCommit = afterCommit
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

  /// Stays on its thread while anything waits: going back to the tasks' own threads in between, it would stand in line
  /// behind those whose changes it has just written.
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

  /// Commits the changes together. Where one of them fails, none is kept, and each is committed by itself: savepoints
  /// for the sake of that rare case would cost every change more than its own statements do. Where it is not known
  /// whether they are kept, none is run again.
  private func commit(_ writes: [Write]) {
    do {
      let summary = try database.write { database in
        let transaction = Transaction(database)
        for write in writes { try write.run(transaction) }
        return transaction.summary
      }
      confirm(writes, summary)
    } catch {
      guard writes.count > 1, (error as? StoreError)?.cause != .uncertain else {
        for write in writes { write.fail(failure(error)) }
        return
      }
      for write in writes { commit([write]) }
    }
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
