import ExchangeSettings
import FileExchange
import FilsluseStore
import FilsluseBase
import Logging
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch

/// Taking and sending together.
@Suite(.timeLimit(.minutes(25))) struct AlertDispatcherTests {
  private let settings = AlertSettings(language: .english, repeatEvery: .seconds(3600))
  private let clock = StillClock()

  private func dispatcher(
    _ senders: [FakeSender], _ store: WatchDatabase, logger: Logger = quietLogger
  ) -> AlertDispatcher {
    AlertDispatcher(
      store: store, settings: settings, senders: senders, clock: { [clock] in clock.now },
      // The outbox is practically never polled: taking a look must signal the sinks.
      backoff: SinkBackoff(
        retries: Backoff(first: .milliseconds(20), longest: .milliseconds(100)),
        rests: Backoff(first: .milliseconds(20), longest: .milliseconds(50)), pollInterval: .seconds(86_400)),
      logger: logger)
  }

  private func withStore(_ body: (WatchDatabase, FilePath) async throws -> Void) async throws {
    try await withScratchFolder { folder in
      let path = folder.appending("watch.sqlite")
      try await body(try await WatchDatabase.open(path), path)
    }
  }

  /// Waits for something that another task does.
  private func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<12_000 where !condition() { try await Task.sleep(for: .milliseconds(20)) }
    #expect(condition())
  }

  @Test("every sink gets its notifications while the dispatcher runs, which stops on request")
  func everySinkIsSentAlertsWhileItRunsAndStopsWhenAsked() async throws {
    try await withStore { store, _ in
      let senders = [FakeSender("one"), FakeSender("two")]
      let dispatcher = dispatcher(senders, store)
      let stop = GracefulStop()
      let running = Task { await dispatcher.run(until: stop) }
      for minute in 0..<2 {
        try await dispatcher.take(
          AlertLook(account: "fagsystem", at: Given.minute(minute), findings: [Given.finding("a")]))
      }
      clock.set(1)
      try await eventually { senders.allSatisfy { $0.words == ["a fired"] } }
      try await dispatcher.take(AlertLook(account: "fagsystem", at: Given.minute(2), findings: []))
      clock.set(2)
      try await eventually { senders.allSatisfy { $0.words == ["a fired", "a resolved"] } }
      stop.request()
      await running.value
      #expect(senders[0].taken.map(\.id) == senders[1].taken.map(\.id))
      #expect(senders[0].taken.map(\.number) == [1, 2])
    }
  }

  @Test("a sink that hangs holds up neither the watching nor the others nor the end")
  func aSinkThatHangsHoldsUpNeitherTheWatchingNorTheOthersNorTheEnd() async throws {
    try await withStore { store, path in
      let (dead, well) = (FakeSender("dead", .hangs), FakeSender("well"))
      let dispatcher = dispatcher([dead, well], store)
      let stop = GracefulStop()
      let running = Task { await dispatcher.run(until: stop) }
      clock.set(10)
      for minute in 0..<10 {
        try await dispatcher.take(
          AlertLook(
            account: "fagsystem", at: Given.minute(minute),
            findings: [Given.finding("f\(minute / 2)")]))
      }
      try await eventually { well.taken.count == 9 }
      stop.request()
      await running.value
      #expect(dead.taken.isEmpty)
      // The next process sends it everything, with the ids that the other sink got.
      let other = FakeSender("dead")
      let again = self.dispatcher([other, well], try await WatchDatabase.open(path))
      clock.set(20)
      try await again.sendWhatIsDue()
      #expect(Set(other.taken.map(\.id)) == Set(well.taken.map(\.id)))
    }
  }

  @Test("a sink that refuses is offered it again later")
  func aSinkThatRefusesIsOfferedItAgainLater() async throws {
    try await withStore { store, _ in
      let sender = FakeSender("x", .refuses)
      let dispatcher = dispatcher([sender], store)
      for minute in 0..<2 {
        try await dispatcher.take(
          AlertLook(account: "fagsystem", at: Given.minute(minute), findings: [Given.finding("a")]))
      }
      clock.set(1)
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 1)
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 1)
      sender.be(.takes)
      clock.set(2)
      try await dispatcher.sendWhatIsDue()
      #expect(sender.words == ["a fired"])
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 2)
    }
  }

  @Test("a notification that is never taken delays no other")
  func oneNoticeThatIsNeverTakenHoldsUpNoOther() async throws {
    try await withStore { store, _ in
      let sender = FakeSender("x", .refuses)
      let dispatcher = dispatcher([sender], store)
      for minute in 0..<2 {
        try await dispatcher.take(
          AlertLook(account: "fagsystem", at: Given.minute(minute), findings: [Given.finding("a")]))
      }
      clock.set(1)
      try await dispatcher.sendWhatIsDue()
      sender.be(.takes)
      for minute in 0..<2 {
        try await dispatcher.take(
          AlertLook(
            account: "lis", at: Given.minute(minute), findings: [Given.finding("b", account: "lis")]
          ))
      }
      try await dispatcher.sendWhatIsDue()
      #expect(sender.words == ["b fired"])
    }
  }

  /// A disk that was full when a notice had been sent.
  @Test("a notification that was sent but not recorded is not sent again and holds up no other")
  func whatWasSentButCouldNotBeNotedIsNotSentAgainAndHoldsUpNothing() async throws {
    try await withStore { store, _ in
      let sender = FakeSender("one")
      let lines = Locked<[String]>([])
      let dispatcher = dispatcher([sender], store, logger: Logger(label: "test") { _ in NotingLog(lines: lines) })
      let (a, b) = (Given.finding("a"), Given.finding("b", account: "lis"))
      for finding in [a, b] {
        try await dispatcher.take(
          AlertLook(account: finding.account, at: Given.minute(0), findings: [finding]))
      }
      try await store.write("test") {
        try $0.execute(
          "CREATE TRIGGER full BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")
      }
      let stop = GracefulStop()
      let running = Task { await dispatcher.run(until: stop) }
      // Both are sent, although neither can be recorded as sent, and the log reports that again and again.
      try await eventually { lines.withLock { $0.count { $0.contains("disk full") } } > 3 }
      #expect(sender.words == ["a fired", "b fired"])
      try await store.write("test") { try $0.execute("DROP TRIGGER full") }
      try await dispatcher.take(AlertLook(account: "fagsystem", at: Given.minute(0), findings: []))
      try await eventually { sender.taken.count == 3 }
      #expect(sender.words == ["a fired", "b fired", "a resolved"])
      stop.request()
      await running.value
      #expect(try await store.entry(to: "one") == 0)
    }
  }

  /// A person corrects the address of a sink: the replacement, and no other sink, gets what the wrong one did not take.
  @Test("pending notifications of a removed sink go to its replacement")
  func whatASinkIsOwedGoesToTheOneThatTakesItsPlace() async throws {
    try await withStore { store, _ in
      let mail = FakeSender("mail")
      func watch(_ senders: [FakeSender], until condition: () -> Bool) async throws {
        let dispatcher = dispatcher(senders, store)
        let stop = GracefulStop()
        let running = Task { await dispatcher.run(until: stop) }
        if mail.taken.isEmpty {
          try await dispatcher.take(
            AlertLook(account: "fagsystem", at: Given.minute(0), findings: [Given.finding("a")]))
        }
        try await eventually(condition)
        stop.request()
        await running.value
      }
      let wrong = FakeSender("webhook #1", .refuses)
      try await watch([mail, wrong]) { wrong.tries == 1 && mail.words == ["a fired"] }
      let right = FakeSender("webhook #2")
      try await watch([mail, right]) { right.words == ["a fired"] }
      #expect(right.taken.map(\.id) == mail.taken.map(\.id) && mail.tries == 1)
      // A further sink that replaces none does not get what the others have had.
      let another = FakeSender("command")
      try await watch([mail, right, another]) { true }
      #expect(another.tries == 0 && mail.tries == 1 && right.tries == 1)
    }
  }

  @Test("a notification that cannot be read delays no other")
  func aNoticeThatCannotBeReadHoldsUpNoOther() async throws {
    try await withStore { store, _ in
      let lines = Locked<[String]>([])
      let sender = FakeSender("one")
      let dispatcher = dispatcher([sender], store, logger: Logger(label: "test") { _ in NotingLog(lines: lines) })
      for subject in ["a", "b"] {
        try await dispatcher.take(
          AlertLook(
            account: subject, at: Given.minute(0),
            findings: [Given.finding(subject, account: subject)]))
      }
      try await store.write("test") { try $0.execute("UPDATE notification SET document = '{}' WHERE alert = 1") }
      try await dispatcher.sendWhatIsDue()
      #expect(sender.words == ["b fired"])
      #expect(lines.withLock { $0.first }?.hasPrefix("error: notification 1-1 cannot be read") == true)
      #expect(try await store.entry(to: "one") == 0)
    }
  }

  @Test("the log names the notifications dropped for a failing sink")
  func theLogSaysWhatADeadSinkIsNoLongerSent() async throws {
    try await withStore { store, _ in
      let lines = Locked<[String]>([])
      let dispatcher = dispatcher(
        [FakeSender("dead", .refuses)], store, logger: Logger(label: "test") { _ in NotingLog(lines: lines) })
      for round in 0..<12 {
        // More than ten new ones would be one.
        for inbox in 0..<6 {
          let findings = (0..<9).map { Given.finding("f\(round)-\($0)", account: "inbox\(inbox)") }
          try await dispatcher.take(
            AlertLook(account: "inbox\(inbox)", at: Given.minute(round), findings: findings))
        }
      }
      #expect(try await store.entry(to: "dead") <= WatchDatabase.mostPending)
      let line = try #require(lines.withLock { $0.first })
      #expect(
        line.hasPrefix("warning: dead takes nothing, and more than 500 notifications wait for it; dropped: "), "\(line)"
      )
    }
  }

  @Test("offers nothing to a sink that asked for a pause, neither new alerts nor from another watcher")
  func aSinkThatAsksToBeLeftAlone() async throws {
    try await withStore { store, path in
      let sender = FakeSender("x", .asksToBeLeftAlone(.seconds(600)))
      let dispatcher = dispatcher([sender], store)
      try await dispatcher.take(
        AlertLook(account: "fagsystem", at: Given.minute(0), findings: [Given.finding("a")]))
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 1)
      sender.be(.takes)
      try await dispatcher.take(
        AlertLook(
          account: "lis", at: Given.minute(1), findings: [Given.finding("b", account: "lis")]))
      clock.set(9)
      try await dispatcher.sendWhatIsDue()
      try await self.dispatcher([sender], try await WatchDatabase.open(path)).sendWhatIsDue()
      #expect(sender.tries == 1)
      #expect(try await store.nextDue(to: "x") == Given.minute(10))
      clock.set(10)
      try await dispatcher.sendWhatIsDue()
      #expect(Set(sender.words) == ["a fired", "b fired"])
    }
  }

  @Test("leaves a sink alone for an hour at most, and when the clock was set back not for long")
  func aSinkThatAsksForYears() async throws {
    try await withStore { store, _ in
      let lines = Locked<[String]>([])
      let sender = FakeSender("x", .asksToBeLeftAlone(.seconds(1_000_000_000)))
      let dispatcher = dispatcher(
        [sender], store, logger: Logger(label: "test") { _ in NotingLog(lines: lines) })
      try await dispatcher.take(
        AlertLook(account: "fagsystem", at: Given.minute(0), findings: [Given.finding("a")]))
      try await dispatcher.sendWhatIsDue()
      #expect(
        lines.withLock { $0.first }?.contains("it is offered again in 60 min") == true, "\(lines.withLock { $0 })")
      clock.set(59)
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 1)
      clock.set(60)
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 2)
      clock.set(-1)
      try await dispatcher.sendWhatIsDue()
      #expect(sender.tries == 3)
    }
  }

  @Test("retries a notification soon after many failures when the sink allows it")
  func aSinkThatAsksForLittle() async throws {
    try await withStore { store, _ in
      let sender = FakeSender("x", .asksToBeLeftAlone(.zero))
      let dispatcher = AlertDispatcher(
        store: store, settings: settings, senders: [sender], clock: { [clock] in clock.now }, backoff: SinkBackoff(),
        logger: quietLogger)
      try await dispatcher.take(
        AlertLook(account: "fagsystem", at: Given.minute(0), findings: [Given.finding("a")]))
      for count in 1...12 {
        clock.set(count)
        try await dispatcher.sendWhatIsDue()
        #expect(sender.tries == count)
      }
      // Without its word it would be a quarter of an hour by now; it is never less than the first pause.
      #expect(try await store.nextDue(to: "x") == Given.minute(12).later(by: .seconds(5)))
    }
  }

  @Test("pauses grow and are bounded")
  func pausesGrowAndAreBounded() {
    let backoff = SinkBackoff()
    #expect(backoff.retries.pause(after: 1) == .seconds(5))
    #expect(backoff.retries.pause(after: 2) == .seconds(10))
    #expect(backoff.retries.pause(after: 8) == .seconds(640))
    #expect(backoff.retries.pause(after: 9) == .seconds(900))
    #expect(backoff.retries.pause(after: .max) == .seconds(900))
    #expect(backoff.rests.pause(after: 10) == .seconds(60))
  }
}
