import ExchangeSettings
import FilsluseBase
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch
@testable import WatchConsole

/// The calendar strip and the plot of the status page, by examples worked out by hand. November 2026 begins on a
/// Sunday.
@Suite struct StatusHistoryTests {
  private static func at(_ text: String) throws -> Timestamp {
    let clock = try #require(WallClock(zone: "Europe/Copenhagen"))
    return clock.moment(
      try #require(CivilDay("2026-11-\(text.prefix(2))")), minute: try #require(ClockText.parse(String(text.suffix(5))))
    )
  }

  private static func evaluator(_ rule: InfRefRule) throws -> RuleEvaluator {
    var settings = ExchangeSettings(source: "filsluse.yaml")
    settings.watch.infRefRules = [rule]
    return try #require(RuleEvaluator(settings))
  }

  private static func rule(_ expected: ExpectedFiles) -> InfRefRule {
    InfRefRule(accounts: ["a"], infRef: .sf7002, expected: expected, line: 1)
  }

  /// The strip as `day state files/expected`, the days that nothing was expected on left out.
  private static func strip(
    _ expected: ExpectedFiles, now: String, gaps: [(String, String)] = [],
    _ came: [(at: String, infRef: String, transfer: String, name: String)]
  ) throws -> [String] {
    let state = InboxState(
      account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000),
      gaps: try gaps.map { try at($0.0)..<at($0.1) })
    let files = try came.map {
      ArrivedFile(
        transfer: $0.transfer, infRef: InfRef(unchecked: $0.infRef), name: Array($0.name.utf8), came: try at($0.at))
    }
    let rule = rule(expected)
    let series = ExpectationHistory(evaluator: try evaluator(rule), state: state).series(
      of: rule, expected, arrivals: files, at: try at(now))
    #expect(series.days.count == 14 && series.rule == RuleText.rhythm(expected.rhythm))
    return series.days.filter { $0.state != .dayOff }.map {
      "\($0.day.suffix(2)) \($0.state.rawValue) \($0.files ?? -1)/\($0.expectedFiles ?? -1)"
    }
  }

  private static func file(_ at: String, _ transfer: String, infRef: String = "SortimentOverfør_1", name: String = "f")
    -> (at: String, infRef: String, transfer: String, name: String)
  { (at, infRef, transfer, name) }

  private static let six = 6 * 60

  /// Looks into two accounts are half a minute apart; the watcher was down at three, and at nine only one server was
  /// away.
  @Test("reports a common monitoring gap once for all accounts")
  func whatNobodyWatchedIsReportedOnceForAll() throws {
    let half = Duration.seconds(30)
    let night = try Self.at("20 03:00")..<Self.at("20 04:00")
    let later = night.lowerBound.later(by: half)..<night.upperBound.later(by: half)
    let morning = try Self.at("20 09:00")..<Self.at("20 09:30")
    let since = Timestamp(secondsSince1970: 1_700_000_000)
    let states = [
      InboxState(account: "a", watchedSince: since, gaps: [morning, night]),
      InboxState(account: "b", watchedSince: since, gaps: [later]),
      // It was not watched yet.
      InboxState(account: "c", watchedSince: try Self.at("20 08:00")),
    ]
    let gaps = WatchGap.gaps(of: states, play: .seconds(180))
    #expect(
      gaps == [
        WatchGap(from: later.lowerBound, until: night.upperBound),
        WatchGap(from: morning.lowerBound, until: morning.upperBound, account: "a"),
      ])
    var status = WatchStatus(version: "1", taken: try Self.at("20 12:00"), started: since)
    status.gaps = gaps
    let metrics = StatusMetrics(status, at: status.taken).text()
    #expect(metrics.contains("\nfilsluse_watch_gap_seconds 3570\n"), "\(metrics)")
    #expect(WatchGap.gaps(of: [], play: half).isEmpty && WatchGap.gaps(of: [states[0]], play: half).count == 2)
  }

  @Test("two weeks of working days")
  func twoWeeksOfWorkingDays() throws {
    let expected = ExpectedFiles(rhythm: Rhythm(.weekdays, byMinute: Self.six), grace: .seconds(600))
    let days = try Self.strip(
      expected, now: "21 12:00", gaps: [("13 01:00", "13 05:00")],
      [
        Self.file("09 05:30", "t1"), Self.file("10 06:10", "t2"), Self.file("11 06:11", "t3"),
        // On Sunday evening, which is nearer to Monday's time than to Friday's.
        Self.file("15 20:00", "t4"),
        Self.file("17 05:00", "t5"), Self.file("17 05:01", "t6", infRef: "SortimentOverfør_2"),
        Self.file("18 05:00", "t7", infRef: "Andet_1"),
        // So late that it counts as Friday's.
        Self.file("19 23:00", "t8"),
      ])
    #expect(
      days
        == [
          "09 came 1/1", "10 came 1/1", "11 late 1/1", "12 missing 0/1", "13 notWatched 0/1", "16 came 1/1",
          "17 came 2/1", "18 missing 0/1", "19 missing 0/1", "20 came 1/1",
        ])
  }

  @Test(
    "today is open until its grace is over",
    arguments: [("20 23:59", "notYet"), ("21 06:09", "notYet"), ("21 06:10", "missing")])
  func todayIsOpenUntilItsGraceIsOver(now: String, state: String) throws {
    let expected = ExpectedFiles(rhythm: Rhythm(.daily, byMinute: Self.six), grace: .seconds(600))
    let today = now.hasPrefix("21")
    let days = try Self.strip(expected, now: now, [Self.file("20 05:00", "t1")])
    #expect(days.last?.contains(today ? "21 \(state) 0/1" : "20 came 1/1") == true, "\(days)")
  }

  @Test("counts transfers, and each municipality by itself")
  func whatIsCountedIsTransfersAndEachMunicipalityItsOwn() throws {
    let two = ExpectedFiles(rhythm: Rhythm(.daily, byMinute: Self.six), files: 2)
    let counted = try Self.strip(
      two, now: "20 12:00",
      [
        Self.file("19 01:00", "t1"), Self.file("19 02:00", "t1"),
        Self.file("20 01:00", "t2"), Self.file("20 02:00", "t2"), Self.file("20 05:00", "t3"),
      ])
    #expect(counted.suffix(2) == ["19 missing 1/2", "20 came 2/2"])
    let each = ExpectedFiles(
      rhythm: Rhythm(.daily, byMinute: Self.six), municipalities: [.code("0101"), .code("0147")])
    let municipalities = try Self.strip(
      each, now: "20 12:00",
      [
        Self.file("18 01:00", "t1", name: "a_0101.csv"), Self.file("18 02:00", "t2", name: "b_0101.csv"),
        Self.file("19 01:00", "t3", name: "a_0101.csv"), Self.file("19 02:00", "t4", name: "a_0147.csv"),
        Self.file("20 01:00", "t5", name: "a_0101.csv"), Self.file("20 01:30", "t6", name: "b_0101.csv"),
        Self.file("20 07:00", "t7", name: "a_0147.csv"),
      ])
    #expect(municipalities.suffix(3) == ["18 missing 2/2", "19 came 2/2", "20 late 3/2"])
  }

  @Test("keeps a figure of each day for each municipality, and for a rule without municipalities one")
  func figures() throws {
    let each = ExpectedFiles(
      rhythm: Rhythm(.daily, byMinute: Self.six), municipalities: [.code("0101"), .cvr("12345678")])
    func figures(_ expected: ExpectedFiles) throws -> [ExpectedFigure] {
      let rule = Self.rule(expected)
      var file = ArrivedFile(
        transfer: "t", infRef: InfRef(unchecked: "SortimentOverfør_1"), name: Array("a_0101.csv".utf8),
        came: try Self.at("20 07:00"))
      var other = file
      other.transfer = "u"
      other.name = Array("b.csv".utf8)
      other.recipientAuthority = "12345678"
      other.came = try Self.at("20 05:00")
      file.recipientAuthority = "87654321"
      let state = InboxState(account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000))
      return ExpectationHistory(evaluator: try Self.evaluator(rule), state: state)
        .figures(of: rule, expected, arrivals: [file, other], at: try Self.at("20 12:00"))
    }
    let kept = try figures(each)
    #expect(kept.count == 28 && Set(kept.map(\.title)) == ["SF7002"])
    #expect(kept.suffix(2).map(\.municipality) == ["0101", "12345678"])
    #expect(kept.suffix(2).map(\.value.state) == [.late, .came])
    #expect(kept.suffix(2).map(\.value.files) == [1, 1] && kept.suffix(2).map(\.value.expectedFiles) == [1, 1])
    let whole = try figures(ExpectedFiles(rhythm: Rhythm(.weekdays, byMinute: Self.six)))
    #expect(whole.count == 14 && whole.allSatisfy { $0.municipality == nil })
    #expect(whole.last?.value.state == .came && whole.last?.value.files == 2)
    #expect(whole.contains { $0.value.state == .dayOff } && whole.contains { $0.value.state == .missing })
  }

  @Test("figures are kept once, changed when they change, and dropped after 100 days")
  func keptFigures() async throws {
    try await withScratchFolder("figures") { folder in
      let store = try await WatchDatabase.open(folder.appending("watch.sqlite"))
      _ = try await store.begin("a", at: try Self.at("20 12:00"))
      let today = try #require(CivilDay("2026-11-20"))
      func figure(_ state: ExpectedDay.State, on day: CivilDay) -> ExpectedFigure {
        ExpectedFigure(
          title: "SF7002", municipality: "0101", day: day,
          value: ExpectedDay(day: day.description, state: state, files: 0, expectedFiles: 1))
      }
      let old = today.later(byDays: -90)
      try await store.keep([figure(.missing, on: old), figure(.missing, on: today)], of: "a", today: today)
      try await store.keep([figure(.late, on: today)], of: "a", today: today)
      let kept = try await store.expectations(in: old...today)
      #expect(kept.map(\.figure.value.state) == [.missing, .late])
      #expect(try await store.punctuality(in: old...today).map(\.days) == [[.missing: 1, .late: 1]])
      let later = today.later(byDays: 20)
      try await store.keep([figure(.came, on: later)], of: "a", today: later)
      #expect(try await store.expectations(in: old...later).map(\.figure.day) == [today, later])
      // Of an account that was never looked into there is nothing to keep figures of.
      try await store.keep([figure(.came, on: later)], of: "b", today: later)
      #expect(try await store.expectations(in: old...later, account: "b").isEmpty)
      let series = PickUpSeries(
        account: "a", infRef: "SF7002",
        days: [PickUpDay(day: "2026-11-20", count: 2, medianSeconds: 5, slowestSeconds: 9, limitSeconds: nil)])
      for _ in 0..<2 { try await store.keep([series], of: "a", today: today) }
      #expect(try await store.pickUpSeries(since: old) == [series])
      #expect(try await store.lastPickUpDay(of: "a") == today)
      try await store.close()
    }
  }

  private static func pickUp(
    _ came: String, _ gone: String, infRef: String? = "SortimentOverfør_1", lastSeen: String? = nil
  ) throws -> PickedUpFile {
    let came = try at(came)
    let part = ObservedFile.Part(firstSeen: came, notBefore: came.earlier(by: .seconds(60)))
    let observed = ObservedFile(
      name: Array("f".utf8), firstSeen: came, data: part, sidecar: part,
      content: .metadata(
        ObservedFacts(transfer: "t", infRef: infRef.map(InfRef.init(unchecked:)), sender: "s", size: 1)))
    let gone = try at(gone)
    return PickedUpFile(
      observed, lastSeen: try lastSeen.map(at) ?? gone.earlier(by: .seconds(60)), gone: gone, difference: nil,
      longestPause: .seconds(180))
  }

  @Test("pick up times day by day")
  func pickUpTimesDayByDay() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: .sf7002, pickUp: PickUpLimit(within: RulePeriod(.seconds(7200))),
      line: 1)
    let state = InboxState(
      account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000),
      gaps: [try Self.at("18 03:00")..<Self.at("18 04:00")])
    let series = PickUpDays(evaluator: try Self.evaluator(rule), state: state).series(of: [
      // By the day on which it was fetched: 23:50 to 00:10 is the 17th's.
      try Self.pickUp("16 23:50", "17 00:10"), try Self.pickUp("17 08:00", "17 09:00"),
      try Self.pickUp("17 08:00", "17 11:00"), try Self.pickUp("18 08:00", "18 08:01"),
      // There was no look when it went, and its InfRef is not known.
      try Self.pickUp("18 08:00", "18 12:00", lastSeen: "18 09:00"),
      try Self.pickUp("18 08:00", "18 09:00", infRef: nil),
      try Self.pickUp("18 08:00", "18 08:30", infRef: "Andet_1"),
    ])
    #expect(series.map(\.infRef) == ["Andet_1", "SortimentOverfør_1"])
    let lines = series.map { series in
      series.days.map {
        "\($0.day.suffix(2)) \($0.count) \($0.medianSeconds) \($0.slowestSeconds) \($0.limitSeconds ?? 0) \($0.watchedAllDay)"
      }
    }
    #expect(lines == [["18 1 1800 1800 0 false"], ["17 3 3600 10800 7200 true", "18 1 60 60 7200 false"]])
  }

  @Test("direct transmissions have a series where a rule names their arrival, with that rule's limit")
  func directPickUps() throws {
    let rule = InfRefRule(
      accounts: ["a"], about: .direct(arrival: "nabo", senders: ["s"]),
      pickUp: PickUpLimit(within: RulePeriod(.seconds(7200))))
    let other = InfRefRule(
      accounts: ["a"], about: .direct(arrival: "anden", senders: ["t"]),
      pickUp: PickUpLimit(within: RulePeriod(.seconds(60))))
    let state = InboxState(account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000))
    let pickUp = try Self.pickUp("18 08:00", "18 09:00", infRef: nil)
    let series = PickUpDays(evaluator: try Self.evaluator(rule), state: state).series(of: [pickUp])
    #expect(series.map(\.infRef) == ["arrival: nabo"])
    #expect(series.first?.days.map(\.medianSeconds) == [3600] && series.first?.days.first?.limitSeconds == 7200)
    #expect(PickUpDays(evaluator: try Self.evaluator(other), state: state).series(of: [pickUp]).isEmpty)
  }

  @Test("business time is counted where the rule does")
  func businessTimeIsCountedWhereTheRuleDoes() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: .sf7002,
      pickUp: PickUpLimit(within: RulePeriod(.seconds(7200), isBusinessTime: true)),
      line: 1)
    let state = InboxState(account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000))
    // From Friday 15:30 to Monday 08:45: half an hour, and three quarters.
    let series = PickUpDays(evaluator: try Self.evaluator(rule), state: state).series(of: [
      try Self.pickUp("13 15:30", "16 08:45")
    ])
    #expect(series.first?.days.map(\.medianSeconds) == [75 * 60])
  }
}
