internal import FilsluseSystem

/// How long a run waits for receipts: as long as it is still sending, and its patience longer.
///
/// It outlives a connection that is lost: the time runs on while a new one is made.
final class ReceiptWait: Sendable {
  /// How long to wait after the last trigger; `nil` does not wait.
  let patience: Duration?
  private let end = Locked<ContinuousClock.Instant?>(nil)

  init(patience: Duration?) { self.patience = patience }

  /// From now on the time runs; a second call changes nothing.
  func everythingIsSent() {
    guard let patience else { return }
    end.withLock { end in end = end ?? .now + patience }
  }

  /// Whether the time is up.
  var isOver: Bool { end.withLock { end in end.map { ContinuousClock.now >= $0 } ?? false } }

  /// When to look again: after the pause, and for the last time when the time is up.
  func next(after pause: Duration) -> ContinuousClock.Instant {
    let next = ContinuousClock.now + pause
    return end.withLock { end in end.map { min($0, next) } ?? next }
  }
}
