internal import FilsluseBase

/// Divides the requests in flight among the transfers, so that together they use no more than one transfer would.
///
/// The requests in flight determine the memory: 80 writes of 32 KB are 2.5 MB, for any number of files.
final class FairShare: Sendable {
  private let total: Int
  private let users = Locked(0)

  init(of total: Int) { self.total = total }

  /// The number of requests of one transfer now: at least one.
  var share: Int { users.withLock { max(1, total / max(1, $0)) } }

  /// The number of transfers under way.
  var count: Int { users.withLock { $0 } }

  /// Counts a transfer in while `body` runs.
  func whileTaking<Result>(_ body: () async throws(SFTPError) -> Result) async throws(SFTPError) -> Result {
    users.withLock { $0 += 1 }
    defer { users.withLock { $0 -= 1 } }
    return try await body()
  }
}
