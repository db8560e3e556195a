import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing

@testable import FileExchange

/// Handing over beside other work: other files, other processes, pauses, and cancellation.
@Suite(.timeLimit(.minutes(25))) struct HandOverTurnsTests {
  /// The first waits until the second has been handed over.
  @Test("a slow program holds up no other arrival")
  func aSlowProgramHoldsUpNoOtherArrival() async throws {
    try await TestExchange.withProgram(
      "if test $FILSLUSE_NAME = slow.csv; then while ! test -e \"$1/done\"; do sleep 0.05; done; else : >\"$1/done\"; fi"
    ) { test in
      try test.arrive("slow.csv")
      _ = try await test.journal.arrivals()
      try test.arrive("z.csv")
      #expect(await test.exchange.collect("account").collected.count == 2)
    }
  }

  @Test("handing over can go on beside collecting")
  func handingOverCanGoOnBesideCollecting() async throws {
    try await TestExchange.withProgram("echo $FILSLUSE_NAME >>\"$log\"") { test in
      for number in 1...9 { try test.arrive("f\(number).csv") }
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      let fetched = await test.exchange.collect("account", options: options)
      #expect(fetched.waiting.count == 9 && fetched.collected.isEmpty && fetched.problems.isEmpty)
      #expect(try test.log().isEmpty)
      let handed = await test.exchange.handOver("account")
      #expect(handed.handedOver.count == 9 && handed.problems.isEmpty)
      #expect(try test.log().sorted() == (1...9).map { "f\($0).csv" })
      #expect(try test.names(in: test.incoming).count == 18)
      let removed = await test.exchange.collect("account", options: options)
      #expect(removed.collected.count == 9)
      #expect(try test.names(in: test.incoming).isEmpty && test.log().count == 9)
    }
  }

  @Test("the hand-over loop ends when it is stopped")
  func aLoopThatHandsOverEndsWhenItIsAsked() async throws {
    try await TestExchange.withProgram("echo $FILSLUSE_NAME >>\"$log\"; test $FILSLUSE_NAME != bad.csv") { test in
      let exchange = test.exchange
      let looks = Locked(0)
      async let handing = exchange.handOver("account") {
        try? await Task.sleep(for: .milliseconds(20))
        looks.withLock { $0 += 1 }
        return (try? await test.journal.arrivals(JournalFilter.state(.handedOver)).count) != 3
      }
      for name in ["a.csv", "b.csv", "c.csv", "bad.csv"] { try test.arrive(name) }
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      _ = await exchange.collect("account", options: options)
      _ = await handing
      #expect(looks.withLock { $0 } > 0)
      #expect(try await test.journal.arrivals(JournalFilter.state(.handedOver)).count == 3)
    }
  }

  @Test("leaves an arrival that another process hands over")
  func whatSomebodyElseHandsOverIsLeftToThem() async throws {
    try await TestExchange.withProgram("echo x >>\"$log\"") { test in
      try test.arrive("a.csv")
      try test.arrive("b.csv")
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      let waiting = await test.exchange.collect("account", options: options).waiting
      let other = try await test.reopened()
      let claimed: Void? = try await other.journal.withClaim(on: .arrival(try #require(waiting.first).id)) {
        () async throws(ExchangeError) in
        // It ends, although one is still to be handed over.
        #expect(await test.exchange.handOver("account", programsAtATime: 1).handedOver.map(\.id) == [waiting[1].id])
      }
      #expect(claimed != nil)
      #expect(await test.exchange.handOver("account").handedOver.map(\.id) == [waiting[0].id])
    }
  }

  @Test("a pause is kept where that is asked for")
  func aPauseIsKeptWhereThatIsAskedFor() async throws {
    try await TestExchange.withProgram("echo x >>\"$log\"; exit 1") { test in
      var exchange = test.exchange
      exchange.patience.retry.backoff.first = .seconds(200)
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.keepsPauses = true
      #expect(await exchange.collect("account", options: options).problems.map(\.code) == [.hookFailed])
      let pausing = await exchange.collect("account", options: options)
      #expect(pausing.waiting.count == 1 && pausing.problems.isEmpty)
      #expect(await exchange.handOver("account").problems.isEmpty)
      #expect(try test.log().count == 1)
      // A person may order a retry after removing the cause.
      #expect(try await exchange.retry(arrival: 1).nextTryAt == nil)
      #expect(await exchange.handOver("account").problems.map(\.code) == [.hookFailed])
    }
  }

  @Test("a clock that was set back makes no pause longer")
  func aClockThatWasSetBackMakesNoPauseLonger() async throws {
    try await TestExchange.withProgram("echo x >>\"$log\"") { test in
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      options.keepsPauses = true
      var arrival = try #require(await test.exchange.collect("account", options: options).waiting.first)
      arrival.nextTryAt = .now.later(by: .seconds(3600))
      _ = try await test.journal.record(arrival)
      #expect(await test.exchange.handOver("account").handedOver.count == 1)
    }
  }

  @Test("cancelling ends the program and leaves the arrival to be handed over")
  func cancellingEndsTheProgramAndLeavesTheArrivalToBeHandedOver() async throws {
    try await TestExchange.withProgram("echo $$ >>\"$log\"; test -e \"$1/again\" || exec sleep 600") { test in
      try test.arrive("a.csv")
      let exchange = test.exchange
      let task = Task { await exchange.collect("account") }
      while try test.log().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
      task.cancel()
      #expect(await task.value.collected.isEmpty)
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      try test.file("again", "")
      #expect(await exchange.collect("account").collected.count == 1)
      #expect(try test.log().count == 2)
    }
  }

  /// The state that a killed run leaves: its program may still be running.
  @Test("a program of a killed run is waited for")
  func aProgramOfAKilledRunIsWaitedFor() async throws {
    try await TestExchange.withProgram("test -e \"$1/over\"") { test in
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.handOver = .later
      let arrival = try #require(await test.exchange.collect("account", options: options).waiting.first)
      var old: HandOverLock? = try HandOverLock(on: arrival.id, beside: test.exchange.settings.journal)
      #expect(old != nil)
      #expect(try HandOverLock(on: arrival.id, beside: test.exchange.settings.journal) == nil)
      #expect(try HandOverLock(on: arrival.id + 1, beside: test.exchange.settings.journal) != nil)
      let exchange = test.exchange
      async let handing = exchange.handOver("account")
      try await Task.sleep(for: .milliseconds(200))
      try test.file("over", "")
      withExtendedLifetime(old) {}
      old = nil
      // It would have failed while the other one ran.
      #expect(await handing.handedOver.count == 1)
    }
  }
}

extension JournalFilter {
  fileprivate static func state(_ state: ArrivalState) -> JournalFilter {
    var filter = JournalFilter()
    filter.state = .arrival(state)
    return filter
  }
}
