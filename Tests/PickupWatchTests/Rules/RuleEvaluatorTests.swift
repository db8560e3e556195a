import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// The rules alone, for made-up files, deliveries and moments.
@Suite struct RuleEvaluatorTests {
  @Test(
    "pick ups are warned of and late at the minute",
    arguments: [
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
      accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract),
      pickUp: PickUpLimit(within: try #require(RulePeriod(period))), line: 7)
    let evaluator = try MadeUp.evaluator([rule])
    let observed = MadeUp.pair(try MadeUp.at(came))
    let minute = Duration.seconds(60)
    for (moment, expected) in [
      (try MadeUp.at(warned).earlier(by: minute), []), (try MadeUp.at(warned), ["pick-up-late warning"]),
      (try MadeUp.at(late).earlier(by: minute), ["pick-up-late warning"]),
      (try MadeUp.at(late), ["pick-up-late critical"]),
    ] {
      #expect(MadeUp.kinds(evaluator, observed, moment) == expected, "\(moment)")
    }
    let finding = try #require(
      evaluator.findings(about: observed, in: MadeUp.state(try MadeUp.at(late)), at: try MadeUp.at(late)).first)
    #expect(
      finding
        == Finding(
          kind: .pickUpLate, severity: .critical, account: "a", subject: "u-1", fileName: "fil.csv",
          infRef: ShownInfRef(shown: MadeUp.extract), sender: "s", size: 10, since: try MadeUp.at(came),
          ageBasis: .watcher,
          due: try MadeUp.at(late), ruleLine: 7,
          rule: LocalizedText(
            da: RuleText.pickUp(try #require(rule.pickUp), rule).da, en: "pick-up-within: \(period)"
          )))
  }

  @Test("the rule that is broken first counts")
  func theRuleThatIsBrokenFirstCounts() throws {
    func rule(_ period: String, _ account: String = "a", line: SettingsLine) throws -> InfRefRule {
      InfRefRule(
        accounts: [account], infRef: .sf7002,
        pickUp: PickUpLimit(within: try #require(RulePeriod(period))), line: line
      )
    }
    // On the evening before Easter an hour of business is later than a day by the clock.
    let evaluator = try MadeUp.evaluator([
      try rule("1h business", line: 1), try rule("1d", line: 2), try rule("1s", "b", line: 3),
    ])
    let came = try MadeUp.at("2026-04-01 18:00")
    let now = try MadeUp.at("2026-04-08 12:00")
    for (name, line) in [
      ("SortimentOverfør_1", 2), ("SortimentOverfør_2", 2), ("SortimentOverfo\u{308}r_1", nil), ("SF7002", nil),
    ] as [(String, Int?)] {
      let found = evaluator.findings(about: MadeUp.pair(came, infRef: name), in: MadeUp.state(now), at: now)
      #expect(found.map(\.ruleLine) == (line == nil ? [] : [line]), "\(name)")
    }
    #expect(evaluator.findings(about: MadeUp.pair(came, infRef: nil), in: MadeUp.state(now), at: now).isEmpty)
  }

  @Test("ages are reported as exactly as they are known")
  func agesAreReportedAsTheyAreKnown() throws {
    let noon = try MadeUp.at("2026-04-01 12:00")
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
    // Unwatched: the server's time stamp by our clock, limited by the times of the looks.
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

  @Test("half pairs and growth are given time")
  func halfPairsAndGrowthAreGivenTime() throws {
    let evaluator = try MadeUp.evaluator([], AccountRule(accounts: ["a"], stalledAfter: .seconds(300)))
    let came = try MadeUp.at("2026-04-01 12:00")
    func later(_ seconds: Int64) -> Timestamp { came.later(by: .seconds(seconds)) }
    var half = MadeUp.pair(came)
    half.sidecar = nil
    half.halfSince = came
    #expect(MadeUp.kinds(evaluator, half, later(599)).isEmpty)
    #expect(MadeUp.kinds(evaluator, half, later(600)) == ["data-without-metadata warning"])
    // Data that still grows is on its way.
    half.data?.changed = later(500)
    #expect(MadeUp.kinds(evaluator, half, later(1099)).isEmpty)
    #expect(MadeUp.kinds(evaluator, half, later(1100)) == ["data-without-metadata warning"])
    // A pair that was whole for an hour, and whose data is gone since.
    var rest = MadeUp.pair(came)
    rest.data = nil
    rest.halfSince = later(3600)
    #expect(MadeUp.kinds(evaluator, rest, later(4199)).isEmpty)
    #expect(MadeUp.kinds(evaluator, rest, later(4200)) == ["metadata-without-data warning"])
    // A file that is not whole.
    var growing = MadeUp.pair(came, size: 9)
    growing.data?.changed = later(100)
    #expect(MadeUp.kinds(evaluator, growing, later(399)).isEmpty)
    #expect(MadeUp.kinds(evaluator, growing, later(400)) == ["stopped-growing warning"])
    let longer = MadeUp.pair(came, size: 11)
    #expect(MadeUp.kinds(evaluator, longer, later(299)).isEmpty)
    #expect(MadeUp.kinds(evaluator, longer, later(300)) == ["size-differs warning"])
    // Cleaning up.
    let cleaned = try MadeUp.evaluator([], AccountRule(accounts: ["a"], cleanUpAfter: .seconds(1000), warnAt: 90))
    #expect(MadeUp.kinds(cleaned, MadeUp.pair(came), later(899)).isEmpty)
    #expect(MadeUp.kinds(cleaned, MadeUp.pair(came), later(900)) == ["near-clean-up warning"])
    #expect(MadeUp.kinds(cleaned, MadeUp.pair(came), later(1000)) == ["near-clean-up critical"])
  }

  @Test("receipts and answers are missed")
  func receiptsAndAnswersAreMissed() throws {
    let rules = [
      InfRefRule(
        accounts: ["a"], infRef: InfRef(unchecked: "Bilag_1"),
        answer: AwaitedAnswer(
          limit: .within(RulePeriod(.seconds(8 * 3600), isBusinessTime: true)), infRef: InfRef(unchecked: "Svar_1")),
        line: 5),
      InfRefRule(accounts: ["a"], infRef: InfRef(unchecked: "Bilag_2"), answer: AwaitedAnswer(limit: .by(minute: 360))),
    ]
    let evaluator = try MadeUp.evaluator(rules, AccountRule(accounts: ["a"], receiptWithin: .seconds(1800), line: 6))
    let sent = try MadeUp.at("2026-04-01 12:00")
    func delivery(_ id: Int64, _ infRef: String, _ state: DeliveryState) -> DeliveryOutcome {
      DeliveryOutcome(
        id: id, wireName: WireName(unchecked: "010190-1234.csv"), infRef: InfRef(unchecked: infRef), state: state,
        committedAt: sent)
    }
    func found(_ delivery: DeliveryOutcome, _ now: String, answers: [ArrivedFile] = []) throws -> [String] {
      let now = try MadeUp.at(now)
      return evaluator.findings(about: [delivery], answers: answers, in: MadeUp.state(now), at: now).map {
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
    let answer = ArrivedFile(
      transfer: "s", infRef: InfRef(unchecked: "Svar_1"), name: [0x66], came: sent.later(by: .seconds(5)))
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

  @Test("identities hold no personal data")
  func identitiesHoldNoPersonalData() {
    for transfer in [
      "010190-1234", "0101901234", "Jens Hansen", "", String(repeating: "a", count: 65), "a/b", "a\u{202E}b",
    ] {
      var observed = MadeUp.pair(Timestamp(secondsSince1970: 0))
      observed.content = .metadata(ObservedFacts(transfer: transfer, infRef: nil, sender: "s", size: 1))
      #expect(observed.subject.hasPrefix("transfer-") && observed.subject.utf8.count == 33, "\(observed.subject)")
    }
    let unread = ObservedFile(name: Array("010190-1234.csv".utf8), firstSeen: Timestamp(secondsSince1970: 0))
    #expect(unread.subject.hasPrefix("name-") && !unread.subject.contains("1234"))
    let outgoing = ObservedFile(place: .outbox, name: unread.name, firstSeen: unread.firstSeen)
    #expect(outgoing.subject != unread.subject)
  }

  /// A sender may put anything where an InfRef or a user's name belongs.
  @Test("findings hold no personal data")
  func findingsHoldNoPersonalData() throws {
    let arrival = ArrivalRoute(name: "r", account: "a", infRef: InfRef(unchecked: MadeUp.extract))
    let evaluator = try MadeUp.evaluator([], nil, arrivals: [arrival])
    let observed = MadeUp.pair(try MadeUp.at("2026-04-01 12:00"), infRef: "Sag_010190-1234", sender: "jens 0101901234")
    let finding = try #require(
      evaluator.findings(
        about: observed, in: MadeUp.state(try MadeUp.at("2026-04-01 12:00")), at: try MadeUp.at("2026-04-01 12:00")
      )
      .first)
    #expect(finding.kind == .unknownInfRef)
    #expect(finding.infRef == "Sag_******-****" && finding.sender == "jens **********")
    #expect(finding.detail?.en == "no arrival and no rule of this account names Sag_******-****")
  }
}
