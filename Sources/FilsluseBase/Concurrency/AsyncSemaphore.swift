/// A semaphore for tasks: a limited number of them go on at a time; the others wait in order and block no thread.
package final class AsyncSemaphore: Sendable {
  private struct State: Sendable {
    var count: Int
    var free: Int
    var waiting: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    var lastNumber = 0

    mutating func takeIfFree() -> Bool {
      if free == 0 { return false }
      free -= 1
      return true
    }
  }

  private let state: Locked<State>

  /// Creates a semaphore for `count` tasks at a time, and at least one.
  package init(_ count: Int) { state = Locked(State(count: max(count, 1), free: max(count, 1))) }

  /// The number of tasks that have a turn.
  package var taken: Int { state.withLock { $0.count - $0.free } }

  /// Waits for a turn; the caller must give it back.
  ///
  /// - Parameters:
  ///   - longest: the longest wait; `nil` for no limit.
  ///   - heedsCancellation: false to go on waiting when the task is cancelled.
  /// - Returns: false if the task was cancelled, or the longest wait ended, before the turn came.
  package func take(waitingAtMost longest: Duration? = nil, heedsCancellation: Bool = true) async -> Bool {
    if heedsCancellation, Task.isCancelled { return false }
    let number: Int? = state.withLock { state in
      if state.takeIfFree() { return nil }
      state.lastNumber += 1
      return state.lastNumber
    }
    guard let number else { return true }
    let deadline = longest.map { ContinuousClock.now + $0 }
    let alarm = deadline.map { deadline in
      Task {
        do { try await Task.sleep(until: deadline, clock: .continuous) } catch { return }
        leave(number)
      }
    }
    defer { alarm?.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          if heedsCancellation, Task.isCancelled { return false }
          // One may have been given back since.
          if state.takeIfFree() { return true }
          // The alarm may have come already.
          if let deadline, deadline <= .now { return false }
          state.waiting.append((number, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      if heedsCancellation { leave(number) }
    }
  }

  /// Stops waiting without a turn.
  private func leave(_ number: Int) {
    let waiting = state.withLock { state in
      state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0).continuation }
    }
    waiting?.resume(returning: false)
  }

  /// Gives a turn back.
  ///
  /// - Parameter count: the new number of simultaneous turns, if it has grown; `nil` for no limit.
  package func giveBack(of count: Int? = 0) {
    let next = state.withLock { state in
      let count = max(state.count, count ?? .max)
      state.free += 1 + (count - state.count)
      state.count = count
      let next = state.waiting.prefix(state.free).map(\.continuation)
      state.waiting.removeFirst(next.count)
      state.free -= next.count
      return next
    }
    for continuation in next { continuation.resume(returning: true) }
  }

  /// Removes the limit: all present and later tasks go on.
  package func endLimit() {
    let waiting = state.withLock { state in
      (state.count, state.free) = (.max, .max / 2)
      defer { state.waiting = [] }
      return state.waiting
    }
    for one in waiting { one.continuation.resume(returning: true) }
  }
}
