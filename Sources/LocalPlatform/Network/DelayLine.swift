import Glibc

/// One direction of a connection through the proxy: bytes go in, wait as long as the line is long, and come out in
/// order.
struct DelayLine {
  private struct Piece {
    let bytes: [UInt8]
    let due: Nanoseconds
  }

  private var pieces: [Piece] = []
  private var first = 0
  /// The number of bytes of the first piece that have left the line.
  private var offset = 0
  /// The time at which the line has sent all bytes so far, where its rate is limited.
  private var freeAt: Nanoseconds = 0
  private(set) var waiting = 0

  /// The time at which the next bytes leave the line; `nil` for an empty line.
  var due: Nanoseconds? { first < pieces.count ? pieces[first].due : nil }

  /// Returns true if the line can hold more: enough for a fast line of 100 ms, little where the rate is limited, so
  /// that a sender notices the limit.
  func hasRoom(_ conditions: TCPProxy.Conditions) -> Bool {
    guard let rate = conditions.bytesPerSecond else { return waiting < 32 << 20 }
    return waiting < 65_536 + Int(Double(rate) * (conditions.delay / .seconds(1)))
  }

  mutating func append(_ bytes: [UInt8], at now: Nanoseconds, _ conditions: TCPProxy.Conditions) {
    var sent = now
    if let rate = conditions.bytesPerSecond, rate > 0 {
      sent = max(now, freeAt) + Nanoseconds(Double(bytes.count) / Double(rate) * 1e9)
      freeAt = sent
    }
    // Never before the piece ahead: a shorter delay, set after that piece entered, must not reorder bytes.
    let due = max(sent + Nanoseconds(conditions.delay), pieces.last?.due ?? 0)
    pieces.append(Piece(bytes: bytes, due: due))
    waiting += bytes.count
  }

  /// Hands the bytes that are due to `write`, at most `limit` of them, and removes as many as it took.
  ///
  /// - Returns: how many bytes went out, and whether `write` failed for good.
  mutating func drain(
    at now: Nanoseconds, limit: Int, _ write: (UnsafeRawBufferPointer) -> Int
  ) -> (written: Int, failed: Bool) {
    var written = 0
    while written < limit, let due, due <= now {
      let piece = pieces[first].bytes
      let count = piece.withUnsafeBytes { bytes in
        write(UnsafeRawBufferPointer(rebasing: bytes[offset...].prefix(limit - written)))
      }
      guard count >= 0 else { return (written, errno != EAGAIN && errno != EINTR) }
      written += count
      waiting -= count
      offset += count
      if offset == piece.count { removeFirst() }
    }
    return (written, false)
  }

  private mutating func removeFirst() {
    offset = 0
    first += 1
    if first == pieces.count {
      pieces.removeAll(keepingCapacity: true)
      first = 0
    } else if first >= 256 {
      pieces.removeFirst(first)
      first = 0
    }
  }
}

/// Moments and spans of the monotonic clock.
typealias Nanoseconds = Int64

extension Nanoseconds {
  /// The length of a duration.
  init(_ duration: Duration) {
    let parts = duration.components
    self = parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
  }

  /// The monotonic clock's time.
  static var now: Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Nanoseconds(time.tv_sec) * 1_000_000_000 + Nanoseconds(time.tv_nsec)
  }
}
