/// A request to stop a part of a long-running program: it begins nothing new, and finishes or leaves its work in
/// progress.
///
/// A service group stops whole services; this stops the parts of one service together, or one part while the others go
/// on.
package final class GracefulStop: Sendable {
  private struct State: Sendable {
    var isRequested = false
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var next = 0
  }

  private let state = Locked(State())

  /// Creates a stop that is not requested yet.
  package init() {}

  /// True once the stop was requested.
  package var isRequested: Bool { state.withLock { $0.isRequested } }

  /// Requests the stop, from any thread.
  package func request() {
    let waiting = state.withLock { state in
      state.isRequested = true
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until the stop is requested, `duration` is over, or the task is cancelled; returns true if the stop is
  /// requested.
  package func wait(atMost duration: Duration) async -> Bool {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask { try? await Task.sleep(for: duration) }
      await group.next()
      group.cancelAll()
    }
    return isRequested
  }

  /// Waits until the stop is requested or the task is cancelled.
  package func wait() async {
    let number = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if state.isRequested || Task.isCancelled { return true }
          state.waiting[number] = continuation
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
    }
  }
}
