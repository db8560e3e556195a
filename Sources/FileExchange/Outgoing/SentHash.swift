internal import FilsluseBase

/// The running SHA-256 of a file during its upload, computed on threads of its own.
///
/// Pieces come in the file's order. The hashes of the latest prefixes are kept: an interrupted upload is resumed after
/// one of them that the server has acknowledged.
final class SentHash: Sendable {
  /// The hash of the file's first bytes.
  struct Beginning: Sendable, Equatable {
    let end: UInt64
    let sha256: SHA256Digest
  }

  private final class Running {
    var hash = SHA256()
    var end: UInt64 = 0
  }

  private struct Queue: Sendable {
    var pieces: [[UInt8]] = []
    /// The number of bytes of the pieces.
    var count = 0
    var isBeingHashed = false
    var beginnings: [Beginning] = []
    var whenShort: [CheckedContinuation<Void, Never>] = []
    var whenEmpty: [CheckedContinuation<Void, Never>] = []
  }

  private let running = Locked(Running())
  private let queue = Locked(Queue())

  private static let threads = BlockingThreads(name: "filsluse-sent", count: 2)
  /// The number of bytes in the queue above which a sender that is faster than the hashing waits.
  private static let fullQueue = 1 << 20
  /// More than can be in flight, piece by piece.
  private static let mostBeginnings = 128

  /// Hashes the beginning of a file that was sent before. Blocks.
  func addBeginning(of file: LocalFile, upTo end: UInt64) throws(ExchangeError) {
    var offset: UInt64 = 0
    while offset < end {
      let piece = try file.read(upTo: Int(min(1 << 20, end - offset)), at: offset)
      if piece.isEmpty { break }
      hash(piece)
      offset += UInt64(piece.count)
    }
  }

  /// Adds the next piece; returns at once unless many are queued.
  func add(_ piece: [UInt8]) async {
    if piece.isEmpty { return }
    let mustStart = queue.withLock { queue in
      queue.pieces.append(piece)
      queue.count += piece.count
      defer { queue.isBeingHashed = true }
      return !queue.isBeingHashed
    }
    if mustStart { Self.threads.start { self.hashQueue() } }
    await wait { queue in
      queue.count > Self.fullQueue ? \.whenShort : nil
    }
  }

  /// The hash of all that was taken.
  func digest() async -> SHA256Digest {
    await finish()
    return running.withLock { $0.hash.digestSoFar() }
  }

  /// Waits until the queue is empty.
  func finish() async {
    await wait { queue in queue.isBeingHashed ? \.whenEmpty : nil }
  }

  /// The longest beginning hashed so far that is no longer than `limit`.
  func beginning(atMost limit: UInt64) -> Beginning? {
    queue.withLock { $0.beginnings.last { $0.end <= limit } }
  }

  private typealias Waiters = WritableKeyPath<Queue, [CheckedContinuation<Void, Never>]>

  /// Waits in the list that `reason` returns; returns at once if it returns `nil`.
  private func wait(_ reason: @Sendable (Queue) -> Waiters?) async {
    await withCheckedContinuation { continuation in
      let mustWait = queue.withLock { queue in
        guard let waiters = reason(queue) else { return false }
        queue[keyPath: waiters].append(continuation)
        return true
      }
      if !mustWait { continuation.resume() }
    }
  }

  /// Hashes the queue, and lines up again for later pieces: other files want the threads, too.
  private func hashQueue() {
    let (pieces, whenShort) = queue.withLock { queue in
      defer { (queue.pieces, queue.count, queue.whenShort) = ([], 0, []) }
      return (queue.pieces, queue.whenShort)
    }
    for continuation in whenShort { continuation.resume() }
    for piece in pieces { hash(piece) }
    let whenEmpty: [CheckedContinuation<Void, Never>]? = queue.withLock { queue in
      guard queue.pieces.isEmpty else { return nil }
      queue.isBeingHashed = false
      defer { queue.whenEmpty = [] }
      return queue.whenEmpty
    }
    guard let whenEmpty else { return Self.threads.start { self.hashQueue() } }
    for continuation in whenEmpty { continuation.resume() }
  }

  private func hash(_ piece: [UInt8]) {
    let beginning = running.withLock { running in
      running.hash.update(piece)
      running.end += UInt64(piece.count)
      return Beginning(end: running.end, sha256: running.hash.digestSoFar())
    }
    queue.withLock { queue in
      queue.beginnings.append(beginning)
      if queue.beginnings.count > 2 * Self.mostBeginnings {
        queue.beginnings.removeFirst(queue.beginnings.count - Self.mostBeginnings)
      }
    }
  }
}
