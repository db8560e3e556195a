internal import FilsluseBase

/// Messages to the server's thread: answers, and the order to stop.
final class HTTPMailbox: Sendable {
  struct Letters {
    var answers: [(connection: UInt64, response: HTTPResponse)] = []
    var isStopping = false
  }

  private struct State {
    var letters = Letters()
    var isOver = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  let wakeUp: EventFD
  private let state = Locked(State())

  init() throws(EventFDError) { wakeUp = try EventFD() }

  func answer(_ connection: UInt64, _ response: HTTPResponse) {
    state.withLock { $0.letters.answers.append((connection, response)) }
    wakeUp.signal()
  }

  func stop() {
    state.withLock { $0.letters.isStopping = true }
    wakeUp.signal()
  }

  /// Returns the messages since the last call.
  func collect() -> Letters {
    state.withLock { state in
      defer { state.letters.answers = [] }
      return state.letters
    }
  }

  /// Marks the thread as ended.
  func end() {
    let waiting = state.withLock { state in
      state.isOver = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Waits until the thread has ended.
  func ended() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiting.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }
}
