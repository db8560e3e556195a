internal import FilsluseBase

/// The running SHA-256 of a file during its download, computed on threads of its own.
///
/// It reads the local file up to the end of the part without gaps, so pieces may come in any order, over several
/// connections.
final class FetchedHash: Sendable {
  private final class Running {
    var hash = SHA256()
    var end: UInt64 = 0
  }

  private struct State: Sendable {
    /// The end of the part fetched without gaps.
    var goal: UInt64 = 0
    var isAtWork = false
    var whenIdle: [CheckedContinuation<Void, Never>] = []
  }

  private let file: LocalFile
  private let running = Locked(Running())
  private let state = Locked(State())

  private static let threads = BlockingThreads(name: "filsluse-fetch", count: 2)
  private static let pieceSize: UInt64 = 256 << 10

  init(of file: LocalFile) { self.file = file }

  /// Notes up to where the file has come without gaps, and returns at once.
  func follow(to end: UInt64) {
    let mustStart = state.withLock { state in
      guard end >= state.goal + Self.pieceSize else { return false }
      state.goal = end
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    if mustStart { Self.threads.start { self.work() } }
  }

  /// Begins again, for a file that is fetched from its first byte once more.
  func reset() async {
    state.withLock { $0.goal = 0 }
    await waitUntilIdle()
    running.withLock { running in
      running.hash = SHA256()
      running.end = 0
    }
  }

  /// The number of bytes hashed so far, and their hash.
  var soFar: (UInt64, SHA256Digest) { running.withLock { ($0.end, $0.hash.digestSoFar()) } }

  /// Returns the size of the file and the hash of all of it, when it has come.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when it cannot be read.
  func digest() async throws(ExchangeError) -> (UInt64, SHA256Digest) {
    await waitUntilIdle()
    return try await Self.threads.run { () throws(ExchangeError) in
      let size = try self.file.status().size
      while try self.hashPiece(upTo: size) {}
      let (end, sha256) = self.soFar
      // A file that has become shorter is hashed again.
      return end == size ? (size, sha256) : (size, try self.file.digest())
    }
  }

  /// Hashes a piece, and lines up again for the next one: other files want the threads, too.
  private func work() {
    let goal = state.withLock { $0.goal }
    let hasHashed: Bool
    do throws(ExchangeError) {
      hasHashed = try hashPiece(upTo: goal)
    } catch {
      // `digest` reads on from there, and fails as this does.
      hasHashed = false
    }
    let end = running.withLock { $0.end }
    let waiting: [CheckedContinuation<Void, Never>]? = state.withLock { state in
      if hasHashed, end < state.goal { return nil }
      state.isAtWork = false
      defer { state.whenIdle = [] }
      return state.whenIdle
    }
    guard let waiting else { return Self.threads.start { self.work() } }
    for continuation in waiting { continuation.resume() }
  }

  /// Hashes the next piece before an offset; false where there is none.
  private func hashPiece(upTo goal: UInt64) throws(ExchangeError) -> Bool {
    let start = running.withLock { $0.end }
    guard start < goal else { return false }
    let piece = try file.read(upTo: Int(min(Self.pieceSize, goal - start)), at: start)
    guard !piece.isEmpty else { return false }
    running.withLock { running in
      running.hash.update(piece)
      running.end += UInt64(piece.count)
    }
    return true
  }

  private func waitUntilIdle() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isIdle = state.withLock { state in
        if state.isAtWork { state.whenIdle.append(continuation) }
        return !state.isAtWork
      }
      if isIdle { continuation.resume() }
    }
  }
}
