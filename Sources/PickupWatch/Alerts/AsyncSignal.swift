internal import FilsluseBase

/// A coalescing signal for one waiting task: without a waiting task, the next wait gets it.
final class AsyncSignal: Sendable {
  private struct State {
    var isRung = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Locked(State())

  func ring() {
    let waiting = state.withLock { state in
      defer { state.waiting = nil }
      if state.waiting == nil { state.isRung = true }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Returns when it rings, when `duration` is over, or when the task is cancelled.
  func wait(atMost duration: Duration) async {
    let alarm = Task {
      try await Task.sleep(for: duration)
      self.ring()
    }
    defer { alarm.cancel() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isRung || Task.isCancelled {
            state.isRung = false
            return true
          }
          state.waiting = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      ring()
    }
  }
}
