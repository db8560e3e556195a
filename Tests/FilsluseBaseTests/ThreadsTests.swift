import FilsluseBase
import Glibc
import Testing

@Suite struct ThreadsTests {
  @Test("locked counts every step")
  func lockedCountsEveryStep() async {
    let counter = Locked(0)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { for _ in 0..<500 { counter.withLock { $0 += 1 } } } }
    }
    #expect(counter.withLock { $0 } == 10_000)
  }

  @Test("a semaphore gives up after the longest wait or when cancelled, unless it is to wait in spite of that")
  func semaphore() async {
    let turns = AsyncSemaphore(1)
    #expect(await turns.take())
    #expect(await !turns.take(waitingAtMost: .milliseconds(20)))
    let patient = Task { await turns.take(heedsCancellation: false) }
    patient.cancel()
    let impatient = Task { await turns.take() }
    impatient.cancel()
    #expect(await !impatient.value)
    #expect(turns.taken == 1)
    turns.giveBack()
    #expect(await patient.value)
    #expect(turns.taken == 1)
  }

  @Test("blocking work runs off the pool and keeps its typed error")
  func blockingWorkRunsOffThePoolAndKeepsItsTypedError() async {
    struct Refusal: Error, Equatable { let number: Int }
    let results = await withTaskGroup(of: Int.self) { group in
      for number in 0..<12 {
        group.addTask {
          do throws(Refusal) {
            return try await BlockingThreads.shared.run { () throws(Refusal) -> Int in
              usleep(1000)
              if number.isMultiple(of: 2) { throw Refusal(number: number) }
              return number
            }
          } catch {
            return -error.number
          }
        }
      }
      return await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(results == [0, -2, -4, -6, -8, -10, 1, 3, 5, 7, 9, 11])
  }

  @Test("work that has ended is freed while other work waits")
  func doneWorkHoldsNothing() async throws {
    final class Held: Sendable {
      let isFreed: Locked<Bool>
      init(_ isFreed: Locked<Bool>) { self.isFreed = isFreed }
      deinit { isFreed.withLock { $0 = true } }
    }
    let isFreed = Locked(false)
    let threads = BlockingThreads(name: "test", count: 1)
    let (goOn, wakeUp) = (try EventFD(), try EventFD())
    @Sendable func waitFor(_ event: EventFD) {
      var poll = pollfd(fd: event.fileDescriptor, events: Int16(POLLIN), revents: 0)
      while Glibc.poll(&poll, 1, -1) < 1 {}
      event.clear()
    }
    // All of it waits in the queue before the first is run.
    threads.start { waitFor(goOn) }
    do {
      let held = Held(isFreed)
      threads.start { withExtendedLifetime(held) {} }
    }
    threads.start {
      wakeUp.signal()
      waitFor(goOn)
    }
    threads.start {}
    goOn.signal()
    waitFor(wakeUp)
    #expect(isFreed.withLock { $0 })
    goOn.signal()
  }

  @Test("a wake-up is seen once and reset")
  func aBellIsHeardOnceAndStilled() throws {
    let wakeUp = try EventFD()
    wakeUp.signal()
    wakeUp.signal()
    var poll = pollfd(fd: wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(Glibc.poll(&poll, 1, 0) == 1)
    wakeUp.clear()
    #expect(Glibc.poll(&poll, 1, 0) == 0)
  }

  @Test("a secret does not show")
  func aSecretDoesNotShow() {
    struct Login { let passphrase: Redacted<String> }
    let login = Login(passphrase: Redacted("hunter2"))
    var dumped = ""
    dump(login, to: &dumped)
    #expect(!"\(login)\(dumped)\(String(reflecting: login))".contains("hunter2"))
    #expect(login.passphrase.exposed == "hunter2")
  }
}
