internal import FilsluseBase

/// The confirmed length of a transfer. Reports may come late or twice; the count never goes back.
final class ConfirmedBytes: Sendable {
  private let count: Locked<UInt64>

  init(from start: UInt64 = 0) { count = Locked(start) }

  var value: UInt64 { count.withLock { $0 } }

  /// Records a report, and returns the confirmed length before and after it.
  func advance(to reported: UInt64) -> (before: UInt64, now: UInt64) {
    count.withLock { count in
      let before = count
      count = max(count, reported)
      return (before, count)
    }
  }
}
