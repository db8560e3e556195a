internal import FilsluseBase

/// The deadline of a run for receipts: its patience after the end of sending.
///
/// It survives a lost connection: the time goes on while a new one is opened.
final class ReceiptDeadline: Sendable {
  /// The time to wait after the last trigger; `nil` does not wait.
  let patience: Duration?
  private let end = Locked<ContinuousClock.Instant?>(nil)
  /// The interval between two reports.
  private let report: Duration
  private let nextReport: Locked<ContinuousClock.Instant>

  init(patience: Duration?, report: Duration = .seconds(30)) {
    self.patience = patience
    self.report = report
    nextReport = Locked(.now + report)
  }

  /// Returns true if a report is due, and schedules the next one a period later.
  func takeReport() -> Bool {
    nextReport.withLock { next in
      guard next <= .now else { return false }
      next = .now + report
      return true
    }
  }

  /// The longest remaining wait: the whole patience while anything is still being sent.
  var remaining: Duration {
    end.withLock { end in end.map { max(.zero, $0 - .now) } ?? patience ?? .zero }
  }

  /// From now on the time runs; a second call changes nothing.
  func everythingIsSent() {
    guard let patience else { return }
    end.withLock { end in end = end ?? .now + patience }
  }

  /// True once the time is up.
  var isOver: Bool { end.withLock { end in end.map { ContinuousClock.now >= $0 } ?? false } }

  /// Returns the time of the next look: after the pause, and for the last time when the time is up.
  func next(after pause: Duration) -> ContinuousClock.Instant {
    let (now, report) = (ContinuousClock.now, nextReport.withLock { $0 })
    let next = report > now ? min(now + pause, report) : now + pause
    return end.withLock { end in end.map { min($0, next) } ?? next }
  }
}
