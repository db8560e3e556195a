internal import FilsluseBase

/// Limits the logins in progress at one server at a time, over all clients of the process.
///
/// OpenSSH's server drops connections at random when more than ten have not logged in yet (`MaxStartups 10:30:100`). A
/// program with many accounts at one server logs in with all of them at once after a start or an outage.
final class LoginLimiter: Sendable {
  /// The limiter of the process.
  static let shared = LoginLimiter(atATime: 4)

  private let atATime: Int
  private let servers = Locked<[String: AsyncSemaphore]>([:])

  init(atATime: Int) { self.atATime = atATime }

  /// Runs `body` when fewer logins than the limit are in progress at the server.
  ///
  /// - Parameter longest: the longest wait; then `body` runs in any case, so that even the last of many tasks notices a
  ///   server that answers none of them. A cancelled task does not wait.
  func withTurn<Result>(
    at server: String, longest: Duration, _ body: () async throws(SFTPError) -> Result
  ) async throws(SFTPError) -> Result {
    let turns = servers.withLock { servers in
      let turns = servers[server] ?? AsyncSemaphore(atATime)
      servers[server] = turns
      return turns
    }
    let counts = await turns.take(waitingAtMost: longest)
    defer { if counts { turns.giveBack() } }
    return try await body()
  }

  /// Returns the number under way at a server.
  func underWay(at server: String) -> Int { servers.withLock { $0[server]?.taken ?? 0 } }
}
