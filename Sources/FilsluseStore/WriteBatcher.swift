package import FilsluseBase

/// The part of a transaction that its changes share. The batcher knows no tables, so the owner of the tables makes it.
package protocol BatchTransaction: SendableMetatype {
  /// The facts about a committed transaction.
  associatedtype Summary: Sendable

  /// Begins it; undoing a part of a transaction begins a new one.
  init(_ database: SQLConnection)

  /// The facts about it: asked for once it is committed, or its commit had no answer.
  var summary: Summary { get }

  /// Writes what the changes deferred to the end; the commit follows.
  func finish() throws
}

extension BatchTransaction {
  package func finish() throws {}
}

/// The fate of a transaction whose commit had no answer.
package enum CommitFate<Summary: Sendable>: Sendable {
  /// It was kept, with these facts about it.
  case kept(Summary)
  /// The transaction was undone.
  case notKept
  /// It cannot be known.
  case unknown
}

/// Group commit: changes that come while another transaction is being synced wait for it, and then share one.
package final class WriteBatcher<Transaction: BatchTransaction, Failure: Error>: Sendable {
  /// A change with its caller; the result type is erased.
  private struct Write: Sendable {
    /// The subject of a change in steps; `nil` where its steps are not to be run among those of others.
    let subject: Subject?
    /// Begins the change; one that throws must be undone.
    let begin: @Sendable (Transaction) throws -> ChangeStep<Transaction, Void>
    /// Returns the result to the caller, now that the change is on the disk.
    let confirm: @Sendable () -> Void
    /// Returns an error to the caller: nothing was written.
    let fail: @Sendable (Failure) -> Void
  }

  /// The subject of a change. Of those that share a transaction, changes with the same subject are made one after the
  /// other.
  package enum Subject: Sendable, Hashable {
    /// The row of that number in a table.
    case row(String, Int64)
    /// None: rows are only inserted, and where two must not be, a unique index says so.
    case new
  }

  private struct Waiting: Sendable {
    var writes: [Write] = []
    var isBeingWritten = false
  }

  private let database: any TransactionalDatabase
  private let threads: BlockingThreads
  private let afterCommit: @Sendable (Transaction.Summary) throws(Failure) -> Void
  private let wasKept: @Sendable (Transaction.Summary) throws -> CommitFate<Transaction.Summary>
  private let failure: @Sendable (any Error) -> Failure
  private let waiting = Locked(Waiting())

  /// - Parameters:
  ///   - threads: the threads that transactions run on.
  ///   - afterCommit: called after each commit; if it throws, the changes fail.
  ///   - wasKept: checks whether a transaction was kept if its commit had no answer.
  ///   - failure: translates an error for the callers.
  package init(
    _ database: any TransactionalDatabase, threads: BlockingThreads,
    afterCommit: @escaping @Sendable (Transaction.Summary) throws(Failure) -> Void,
    wasKept: @escaping @Sendable (Transaction.Summary) throws -> CommitFate<Transaction.Summary> = { _ in .unknown },
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
    try await enqueue(about: nil) { .done(try change($0)) }
  }

  /// Runs a change in steps. Its statements are sent together with those of other changes about other subjects, and
  /// must not rest on the order in which they and those are run.
  ///
  /// - Parameter begin: returns the first step, and runs no statement itself.
  /// - Throws: the translation of what a step throws, or of an error of the database.
  package func write<Result: Sendable>(
    about subject: Subject, inSteps begin: @escaping @Sendable (Transaction) throws -> ChangeStep<Transaction, Result>
  ) async throws(Failure) -> Result {
    try await enqueue(about: subject, begin)
  }

  private func enqueue<Result: Sendable>(
    about subject: Subject?, _ begin: @escaping @Sendable (Transaction) throws -> ChangeStep<Transaction, Result>
  ) async throws(Failure) -> Result {
    let outcome: Swift.Result<Result, Failure> = await withCheckedContinuation { continuation in
      let result = Locked<Result?>(nil)
      let write = Write(
        subject: subject,
        begin: { transaction in
          try begin(transaction).map { value in result.withLock { $0 = value } }
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
    var begun: Transaction?
    do {
      let committed = try database.write { database in
        let transaction = Transaction(database)
        begun = transaction
        try run(writes, in: transaction, database)
        try transaction.finish()
        return transaction
      }
      confirm(writes, committed.summary)
    } catch {
      let storeError = error as? StoreError
      if storeError?.cause == .uncertain { return settle(writes, begun?.summary, tries: tries, error) }
      if storeError?.isOfConnection != true {
        if writes.count > 1 { return writes.forEach { commit([$0]) } }
        if storeError?.isCollision == true, tries > 1 { return commit(writes, tries: tries - 1) }
      }
      for write in writes { write.fail(failure(error)) }
    }
  }

  /// Runs the changes in their order. On PostgreSQL the steps of those that follow each other are run together.
  private func run(_ writes: [Write], in transaction: Transaction, _ database: SQLConnection) throws {
    if database.kind == .sqlite {
      for write in writes { try write.begin(transaction).result(in: transaction, database) }
      return
    }
    var steps: [ChangeStep<Transaction, Void>] = []
    var subjects: Set<Subject> = []
    for write in writes {
      let isApart = write.subject.map { $0 != .new && !subjects.insert($0).inserted } ?? true
      if isApart {
        try run(steps, in: transaction, database)
        (steps, subjects) = ([], Set(write.subject.map { [$0] } ?? []))
      }
      steps.append(try write.begin(transaction))
    }
    try run(steps, in: transaction, database)
  }

  /// Runs steps until all are done: each time the statements of all that are not are sent in one go.
  private func run(
    _ steps: [ChangeStep<Transaction, Void>], in transaction: Transaction, _ database: SQLConnection
  ) throws {
    var open = steps.filter(\.isOpen)
    while !open.isEmpty {
      var questions: [SQLQuestion] = []
      for case .ask(let asked, _) in open { questions += asked }
      var answers = try database.ask(questions)[...]
      var next: [ChangeStep<Transaction, Void>] = []
      for case .ask(let asked, let then) in open {
        next.append(try then(transaction, Array(answers.prefix(asked.count))))
        answers = answers.dropFirst(asked.count)
      }
      open = next.filter(\.isOpen)
    }
  }

  /// Looks what became of changes whose commit had no answer: they are kept, or are run again. Where that cannot be
  /// seen they fail, and none is run again.
  private func settle(_ writes: [Write], _ summary: Transaction.Summary?, tries: Int, _ error: any Error) {
    let fate = summary.flatMap { try? wasKept($0) }
    switch fate {
    case .kept(let found): return confirm(writes, found)
    case .notKept where tries > 1: return commit(writes, tries: tries - 1)
    case .notKept, .unknown, nil: break
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
