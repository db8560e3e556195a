import ExchangeSettings
import FileExchange
import FilsluseSystem
import PickupWatch
import SystemPackage
import Testing

/// The rules by themselves: what was seen is made up, and the moment, too. Wednesday 1 April 2026 is the day before
/// Maundy Thursday.
@Suite struct JudgementTests {
  private static let extract = "FagsystemdefineredeDataRefGDPR1203_1"

  /// `2026-04-01 12:00` by the clock in Denmark.
  private static func at(_ text: String) throws -> Timestamp {
    let clock = try #require(WallClock(zone: "Europe/Copenhagen"))
    return clock.moment(
      try #require(CivilDay(String(text.prefix(10)))), minute: try #require(ClockText.parse(String(text.suffix(5)))))
  }

  private static func judgement(
    _ rules: [InfRefRule] = [], _ account: AccountRule? = nil, arrivals: [ArrivalRoute] = []
  ) throws -> Judgement {
    var settings = ExchangeSettings(source: "filsluse.yaml", arrivals: arrivals)
    settings.watch.infRefRules = rules
    settings.watch.accountRules = account.map { [$0] } ?? []
    return try #require(Judgement(settings))
  }

  private static func state(_ looked: Timestamp) -> InboxState {
    InboxState(account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000), lastLook: looked)
  }

  /// A pair that came while somebody looked each minute.
  private static func pair(
    _ came: Timestamp, infRef: String? = extract, sender: String = "s", size: UInt64 = 10, described: UInt64 = 10
  ) -> Sight {
    let part = Sight.Part(
      firstSeen: came, notBefore: came.earlier(by: .seconds(60)), size: size, modified: came.earlier(by: .seconds(9999))
    )
    return Sight(
      name: Array("fil.csv".utf8), firstSeen: came, data: part, note: part,
      content: .metadata(SightFacts(transfer: "u-1", infRef: infRef, sender: sender, size: described)))
  }

  private static func kinds(_ judgement: Judgement, _ sight: Sight, _ now: Timestamp) -> [String] {
    judgement.findings(about: sight, in: state(now), at: now).map { "\($0.kind.rawValue) \($0.severity)" }
  }

  @Test(arguments: [
    // A rule of 4 hours by the clock, warned of after 3.
    ("4h", "2026-04-01 12:00", "2026-04-01 15:00", "2026-04-01 16:00"),
    // In business time it goes on after Easter.
    ("4h business", "2026-04-01 13:00", "2026-04-01 16:00", "2026-04-07 09:00"),
    ("8h business", "2026-04-01 12:00", "2026-04-07 10:00", "2026-04-07 12:00"),
    // Over the night on which summer time begins.
    ("4h", "2026-03-29 00:00", "2026-03-29 04:00", "2026-03-29 05:00"),
  ])
  func pickUpsAreWarnedOfAndLateAtTheMinute(period: String, came: String, warned: String, late: String) throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: Self.extract, pickUp: PickUpLimit(within: try #require(RulePeriod(period))), line: 7)
    let judgement = try Self.judgement([rule])
    let sight = Self.pair(try Self.at(came))
    let minute = Duration.seconds(60)
    for (moment, expected) in [
      (try Self.at(warned).earlier(by: minute), []), (try Self.at(warned), ["pick-up-late warning"]),
      (try Self.at(late).earlier(by: minute), ["pick-up-late warning"]), (try Self.at(late), ["pick-up-late critical"]),
    ] {
      #expect(Self.kinds(judgement, sight, moment) == expected, "\(moment)")
    }
    let finding = try #require(
      judgement.findings(about: sight, in: Self.state(try Self.at(late)), at: try Self.at(late)).first)
    #expect(
      finding
        == Finding(
          kind: .pickUpLate, severity: .critical, account: "a", subject: "u-1", fileName: "fil.csv",
          infRef: Self.extract, sender: "s", size: 10, since: try Self.at(came), ageBasis: .watcher,
          due: try Self.at(late), ruleLine: 7, rule: "pick-up-within: \(period)"))
  }

  @Test func theRuleThatIsBrokenFirstCounts() throws {
    func rule(_ period: String, _ account: String = "a", line: SettingsLine) throws -> InfRefRule {
      InfRefRule(
        accounts: [account], infRef: "SF7002", pickUp: PickUpLimit(within: try #require(RulePeriod(period))), line: line
      )
    }
    // On the evening before Easter an hour of business is later than a day by the clock.
    let judgement = try Self.judgement([
      try rule("1h business", line: 1), try rule("1d", line: 2), try rule("1s", "b", line: 3),
    ])
    let came = try Self.at("2026-04-01 18:00")
    let now = try Self.at("2026-04-08 12:00")
    for (name, line) in [
      ("SortimentOverfør_1", 2), ("SortimentOverfør_2", 2), ("SortimentOverfo\u{308}r_1", nil), ("SF7002", nil),
    ] as [(String, Int?)] {
      let found = judgement.findings(about: Self.pair(came, infRef: name), in: Self.state(now), at: now)
      #expect(found.map(\.ruleLine) == (line == nil ? [] : [line]), "\(name)")
    }
    #expect(judgement.findings(about: Self.pair(came, infRef: nil), in: Self.state(now), at: now).isEmpty)
  }

  @Test func agesAreToldAsTheyAreKnown() throws {
    let noon = try Self.at("2026-04-01 12:00")
    func age(_ notBefore: Int64?, _ stamp: Int64?, _ difference: Int64?) -> FileAge {
      FileAge(
        firstSeen: noon, notBefore: notBefore.map { noon.later(by: .seconds($0)) },
        stamp: stamp.map { noon.later(by: .seconds($0)) }, difference: difference.map { .seconds($0) },
        longestPause: .seconds(180))
    }
    func expect(_ age: FileAge, _ seconds: Int64, _ basis: Finding.AgeBasis, _ line: Int = #line) {
      #expect(age.since == noon.later(by: .seconds(seconds)) && age.basis == basis, "line \(line): \(age)")
    }
    // Watched: the server's stamp does not matter.
    expect(age(-60, -9999, 0), 0, .watcher)
    expect(age(-180, nil, nil), 0, .watcher)
    // Unwatched: the server's stamp by our clock, within what is known.
    expect(age(-3600, -600, 120), -720, .server)
    expect(age(-3600, -600, -120), -480, .server)
    expect(age(nil, -600, nil), -600, .serverUnmeasured)
    expect(age(-3600, -7200, 0), -3600, .server)
    expect(age(nil, 500, 0), 0, .server)
    // A server without a clock.
    expect(age(nil, nil, 0), 0, .firstSight)
    let epoch = FileAge(
      firstSeen: noon, notBefore: nil, stamp: Timestamp(secondsSince1970: 0), difference: nil, longestPause: .seconds(1)
    )
    #expect(epoch.since == noon && epoch.basis == .firstSight)
  }

  @Test func halfPairsAndGrowthAreGivenTime() throws {
    let judgement = try Self.judgement([], AccountRule(accounts: ["a"], stalledAfter: .seconds(300)))
    let came = try Self.at("2026-04-01 12:00")
    func later(_ seconds: Int64) -> Timestamp { came.later(by: .seconds(seconds)) }
    var half = Self.pair(came)
    half.note = nil
    half.halfSince = came
    #expect(Self.kinds(judgement, half, later(599)).isEmpty)
    #expect(Self.kinds(judgement, half, later(600)) == ["data-without-metadata warning"])
    // Data that still grows is on its way.
    half.data?.changed = later(500)
    #expect(Self.kinds(judgement, half, later(1099)).isEmpty)
    #expect(Self.kinds(judgement, half, later(1100)) == ["data-without-metadata warning"])
    // A pair that lay whole for an hour, and whose data is gone since.
    var rest = Self.pair(came)
    rest.data = nil
    rest.halfSince = later(3600)
    #expect(Self.kinds(judgement, rest, later(4199)).isEmpty)
    #expect(Self.kinds(judgement, rest, later(4200)) == ["metadata-without-data warning"])
    // A file that is not whole.
    var growing = Self.pair(came, size: 9)
    growing.data?.changed = later(100)
    #expect(Self.kinds(judgement, growing, later(399)).isEmpty)
    #expect(Self.kinds(judgement, growing, later(400)) == ["stopped-growing warning"])
    let longer = Self.pair(came, size: 11)
    #expect(Self.kinds(judgement, longer, later(299)).isEmpty)
    #expect(Self.kinds(judgement, longer, later(300)) == ["size-differs warning"])
    // Cleaning up.
    let cleaned = try Self.judgement([], AccountRule(accounts: ["a"], cleanUpAfter: .seconds(1000), warnAt: 90))
    #expect(Self.kinds(cleaned, Self.pair(came), later(899)).isEmpty)
    #expect(Self.kinds(cleaned, Self.pair(came), later(900)) == ["near-clean-up warning"])
    #expect(Self.kinds(cleaned, Self.pair(came), later(1000)) == ["near-clean-up critical"])
  }

  private static func file(_ transfer: String, _ came: Timestamp, name: String = "f", authority: String? = nil)
    -> ArrivedFile
  {
    ArrivedFile(
      transfer: transfer, infRef: extract, name: Array(name.utf8), recipientAuthority: authority, came: came)
  }

  private static func missing(
    _ judgement: Judgement, _ files: [ArrivedFile], _ now: Timestamp, _ state: InboxState? = nil
  ) -> [String] {
    judgement.missing(among: files, in: state ?? Self.state(now), at: now).map {
      "\($0.kind.rawValue) \($0.severity) \($0.subject)"
    }
  }

  @Test func whatDoesNotComeIsMissedAtTheMinute() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: Self.extract,
      expected: ExpectedFiles(rhythm: try #require(Rhythm("daily by 06:00")), files: 2, grace: .seconds(600)))
    let judgement = try Self.judgement([rule])
    let subject = "\(Self.extract)/2026-03-29T06:00"
    let yesterday = [Self.file("1", try Self.at("2026-03-28 05:00")), Self.file("2", try Self.at("2026-03-28 05:00"))]
    #expect(Self.missing(judgement, yesterday, try Self.at("2026-03-29 06:09")).isEmpty)
    #expect(
      Self.missing(judgement, yesterday, try Self.at("2026-03-29 06:10")) == ["expected-missing critical \(subject)"])
    // One of two, the same one twice, then both.
    let one = yesterday + [Self.file("3", try Self.at("2026-03-29 05:30"))]
    let now = try Self.at("2026-03-29 09:00")
    #expect(Self.missing(judgement, one + one, now) == ["too-few-files critical \(subject)"])
    let late = one + [Self.file("4", try Self.at("2026-03-29 08:00"))]
    #expect(Self.missing(judgement, late, now).isEmpty)
    // What came late counts for the day that it was late for, and not for the next.
    #expect(
      Self.missing(judgement, late, try Self.at("2026-03-30 06:10")) == [
        "expected-missing critical \(Self.extract)/2026-03-30T06:00"
      ])
    // What comes on the evening before counts for the next morning.
    let evening = [Self.file("5", try Self.at("2026-03-29 19:00")), Self.file("6", try Self.at("2026-03-29 23:00"))]
    #expect(Self.missing(judgement, evening, try Self.at("2026-03-30 06:10")).isEmpty)
  }

  @Test func nothingIsClaimedOfTimesThatNobodyWatched() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: Self.extract,
      expected: ExpectedFiles(rhythm: try #require(Rhythm("daily by 06:00"))))
    let judgement = try Self.judgement([rule])
    let now = try Self.at("2026-03-29 07:00")
    var state = Self.state(now)
    state.watchedSince = try Self.at("2026-03-29 06:30")
    #expect(Self.missing(judgement, [], now, state).isEmpty)
    state.watchedSince = nil
    #expect(Self.missing(judgement, [], now, state).isEmpty)
    state.watchedSince = try Self.at("2026-03-01 00:00")
    state.gaps = [try Self.at("2026-03-29 03:30")..<(try Self.at("2026-03-29 04:30"))]
    let found = judgement.missing(among: [], in: state, at: now)
    #expect(found.map(\.severity) == [.warning])
    #expect(
      found.first?.detail
        == "no file has come; nobody looked from 2026-03-29 03:30 to 2026-03-29 04:30: it may have come and gone")
    // A gap is itself told of for an hour.
    let ended = state.gaps[0].upperBound
    #expect(judgement.findings(about: state, at: ended.later(by: .seconds(3599))).map(\.kind) == [.watchGap])
    #expect(judgement.findings(about: state, at: ended.later(by: .seconds(3600))).isEmpty)
  }

  @Test func eachMunicipalityIsLookedForByItsCodeOrNumber() throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: Self.extract,
      expected: ExpectedFiles(
        rhythm: try #require(Rhythm("weekdays by 06:00")),
        municipalities: [.code("0101"), .code("0147"), .cvr("12345678"), .cvr("87654321")]))
    let judgement = try Self.judgement([rule])
    let now = try Self.at("2026-04-01 06:00")
    let files = [
      Self.file("1", try Self.at("2026-04-01 05:00"), name: "udtræk_0101.csv"),
      // Four digits of a longer number are no code.
      Self.file("2", try Self.at("2026-04-01 05:00"), name: "20260401470147.csv", authority: "12345678"),
    ]
    #expect(
      Self.missing(judgement, files, now) == [
        "municipality-missing critical \(Self.extract)/2026-04-01T06:00/0147",
        "municipality-missing critical \(Self.extract)/2026-04-01T06:00/87654321",
      ])
    // Nothing at all is one thing, not four. And on Maundy Thursday nothing is expected: Wednesday's is told of still.
    #expect(Self.missing(judgement, [], now) == ["expected-missing critical \(Self.extract)/2026-04-01T06:00"])
    #expect(
      Self.missing(judgement, [], try Self.at("2026-04-06 12:00")) == [
        "expected-missing critical \(Self.extract)/2026-04-01T06:00"
      ])
  }

  /// 0147 is Frederiksberg, and 01:47 is when many files are made.
  @Test(arguments: [
    ("udtræk_0101_2026-04-01_0147.csv", ["0147"]), ("udtræk_0101_20260401-0147.csv", ["0147"]),
    ("20260401_0147.csv", ["0101"]), ("udtræk_2026_0101_0147.csv", []), ("0101_2026-04-01T0147_0147.csv", []),
  ])
  func aTimeOfDayIsNoMunicipality(name: String, missing: [String]) throws {
    let rule = InfRefRule(
      accounts: ["a"], infRef: Self.extract,
      expected: ExpectedFiles(
        rhythm: try #require(Rhythm("weekdays by 06:00")), municipalities: [.code("0101"), .code("0147")]))
    let file = Self.file("1", try Self.at("2026-04-01 05:00"), name: name)
    let found = Self.missing(try Self.judgement([rule]), [file], try Self.at("2026-04-01 06:00"))
    #expect(found == missing.map { "municipality-missing critical \(Self.extract)/2026-04-01T06:00/\($0)" })
  }

  @Test func receiptsAndAnswersAreMissed() throws {
    let rules = [
      InfRefRule(
        accounts: ["a"], infRef: "Bilag_1",
        answer: AwaitedAnswer(limit: .within(RulePeriod(.seconds(8 * 3600), isBusinessTime: true)), infRef: "Svar_1"),
        line: 5),
      InfRefRule(accounts: ["a"], infRef: "Bilag_2", answer: AwaitedAnswer(limit: .by(minute: 360))),
    ]
    let judgement = try Self.judgement(rules, AccountRule(accounts: ["a"], receiptWithin: .seconds(1800), line: 6))
    let sent = try Self.at("2026-04-01 12:00")
    func delivery(_ id: Int64, _ infRef: String, _ state: DeliveryState) -> DeliveryOutcome {
      DeliveryOutcome(id: id, wireName: "010190-1234.csv", infRef: infRef, state: state, committedAt: sent)
    }
    func found(_ delivery: DeliveryOutcome, _ now: String, answers: [ArrivedFile] = []) throws -> [String] {
      let now = try Self.at(now)
      return judgement.findings(about: [delivery], answers: answers, in: Self.state(now), at: now).map {
        "\($0.kind.rawValue) \($0.subject) \($0.fileName ?? "")"
      }
    }
    let name = "******-****.csv"
    #expect(try found(delivery(1, "Andet_1", .triggered), "2026-04-01 12:29").isEmpty)
    #expect(try found(delivery(1, "Andet_1", .taken), "2026-04-01 12:30") == ["receipt-overdue D1 \(name)"])
    #expect(try found(delivery(1, "Andet_1", .accepted), "2026-04-01 12:30").isEmpty)
    var refused = delivery(2, "Bilag_1", .refused)
    refused.fileTransferUUID = "u-9"
    refused.outcome = "7 Ukendt rute"
    #expect(try found(refused, "2026-04-01 12:30") == ["receipt-error u-9 \(name)"])
    #expect(try found(refused, "2026-04-08 12:00").isEmpty)
    // Eight business hours after Wednesday noon is Tuesday noon.
    #expect(try found(delivery(3, "Bilag_1", .accepted), "2026-04-07 11:59").isEmpty)
    #expect(try found(delivery(3, "Bilag_1", .accepted), "2026-04-07 12:00") == ["business-answer-missing D3 \(name)"])
    let answer = ArrivedFile(transfer: "s", infRef: "Svar_1", name: [0x66], came: sent.later(by: .seconds(5)))
    #expect(try found(delivery(3, "Bilag_1", .accepted), "2026-04-07 12:00", answers: [answer]).isEmpty)
    var early = answer
    early.came = sent.earlier(by: .seconds(5))
    #expect(try found(delivery(3, "Bilag_1", .accepted), "2026-04-07 12:00", answers: [early]).count == 1)
    // By six the next morning, by a business receipt.
    var second = delivery(4, "Bilag_2", .accepted)
    #expect(try found(second, "2026-04-02 05:59").isEmpty)
    #expect(try found(second, "2026-04-02 06:00") == ["business-answer-missing D4 \(name)"])
    #expect(try found(second, "2026-05-06 11:00").count == 1)
    // After 35 days what came is forgotten, and nothing is claimed.
    #expect(try found(second, "2026-05-06 12:00").isEmpty)
    second.answeredAt = sent
    #expect(try found(second, "2026-04-02 06:00").isEmpty)
  }

  @Test func identitiesHoldNoPersonalData() {
    for transfer in [
      "010190-1234", "0101901234", "Jens Hansen", "", String(repeating: "a", count: 65), "a/b", "a\u{202E}b",
    ] {
      var sight = Self.pair(Timestamp(secondsSince1970: 0))
      sight.content = .metadata(SightFacts(transfer: transfer, infRef: nil, sender: "s", size: 1))
      #expect(sight.subject.hasPrefix("transfer-") && sight.subject.utf8.count == 33, "\(sight.subject)")
    }
    let unread = Sight(name: Array("010190-1234.csv".utf8), firstSeen: Timestamp(secondsSince1970: 0))
    #expect(unread.subject.hasPrefix("name-") && !unread.subject.contains("1234"))
    let outgoing = Sight(place: .outbox, name: unread.name, firstSeen: unread.firstSeen)
    #expect(outgoing.subject != unread.subject)
  }

  /// A sender may put anything where an InfRef or a user's name belongs.
  @Test func findingsHoldNoPersonalData() throws {
    let arrival = ArrivalRoute(name: "r", account: "a", infRef: Self.extract)
    let judgement = try Self.judgement([], nil, arrivals: [arrival])
    let sight = Self.pair(try Self.at("2026-04-01 12:00"), infRef: "Sag_010190-1234", sender: "jens 0101901234")
    let finding = try #require(
      judgement.findings(
        about: sight, in: Self.state(try Self.at("2026-04-01 12:00")), at: try Self.at("2026-04-01 12:00")
      )
      .first)
    #expect(finding.kind == .unknownInfRef)
    #expect(finding.infRef == "Sag_******-****" && finding.sender == "jens **********")
    #expect(finding.detail == "no arrival and no rule of this account names Sag_******-****")
  }
}
