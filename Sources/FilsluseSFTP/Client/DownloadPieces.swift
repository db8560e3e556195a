internal import FilsluseBase

/// The pieces of one file that several connections fetch together.
///
/// Each connection takes the next piece when it has room for it. If a connection fails, another one fetches its rest.
/// The confirmed part is the beginning of the file that the sink has taken without gaps, whatever the size of the local
/// file.
final class DownloadPieces: SharedPieces {
  /// The length of every piece except the last.
  private static let pieceSize: UInt64 = 256 * 1024
  /// The greatest distance from the end of the confirmed part to the end of the last piece taken. A slow connection
  /// holds up the others beyond it, and an interrupted download repeats no more than that.
  private static let mostAhead = 96 * pieceSize

  private struct State: Sendable {
    /// Pieces, or the rests of some, that a connection gave back.
    var returned: [Range<UInt64>] = []
    var next: UInt64
    var confirmed: ConfirmedPrefix
    var failure: SFTPError?
    var waiting: [Waiter] = []
  }

  private let size: UInt64
  private let state: Locked<State>

  /// - Parameters:
  ///   - offset: the number of bytes present already.
  ///   - next: the end of this connection's requests so far.
  ///   - size: the size of the file.
  init(from offset: UInt64, requestedUpTo next: UInt64, of size: UInt64) {
    self.size = size
    state = Locked(State(next: next, confirmed: ConfirmedPrefix(from: offset)))
  }

  /// The number of bytes from the start of the file that the sink has taken without gaps.
  var confirmed: UInt64 { state.withLock { $0.confirmed.end } }

  /// The reason why the download has failed, if it has.
  var failure: SFTPError? { state.withLock { $0.failure } }

  /// True once all of the file is confirmed, or the download has failed.
  var isDone: Bool { state.withLock { isDone($0) } }

  private func isDone(_ state: State) -> Bool { state.failure != nil || state.confirmed.end == size }

  private func hasPiece(_ state: State) -> Bool {
    state.failure == nil
      && (!state.returned.isEmpty || state.next < size && state.next - state.confirmed.end < Self.mostAhead)
  }

  /// The next piece to fetch, if there is one now.
  func takeNow() -> Range<UInt64>? {
    state.withLock { state in
      guard hasPiece(state) else { return nil }
      if !state.returned.isEmpty { return state.returned.removeFirst() }
      let start = state.next
      state.next = min(start + Self.pieceSize, size)
      return start..<state.next
    }
  }

  func enqueue(_ waiter: Waiter) -> Bool {
    state.withLock { state in
      guard !hasPiece(state), !isDone(state) else { return false }
      state.waiting.append(waiter)
      return true
    }
  }

  /// Notes that the sink has taken a stretch, and returns up to where it has taken the file.
  func confirm(_ stretch: Range<UInt64>) -> UInt64 {
    change { $0.confirmed.add(stretch) }
    return confirmed
  }

  /// Takes back the rests of a failed connection, for another one.
  func giveBack(_ rests: [Range<UInt64>]) { change { $0.returned += rests.filter { !$0.isEmpty } } }

  /// Ends the download; the first reason counts.
  func fail(_ error: SFTPError) { change { $0.failure = $0.failure ?? error } }

  /// Changes the state, and wakes the tasks that can go on.
  private func change(_ body: (inout State) -> Void) {
    let woken = state.withLock { state in
      body(&state)
      var woken: [Waiter] = []
      if hasPiece(state) || isDone(state) { swap(&woken, &state.waiting) }
      return woken
    }
    for waiter in woken { waiter.resume() }
  }
}
