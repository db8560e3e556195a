internal import FilsluseSystem

/// A semaphore for tasks: a limited number of them go on at a time; the others wait in order.
final class Turns: Sendable {
  private struct Line: Sendable {
    var free: Int
    var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    var lastNumber = 0
  }

  private let line: Locked<Line>

  init(_ count: Int) { line = Locked(Line(free: max(count, 1))) }

  /// Runs `body` when its turn has come.
  ///
  /// - Throws: ``ExchangeError`` with code `cancelled` when the task is cancelled while it waits, and what `body` throws.
  func whileTaking<Result>(
    _ body: () async throws(ExchangeError) -> Result
  ) async throws(ExchangeError) -> Result {
    guard await take() else { throw .cancelled(while: "wait for others to be sent") }
    defer { giveBack() }
    return try await body()
  }

  private func take() async -> Bool {
    let number = line.withLock { line in
      line.lastNumber += 1
      return line.lastNumber
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = line.withLock { line in
          if Task.isCancelled { return false }
          if line.free > 0 {
            line.free -= 1
            return true
          }
          line.waiting.append((number, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiting = line.withLock { line in
        line.waiting.firstIndex { $0.number == number }.map { line.waiting.remove(at: $0).continuation }
      }
      waiting?.resume(returning: false)
    }
  }

  private func giveBack() {
    let next = line.withLock { line in
      if line.waiting.isEmpty {
        line.free += 1
        return nil as CheckedContinuation<Bool, Never>?
      }
      return line.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
