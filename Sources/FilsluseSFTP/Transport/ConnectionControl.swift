internal import FilsluseBase

/// The state of a connection's life, shared between its thread and the tasks that use it.
final class ConnectionControl: Sendable {
  let wakeUp: EventFD
  private let state = Locked(State())

  private struct State {
    var opener: CheckedContinuation<Result<Void, SFTPError>, Never>?
    var stopReason: SFTPError?
    var isGone = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  init(wakeUp: EventFD) { self.wakeUp = wakeUp }

  func begin(_ opener: CheckedContinuation<Result<Void, SFTPError>, Never>) {
    state.withLock { $0.opener = opener }
  }

  /// Asks the thread to end; the first reason counts.
  func stop(_ reason: SFTPError) {
    state.withLock { $0.stopReason = $0.stopReason ?? reason }
    wakeUp.signal()
  }

  /// For the thread, at every turn.
  func checkStopped() throws(SFTPError) {
    if let reason = state.withLock({ $0.stopReason }) { throw reason }
  }

  /// The thread has logged in, or failed to.
  func opened(_ outcome: Result<Void, SFTPError>) {
    let opener = state.withLock { state in
      defer { state.opener = nil }
      return state.opener
    }
    opener?.resume(returning: outcome)
  }

  /// Records that the thread has released everything, and resumes those who wait for that.
  func gone() {
    let waiters = state.withLock { state in
      state.isGone = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func waitUntilGone() async {
    await withCheckedContinuation { waiter in
      let isGone = state.withLock { state in
        if !state.isGone { state.waiters.append(waiter) }
        return state.isGone
      }
      if isGone { waiter.resume() }
    }
  }
}
