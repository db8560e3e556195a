internal import FilsluseBase

/// The pieces of one file that several connections send together.
///
/// One reader adds them in the file's order, and each connection takes the next one when it has room for it. If a
/// connection fails, another one sends its pieces from memory: every byte is read and hashed once. The confirmed part
/// is the beginning of the file that the server has acknowledged without gaps, whatever the size of its file.
final class UploadPieces: SharedPieces {
  struct Piece: Sendable {
    let offset: UInt64
    let bytes: [UInt8]

    var end: UInt64 { offset + UInt64(bytes.count) }
  }

  /// The length of a piece but the last.
  static let pieceSize = 8 * WriteFlight.requestSize
  /// The greatest distance from the end of the confirmed part to the end of the last piece read. A slow connection
  /// holds up the others beyond it, and an interrupted upload repeats no more than that.
  static let mostAhead = UInt64(96 * pieceSize)
  /// The greatest number of pieces in memory that no connection has taken yet.
  private static let mostReady = 4

  private struct State: Sendable {
    var ready: [Piece] = []
    var end: UInt64
    var confirmed: ConfirmedPrefix
    var isReadToEnd = false
    var failure: SFTPError?
    var senders: [Waiter] = []
    var reader: Waiter?

    var isDone: Bool { failure != nil || (isReadToEnd && confirmed.end == end) }
    var hasRoom: Bool { failure != nil || (ready.count < mostReady && end - confirmed.end < mostAhead) }
  }

  private let state: Locked<State>

  init(from offset: UInt64) { state = Locked(State(end: offset, confirmed: ConfirmedPrefix(from: offset))) }

  /// The number of bytes from the start of the file that the server has acknowledged without gaps.
  var confirmed: UInt64 { state.withLock { $0.confirmed.end } }

  /// True once all of the file is confirmed, or the upload has failed.
  var isDone: Bool { state.withLock { $0.isDone } }

  /// The reason why the upload has failed, if it has.
  var failure: SFTPError? { state.withLock { $0.failure } }

  /// Adds the next bytes of the file, and waits until there is room for more; false once the upload has failed.
  func add(_ bytes: [UInt8]) async -> Bool {
    change { state in
      state.ready.append(Piece(offset: state.end, bytes: bytes))
      state.end += UInt64(bytes.count)
    }
    await withCheckedContinuation { (waiter: Waiter) in
      let mustWait = state.withLock { state in
        if state.hasRoom { return false }
        state.reader = waiter
        return true
      }
      if !mustWait { waiter.resume() }
    }
    return failure == nil
  }

  /// Notes that the file is read to its end.
  func finishReading() { change { $0.isReadToEnd = true } }

  /// The next piece, if there is one now.
  func takeNow() -> Piece? {
    var piece: Piece?
    change { state in
      guard state.failure == nil, !state.ready.isEmpty else { return }
      piece = state.ready.removeFirst()
    }
    return piece
  }

  func enqueue(_ waiter: Waiter) -> Bool {
    state.withLock { state in
      guard state.ready.isEmpty, !state.isDone else { return false }
      state.senders.append(waiter)
      return true
    }
  }

  /// Notes that the server has acknowledged a piece, and returns up to where it has acknowledged the file.
  func confirm(_ piece: Piece) -> UInt64 {
    var confirmed: UInt64 = 0
    change { state in
      state.confirmed.add(piece.offset..<piece.end)
      confirmed = state.confirmed.end
    }
    return confirmed
  }

  /// Takes back the pieces of a failed connection, for another one.
  func giveBack(_ pieces: [Piece]) { change { $0.ready.insert(contentsOf: pieces, at: 0) } }

  /// Ends the upload; the first reason counts.
  func fail(_ error: SFTPError) { change { $0.failure = $0.failure ?? error } }

  /// Changes the state, and wakes the tasks that can go on.
  private func change(_ body: (inout State) -> Void) {
    let woken = state.withLock { state in
      body(&state)
      var woken: [Waiter] = []
      if !state.ready.isEmpty || state.isDone { swap(&woken, &state.senders) }
      if state.hasRoom, let reader = state.reader.take() { woken.append(reader) }
      return woken
    }
    for waiter in woken { waiter.resume() }
  }
}
