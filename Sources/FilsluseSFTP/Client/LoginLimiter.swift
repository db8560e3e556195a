internal import FilsluseBase

/// Limits how many logins are under way at one server at a time, over all clients of the process.
///
/// OpenSSH's server drops connections at random from the eleventh on that has not logged in (`MaxStartups 10:30:100`).
/// Where a program has many accounts at one server, all of them log in together after a start or an outage.
final class LoginLimiter: Sendable {
  /// The turns of the process.
  static let shared = LoginLimiter(atATime: 4)

  private let atATime: Int
  private let servers = Locked<[String: Server]>([:])

  /// The logins at one server.
  private struct Server {
    var underWay = 0
    var nextID = 0
    /// First come, first served. The value is whether the turn counts.
    var waiting: [(id: Int, waiter: CheckedContinuation<Bool, Never>)] = []
  }

  init(atATime: Int) { self.atATime = atATime }

  /// Runs `body` when fewer than the limit are under way at the server.
  ///
  /// - Parameter longest: the longest wait; then `body` runs all the same, so that the last of many notices a server
  ///   that answers none of them. A cancelled task does not wait.
  func withTurn<Result>(
    at server: String, longest: Duration, _ body: () async throws(SFTPError) -> Result
  ) async throws(SFTPError) -> Result {
    let counts = await take(server, longest: longest)
    defer { if counts { giveBack(server) } }
    return try await body()
  }

  /// Returns the number under way at a server.
  func underWay(at server: String) -> Int { servers.withLock { $0[server]?.underWay ?? 0 } }

  private func take(_ server: String, longest: Duration) async -> Bool {
    let id: Int? = servers.withLock { servers in
      var state = servers[server, default: Server()]
      defer { servers[server] = state }
      if state.underWay < atATime {
        state.underWay += 1
        return nil
      }
      state.nextID += 1
      return state.nextID
    }
    guard let id else { return true }
    let alarm = Task {
      do { try await Task.sleep(for: longest) } catch { return }
      leave(server, id)
    }
    defer { alarm.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let outcome: Bool? = servers.withLock { servers in
          guard !Task.isCancelled else { return false }
          // One may have been given back since.
          if let state = servers[server], state.underWay >= atATime {
            servers[server]?.waiting.append((id, waiter))
            return nil
          }
          servers[server, default: Server()].underWay += 1
          return true
        }
        if let outcome { waiter.resume(returning: outcome) }
      }
    } onCancel: {
      leave(server, id)
    }
  }

  /// Stops waiting without a turn.
  private func leave(_ server: String, _ id: Int) {
    let waiter = servers.withLock { servers -> CheckedContinuation<Bool, Never>? in
      guard let place = servers[server]?.waiting.firstIndex(where: { $0.id == id }) else { return nil }
      return servers[server]?.waiting.remove(at: place).waiter
    }
    waiter?.resume(returning: false)
  }

  private func giveBack(_ server: String) {
    let next = servers.withLock { servers -> CheckedContinuation<Bool, Never>? in
      guard var state = servers[server] else { return nil }
      if !state.waiting.isEmpty {
        let next = state.waiting.removeFirst().waiter
        servers[server] = state
        return next
      }
      state.underWay -= 1
      servers[server] = state.underWay > 0 ? state : nil
      return nil
    }
    next?.resume(returning: true)
  }
}
