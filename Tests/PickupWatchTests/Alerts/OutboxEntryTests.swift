import ExchangeSettings
import FilsluseStore
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing

@testable import PickupWatch
@testable import WatchConsole

/// The outbox of sinks that take nothing.
@Suite struct OutboxEntryTests {
  private let settings = AlertSettings(repeatEvery: .seconds(3600), groupAbove: 10_000)

  private func withStore(_ body: (WatchDatabase) async throws -> Void) async throws {
    try await withScratchFolder { try await body(try await WatchDatabase.open($0.appending("watch.sqlite"))) }
  }

  @discardableResult
  private func take(_ minute: Int, _ findings: [Finding], in store: WatchDatabase) async throws -> TakenLook {
    try await store.take(Given.look(minute, findings), settings: settings, sinks: ["dead"])
  }

  @Test("a notification is the same each time")
  func aNoticeIsTheSameEachTime() async throws {
    try await withStore { store in
      for minute in 0..<2 { try await take(minute, [Given.finding("a")], in: store) }
      let pause = Duration.seconds(900)
      let first = try #require(try await store.due(to: "dead", at: Given.minute(1), longestPause: pause))
      try await store.noteFailure(first, to: "dead", at: Given.minute(0), reason: "no", nextTry: Given.minute(5))
      #expect(try await store.due(to: "dead", at: Given.minute(4), longestPause: pause) == nil)
      #expect(try await store.nextDue(to: "dead") == Given.minute(5))
      let second = try #require(try await store.due(to: "dead", at: Given.minute(5), longestPause: pause))
      #expect(second.id == first.id && second.event == first.event)
      #expect(second.tries == 1)
      // A clock that was set back by a day delays no entry for a day.
      #expect(try await store.due(to: "dead", at: Given.minute(-1440), longestPause: pause)?.event == first.event)
    }
  }

  @Test("repetitions that were not sent give way")
  func repetitionsThatWereNotSentGiveWay() async throws {
    try await withStore { store in
      for hour in 0..<50 { try await take(hour * 61, [Given.finding("a")], in: store) }
      #expect(try await store.alerts().first?.notificationCount == 50)
      #expect(try await store.entry(to: "dead") == 2)
      try await take(5000, [], in: store)
      #expect(try await store.entry(to: "dead") == 2)
    }
  }

  @Test("an old notification that is not taken gives way to a newer one")
  func anOldNoticeThatIsNotTakenGivesWayToANewerOne() async throws {
    try await withStore { store in
      for minute in 0..<2 { try await take(minute, [Given.finding("a")], in: store) }
      try await take(2, [], in: store)
      for _ in 0..<3 {
        let entry = try #require(try await store.due(to: "dead", at: Given.minute(9), longestPause: .seconds(900)))
        #expect(entry.event.reason == .fired)
        try await store.noteFailure(
          entry, to: "dead", at: Given.minute(0), reason: "no", nextTry: Given.minute(9))
      }
      let entry = try await store.due(to: "dead", at: Given.minute(9), longestPause: .seconds(900))
      #expect(entry?.event.reason == .resolved)
      #expect(try await store.entry(to: "dead") == 1)
    }
  }

  /// Offers the sink the due entry once, and refuses it.
  private func refuse(in store: WatchDatabase, at moment: Timestamp, nextTry: Timestamp? = nil) async throws
    -> OutboxEntry
  {
    let entry = try #require(try await store.due(to: "dead", at: moment, longestPause: .seconds(900)))
    try await store.noteFailure(
      entry, to: "dead", at: Given.minute(0), reason: "no", nextTry: nextTry ?? moment.later(by: .seconds(600)))
    return entry
  }

  @Test("counts a sink's failures in a row over all notifications, and starts again after one that it takes")
  func failuresInARow() async throws {
    try await withStore { store in
      try await take(0, (0..<27).map { Given.finding("f\($0)") }, in: store)
      var refused: Set<AlertNotification.ID> = []
      for count in 1...27 {
        refused.insert(try await refuse(in: store, at: Given.minute(1)).id)
        let troubles = try await store.sinkTroubles(at: Given.minute(0))
        #expect(
          troubles == (count < 3 ? [] : [SinkTrouble(sink: "dead", waiting: 27, failuresInARow: count)]), "\(count)")
      }
      #expect(refused.count == 27)
      var status = WatchStatus(version: "1", taken: Given.minute(2), started: Given.start)
      status.sinkTroubles = try await store.sinkTroubles(at: Given.minute(0))
      #expect(StatusMetrics(status, at: status.taken).text().contains("\nfilsluse_failing_sinks 1\n"))

      let entry = try #require(try await store.due(to: "dead", at: Given.minute(20), longestPause: .seconds(900)))
      try await store.noteSent(entry, to: "dead", at: Given.minute(9))
      #expect(try await store.sinkTroubles(at: Given.minute(0)).isEmpty)
    }
  }

  @Test("a sink is failing even when its refused notifications gave way to newer ones, until it is removed")
  func refusedNoticesThatGaveWay() async throws {
    try await withStore { store in
      try await take(0, [Given.finding("a")], in: store)
      try await take(1, [], in: store)
      for _ in 0..<3 { _ = try await refuse(in: store, at: Given.minute(9), nextTry: Given.minute(9)) }
      #expect(try await store.entry(to: "dead") == 1)
      #expect(
        try await store.sinkTroubles(at: Given.minute(0)) == [SinkTrouble(sink: "dead", waiting: 1, failuresInARow: 3)])
      try await store.keepOnly(sinks: ["other"])
      #expect(try await store.sinkTroubles(at: Given.minute(0)).isEmpty)
    }
  }

  @Test("a sink that asked for a pause is failing when it has taken nothing for a minute")
  func nothingForAMinute() async throws {
    try await withStore { store in
      try await take(0, [Given.finding("a")], in: store)
      let entry = try #require(try await store.due(to: "dead", at: Given.minute(0), longestPause: .seconds(900)))
      try await store.noteFailure(
        entry, to: "dead", at: Given.minute(0), reason: "not now", nextTry: Given.minute(15),
        restUntil: Given.minute(60))
      #expect(try await store.sinkTroubles(at: Given.minute(0)).isEmpty)
      #expect(
        try await store.sinkTroubles(at: Given.minute(1)) == [SinkTrouble(sink: "dead", waiting: 1, failuresInARow: 1)])
    }
  }

  @Test("a sink that takes some notifications and always refuses one of them is failing")
  func oneNoticeNeverTaken() async throws {
    try await withStore { store in
      try await take(0, [Given.finding("a")], in: store)
      for count in 1...3 {
        let minute = 10 * count
        _ = try await refuse(in: store, at: Given.minute(minute))
        try await take(minute, (0...count).map { Given.finding($0 == 0 ? "a" : "b\($0)") }, in: store)
        let entry = try #require(
          try await store.due(to: "dead", at: Given.minute(minute), longestPause: .seconds(900)))
        try await store.noteSent(entry, to: "dead", at: Given.minute(9))
      }
      #expect(
        try await store.sinkTroubles(at: Given.minute(0)) == [SinkTrouble(sink: "dead", waiting: 1, failuresInARow: 0)])
    }
  }

  @Test("a sink that takes nothing is failing at the third try")
  func aSinkThatTakesNothingIsTroubleTheThirdTime() async throws {
    try await withStore { store in
      try await take(0, [Given.finding("a"), Given.finding("b")], in: store)
      for count in 1...3 {
        #expect(try await store.sinkTroubles(at: Given.minute(0)).isEmpty)
        let entry = try #require(try await store.due(to: "dead", at: Given.minute(9), longestPause: .seconds(900)))
        try await store.noteFailure(
          entry, to: "dead", at: Given.minute(0), reason: "no \(count)", nextTry: Given.minute(-count))
      }
      #expect(
        try await store.sinkTroubles(at: Given.minute(0)) == [SinkTrouble(sink: "dead", waiting: 2, failuresInARow: 3)])
      let entry = try #require(try await store.due(to: "dead", at: Given.minute(9), longestPause: .seconds(900)))
      try await store.noteSent(entry, to: "dead", at: Given.minute(9))
      #expect(try await store.sinkTroubles(at: Given.minute(0)).isEmpty)
    }
  }

  @Test("a newer notification waits for an older one")
  func whatIsNewerWaitsForWhatIsOlder() async throws {
    try await withStore { store in
      for minute in 0..<2 { try await take(minute, [Given.finding("a")], in: store) }
      let entry = try #require(try await store.due(to: "dead", at: Given.minute(1), longestPause: .seconds(900)))
      try await store.noteFailure(entry, to: "dead", at: Given.minute(0), reason: "no", nextTry: Given.minute(9))
      try await take(2, [], in: store)
      #expect(try await store.due(to: "dead", at: Given.minute(3), longestPause: .seconds(900)) == nil)
      #expect(try await store.nextDue(to: "dead") == Given.minute(9))
    }
  }

  @Test("the outbox of a failing sink is bounded and keeps the newest state of open alerts")
  func aDeadSinksQueueIsBoundedAndKeepsTheNewestOfWhatIsOpen() async throws {
    try await withStore { store in
      var looks: [TakenLook] = []
      let open = (0..<300).map { Given.finding("open\($0)", severity: .warning) }
      looks.append(try await take(0, open, in: store))
      let escalated = (0..<300).map { Given.finding("open\($0)") }
      looks.append(try await take(2, escalated, in: store))
      #expect(try await store.entry(to: "dead") == 300)
      for round in 0..<3 {
        let passing = (0..<300).map { Given.finding("gone\(round)-\($0)") }
        for minute in 0..<2 { looks.append(try await take(3 + round * 3 + minute, escalated + passing, in: store)) }
        looks.append(try await take(5 + round * 3, escalated, in: store))
      }
      let dropped = looks.flatMap(\.dropped)
      let written = looks.map(\.notificationCount).reduce(0, +)
      #expect(try await store.entry(to: "dead") <= WatchDatabase.mostPending)
      #expect(dropped.map(\.overtaken.count).reduce(0, +) > 300)
      #expect(dropped.map(\.ended.count).reduce(0, +) > 300)
      let entry = try await store.entry(to: "dead")
      #expect(written == entry + dropped.map(\.count).reduce(0, +))
      let text = try #require(dropped.first).description
      #expect(text.hasPrefix("dead takes nothing, and more than 500 notifications wait for it; dropped: "))
      #expect(text.contains(" that newer ones replace, of alerts 1, 2, 3, ") && text.contains(" more"), "\(text)")
      let kept = try await store.read("test") { database in
        try database.int(
          """
          SELECT count(*) FROM outbox JOIN notification USING (alert, number)
          JOIN alert ON alert.id = alert WHERE state != 'resolved' AND reason = 'escalated'
          """)
      }
      #expect(kept == 300)
    }
  }

  @Test("a removed sink has no pending notifications")
  func aSinkThatIsNoLongerThereIsOwedNothing() async throws {
    try await withStore { store in
      for minute in 0..<2 { try await take(minute, [Given.finding("a")], in: store) }
      try await store.keepOnly(sinks: ["other"])
      #expect(try await store.entry(to: "dead") == 0)
    }
  }
}
