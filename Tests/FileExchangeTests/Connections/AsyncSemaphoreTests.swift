import FilsluseBase
import Testing

@testable import FileExchange

/// Only so many files are open at the server at a time; the others wait in line.
@Suite(.timeLimit(.minutes(25))) struct AsyncSemaphoreTests {
  private struct Count: Sendable {
    var now = 0
    var most = 0
    var done = 0
  }

  @Test("a turn to upload ends once, with its last file or at its end")
  func uploadTurns() async {
    let turns = AsyncSemaphore(1)
    for isEndedEarly in [true, false] {
      #expect(await turns.take())
      let turn = UploadTurn(turns, files: 2)
      turn.noteSent()
      #expect(await isTaken(turns))
      if isEndedEarly { turn.noteSent() } else { turn.end() }
      #expect(await turns.take())
      turn.end()
      turn.noteSent()
      // Given back once: there is one turn, not two.
      #expect(await isTaken(turns))
      turns.giveBack()
    }
  }

  /// Returns true if no turn is to be had for a moment.
  private func isTaken(_ turns: AsyncSemaphore) async -> Bool {
    let taking = Task { await turns.take() }
    try? await Task.sleep(for: .milliseconds(20))
    taking.cancel()
    return await !taking.value
  }

  @Test("limits how many run at a time, and runs everyone once", arguments: [1, 3, 64])
  func noMoreAtATimeAndEveryoneOnce(limit: Int) async {
    let turns = AsyncSemaphore(limit)
    let count = Locked(Count())
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<200 {
        group.addTask {
          let outcome = await Result { () async throws(ExchangeError) in
            try await turns.whileTaking { () async throws(ExchangeError) in
              count.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
              }
              await Task.yield()
              count.withLock {
                $0.now -= 1
                $0.done += 1
              }
            }
          }
          if case .success = outcome { return true }
          return false
        }
      }
      for await succeeded in group { #expect(succeeded) }
    }
    #expect(count.withLock { $0.done } == 200 && count.withLock { $0.most } <= limit)
  }

  /// A turn that a cancelled task waited for goes to the next in line, and one that failed gives its turn back.
  @Test("a cancelled task leaves the queue")
  func whoIsCancelledLeavesTheLine() async throws {
    let turns = AsyncSemaphore(1)
    let (gate, open) = AsyncStream<Void>.makeStream()
    let (begun, begin) = AsyncStream<Void>.makeStream()
    let holder = Task {
      await Result { () async throws(ExchangeError) -> Void in
        try await turns.whileTaking { () async throws(ExchangeError) -> Void in
          begin.finish()
          for await _ in gate {}
          throw .cancelled(while: "hold")
        }
      }
    }
    for await _ in begun {}
    let waiting = (0..<20).map { number in
      Task {
        await Result { () async throws(ExchangeError) -> Int in
          try await turns.whileTaking { () async throws(ExchangeError) -> Int in number }
        }
      }
    }
    for task in waiting.prefix(10) { task.cancel() }
    for task in waiting.prefix(10) {
      guard case .failure(let error) = await task.value else {
        Issue.record("a cancelled task had its turn while another held it")
        continue
      }
      #expect(error.code == .cancelled)
    }
    open.finish()
    if case .success = await holder.value { Issue.record("the holder did not fail") }
    for (number, task) in waiting.enumerated().dropFirst(10) { #expect(try await task.value.get() == number) }
  }
}
