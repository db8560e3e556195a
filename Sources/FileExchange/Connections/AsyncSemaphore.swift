internal import FilsluseBase

/// A semaphore for tasks: a limited number of them go on at a time; the others wait in order.
final class AsyncSemaphore: Sendable {
  private struct Line: Sendable {
    var count: Int
    var free: Int
    var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    var lastNumber = 0
  }

  private let line: Locked<Line>

  init(_ count: Int) { line = Locked(Line(count: max(count, 1), free: max(count, 1))) }

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

  /// Waits for a turn, which is to be given back; false when the task is cancelled before it comes.
  func take() async -> Bool {
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

  /// Gives a turn back.
  ///
  /// - Parameter count: how many go on at a time from now on, where that has grown; `nil` for no limit.
  func giveBack(of count: Int? = 0) {
    let next = line.withLock { line in
      let count = max(line.count, count ?? .max)
      line.free += 1 + (count - line.count)
      line.count = count
      let next = line.waiting.prefix(line.free).map(\.continuation)
      line.waiting.removeFirst(next.count)
      line.free -= next.count
      return next
    }
    for continuation in next { continuation.resume(returning: true) }
  }

  /// Lets everyone go on who waits or comes later.
  func endLimit() {
    let waiting = line.withLock { line in
      (line.count, line.free) = (.max, .max / 2)
      defer { line.waiting = [] }
      return line.waiting
    }
    for one in waiting { one.continuation.resume(returning: true) }
  }
}
