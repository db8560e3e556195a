internal import FilsluseSFTP
internal import FilsluseBase

/// Sidecar files suspected of making the server end the session: nothing else was requested at the time.
///
/// A suspect is read last and alone, so that it does not block others. After two losses in a row it counts as refused
/// by the server, and is retried after growing pauses.
final class LosingSidecars: Sendable {
  private struct Loss: Sendable {
    var error: SFTPError
    var backoff = Backoff(first: .seconds(60), longest: .seconds(3600))
    var count = 0
    var nextTry = ContinuousClock.now
  }

  private struct State: Sendable {
    var losses: [Int64: Loss] = [:]
    var noted = 0
  }

  private let state = Locked(State())
  private static let mostRemembered = 1000
  private static let lossesBeforePause = 2

  /// The number of losses noted so far.
  var noted: Int { state.withLock(\.noted) }

  /// Returns true for a suspect, which must be read last and alone.
  func contains(_ id: Int64) -> Bool { state.withLock { $0.losses[id] != nil } }

  /// Returns the error of a file during its pause.
  func refusal(of id: Int64) -> SFTPError? {
    state.withLock { state in
      guard let loss = state.losses[id], loss.count >= Self.lossesBeforePause, loss.nextTry > .now else { return nil }
      return loss.error
    }
  }

  /// Notes that the session ended at a file.
  func note(_ id: Int64, _ error: SFTPError) {
    state.withLock { state in
      guard state.losses[id] != nil || state.losses.count < Self.mostRemembered else { return }
      var loss = state.losses[id] ?? Loss(error: error)
      loss.error = error
      loss.count += 1
      if loss.count >= Self.lossesBeforePause { loss.nextTry = .now + loss.backoff.next() }
      state.losses[id] = loss
      state.noted += 1
    }
  }

  /// Clears a suspect after it was read.
  func clear(_ id: Int64) { state.withLock { $0.losses[id] = nil } }
}
