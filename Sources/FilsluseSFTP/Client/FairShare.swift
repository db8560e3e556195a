internal import FilsluseSystem

/// How many requests each transfer may have in flight, so that many at once share what one alone would use.
///
/// What is in flight is what takes memory: 64 writes of 32 KB are 2 MB, however many files they belong to.
final class FairShare: Sendable {
  private let total: Int
  private let users = Locked(0)

  init(of total: Int) { self.total = total }

  /// What one transfer may use now: at least one request.
  var share: Int { users.withLock { max(1, total / max(1, $0)) } }

  /// Counts a transfer in while `body` runs.
  func whileTaking<Result>(_ body: () async throws(SFTPError) -> Result) async throws(SFTPError) -> Result {
    users.withLock { $0 += 1 }
    defer { users.withLock { $0 -= 1 } }
    return try await body()
  }
}
