/// A coalescing signal for one waiting task: without a waiting task, the next wait gets it.
package final class AsyncSignal: Sendable {
  private struct State {
    var isSignalled = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Locked(State())

  /// A signal that is not given.
  package init() {}

  /// Wakes the waiting task, or the next one that waits.
  package func signal() {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      if state.waiting == nil { state.isSignalled = true }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Waits until it is signalled, `duration` is over, or the task is cancelled.
  package func wait(atMost duration: Duration) async {
    let alarm = Task {
      try await Task.sleep(for: duration)
      self.signal()
    }
    defer { alarm.cancel() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isSignalled || Task.isCancelled {
            state.isSignalled = false
            return true
          }
          state.waiting = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      signal()
    }
  }
}
