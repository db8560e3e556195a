internal import FilsluseBase
internal import TriggerFiles

/// The caller's own closure, which takes over files in this process.
///
/// At its time limit, or when the caller is cancelled, its task is cancelled and has a grace period to end. A closure
/// that ignores that is abandoned; it keeps the arrival's lock, so that it is not called again for that file before it
/// has returned.
struct ClosureReceiver: ArrivalReceiver {
  let timeout: Duration
  let tries: Int
  /// The grace period between cancelling the closure and leaving it to itself.
  var grace: Duration = .seconds(5)
  let body: @Sendable (ReceivedFile) async throws -> ReceiverAnswer

  /// Only a closure that was left to itself still has the lock, and nothing says that it ever ends.
  var lockPatience: Duration { .seconds(1) }

  func takeOver(_ file: ReceivedFile, holding lock: HandOverLock) async throws(ExchangeError) -> HandOverResult {
    switch await call(with: file, holding: lock) {
    case .returned(.success(.takenOver), _): .takenOver(nil)
    case .returned(.success(.businessReceipt(let acceptance, let reason, let route)), _):
      .takenOver(HandOverAnswer(acceptance: acceptance, reason: reason, route: route))
    case _ where Task.isCancelled: .cancelled
    case .returned(.failure(let error as ReceiverNotReady), _): .notNow(LocalizedText(Self.line("\(error)")))
    case .returned(.failure(let error), isTimeUp: false):
      .failed(
        LocalizedText(
          "it threw an error: \(Self.line("\(error)"))", "modtageren fejlede: \(Self.line("\(error)"))"))
    case .returned(.failure, isTimeUp: true):
      .failed(
        LocalizedText(
          "it was not done after \(timeout.visible) and was cancelled",
          "modtageren var ikke færdig efter \(timeout.visibleInDanish) og blev afbrudt"))
    case .stillRunning:
      .failed(
        LocalizedText(
          "it was not done after \(timeout.visible), was cancelled, and still runs",
          "modtageren var ikke færdig efter \(timeout.visibleInDanish), blev afbrudt og kører stadig"))
    }
  }

  private enum End: Sendable {
    case returned(Result<ReceiverAnswer, any Error>, isTimeUp: Bool)
    case stillRunning
  }

  private func call(with file: ReceivedFile, holding lock: HandOverLock) async -> End {
    let (grace, body) = (grace, body)
    let work = Task {
      defer { withExtendedLifetime(lock) {} }
      return try await body(file)
    }
    // Ends early, with an error, if the closure is to be cancelled before the time limit.
    let timeLimit = Task { [timeout] in try await Task.sleep(for: timeout) }
    let isTimeUp = Locked(false)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let first = FirstEnd(continuation)
        let patience = Task {
          let ended = await timeLimit.result
          if Task.isCancelled { return }
          if case .success = ended { isTimeUp.withLock { $0 = true } }
          work.cancel()
          do { try await Task.sleep(for: grace) } catch { return }
          first.resume(with: .stillRunning)
        }
        Task {
          let result = await work.result
          patience.cancel()
          timeLimit.cancel()
          first.resume(with: .returned(result, isTimeUp: isTimeUp.withLock { $0 }))
        }
      }
    } onCancel: {
      timeLimit.cancel()
    }
  }

  /// The closure's text in one line that is safe to log and to journal.
  private static func line(_ text: String) -> String {
    // Masked before it is cut: half a number would not be known as one.
    let text = Masked.name(VisibleText.oneLine(text))
    return text.count > 200 ? "\(text.prefix(200))…" : text
  }

  /// Resumes a continuation with the first of two ends.
  private final class FirstEnd: Sendable {
    private let continuation: Locked<CheckedContinuation<End, Never>?>

    init(_ continuation: CheckedContinuation<End, Never>) { self.continuation = Locked(continuation) }

    func resume(with end: End) {
      let waiting = continuation.withLock { waiting in
        defer { waiting = nil }
        return waiting
      }
      waiting?.resume(returning: end)
    }
  }
}
