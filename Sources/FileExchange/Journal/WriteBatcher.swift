internal import SystemPackage

/// The changes that wait for the journal's next transaction.
struct WriteBatcher {
  var writes: [any AnyWaitingWrite] = []
  var isBeingWritten = false
}

/// A change with its caller, whose result type is erased.
protocol AnyWaitingWrite: Sendable {
  /// Runs the change; one that throws must be undone.
  func run(in transaction: JournalTransaction) throws
  /// Returns the result to the caller, now that the change is on the disk.
  func confirm()
  /// Returns an error to the caller: nothing was written.
  func fail(_ error: ExchangeError)
}

/// A change, and the continuation of the task that waits for it to be on the disk.
final class WaitingWrite<Result: Sendable>: AnyWaitingWrite, @unchecked Sendable {
  // Unchecked: `outcome` is only touched by the one commit that holds this write.
  private let path: FilePath
  private let change: @Sendable (JournalTransaction) throws -> Result
  private let continuation: CheckedContinuation<Swift.Result<Result, ExchangeError>, Never>
  private var outcome: Swift.Result<Result, ExchangeError>?

  init(
    path: FilePath, change: @escaping @Sendable (JournalTransaction) throws -> Result,
    continuation: CheckedContinuation<Swift.Result<Result, ExchangeError>, Never>
  ) {
    self.path = path
    self.change = change
    self.continuation = continuation
  }

  func run(in transaction: JournalTransaction) throws { outcome = .success(try change(transaction)) }

  func confirm() {
    guard let outcome else {
      return fail(
        ExchangeError(
          .journal, operation: "write the journal", path: path.string, message: "the change was not run",
          remedy: "report this as a defect"))
    }
    continuation.resume(returning: outcome)
  }

  func fail(_ error: ExchangeError) { continuation.resume(returning: .failure(error)) }
}
