import FilsluseBase
import Testing

@testable import FilsluseSFTP

@Suite(.timeLimit(.minutes(25))) struct LoginTurnsTests {
  /// Counts how many run at a time.
  private struct Running: Sendable {
    let now = Locked((running: 0, most: 0, done: 0))

    func during(_ body: () async -> Void) async {
      now.withLock { state in
        state.running += 1
        state.most = max(state.most, state.running)
      }
      await body()
      now.withLock { state in
        state.running -= 1
        state.done += 1
      }
    }
  }

  @Test("limits the logins at one server, and admits all in the end")
  func fewAtATime() async throws {
    let turns = LoginLimiter(atATime: 3)
    let (here, there) = (Running(), Running())
    try await withThrowingTaskGroup { group in
      for number in 0..<40 {
        group.addTask {
          try await turns.withTurn(at: number % 2 == 0 ? "a:22" : "b:22", longest: .seconds(60)) {
            () async throws(SFTPError) in
            await (number % 2 == 0 ? here : there).during { for _ in 0..<20 { await Task.yield() } }
          }
        }
      }
      try await group.waitForAll()
    }
    for running in [here, there] {
      let state = running.now.withLock { $0 }
      #expect(state.most <= 3 && state.done == 20, "\(state)")
    }
    #expect(turns.underWay(at: "a:22") == 0 && turns.underWay(at: "b:22") == 0)
  }

  @Test("gives a turn back when the login fails")
  func failedLogins() async throws {
    let turns = LoginLimiter(atATime: 1)
    for _ in 0..<3 {
      await #expect(throws: SFTPError.self) {
        try await turns.withTurn(at: "a", longest: .seconds(60)) { () async throws(SFTPError) in throw .cancelled }
      }
    }
    #expect(turns.underWay(at: "a") == 0)
  }

  @Test("admits a login after the longest wait, and when cancelled")
  func waitingEnds() async throws {
    let turns = LoginLimiter(atATime: 1)
    let (release, held) = (Locked(false), Locked(false))
    async let holder: Void = turns.withTurn(at: "a", longest: .seconds(60)) { () async throws(SFTPError) in
      held.withLock { $0 = true }
      while !release.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(2)) }
    }
    while !held.withLock({ $0 }) { await Task.yield() }
    let late = try await turns.withTurn(at: "a", longest: .milliseconds(20)) { () async throws(SFTPError) in true }
    #expect(late)
    let waiting = Task {
      try await turns.withTurn(at: "a", longest: .seconds(600)) { () async throws(SFTPError) in Task.isCancelled }
    }
    waiting.cancel()
    #expect(try await waiting.value)
    #expect(turns.underWay(at: "a") == 1)
    release.withLock { $0 = true }
    try await holder
    #expect(turns.underWay(at: "a") == 0)
  }
}
