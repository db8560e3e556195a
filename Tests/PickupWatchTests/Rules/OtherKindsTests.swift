import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Rules about what has no InfRef: direct transmissions, known by their sender, and bare files, known by their name.
@Suite("Rules about direct transmissions and bare files") struct OtherKindsTests {
  private static func evaluator(_ rules: [InfRefRule], arrivals: [ArrivalRoute] = []) throws -> RuleEvaluator {
    var account = Account(name: "a", host: "h", user: "u", key: "/k", hostKeys: .pinned([]))
    account.bareFiles = [try FileNamePattern("SF2900_*")]
    var settings = ExchangeSettings(source: "f.yaml", accounts: [account], arrivals: arrivals)
    settings.watch.infRefRules = rules
    settings.watch.accountRules = [AccountRule(accounts: ["a"], halfPairAfter: .seconds(600))]
    return try #require(RuleEvaluator(settings))
  }

  private static func direct(
    pickUp: PickUpLimit? = nil, expected: ExpectedFiles? = nil
  ) -> InfRefRule {
    InfRefRule(
      accounts: ["a"], about: .direct(arrival: "nabo", senders: ["nabosystem"]), pickUp: pickUp, expected: expected,
      line: 5)
  }

  private static let hour = PickUpLimit(within: RulePeriod(.seconds(3600)), warnAt: 50)
  private static let nabo = ArrivalRoute(name: "nabo", account: "a", infRef: nil, senders: ["nabosystem"])

  @Test("a direct transmission is late by the rule that names its arrival, and no other sender's is")
  func lateDirect() throws {
    let evaluator = try Self.evaluator([Self.direct(pickUp: Self.hour)], arrivals: [Self.nabo])
    let came = try MadeUp.at("2026-04-01 12:00")
    let observed = MadeUp.pair(came, infRef: nil, sender: "nabosystem")
    #expect(MadeUp.kinds(evaluator, observed, try MadeUp.at("2026-04-01 12:29")) == [])
    #expect(MadeUp.kinds(evaluator, observed, try MadeUp.at("2026-04-01 12:30")) == ["pick-up-late warning"])
    let now = try MadeUp.at("2026-04-01 13:00")
    let finding = try #require(
      evaluator.findings(about: observed, in: MadeUp.state(now), at: now).first)
    #expect(
      finding.severity == .critical && finding.infRef == nil && finding.sender == "nabosystem")
    #expect(finding.rule?.en == "arrival: nabo, pick-up-within: 1h" && finding.ruleLine == 5)
    let routed = MadeUp.pair(came, infRef: MadeUp.extract, sender: "nabosystem")
    #expect(!MadeUp.kinds(evaluator, routed, now).contains { $0.hasPrefix("pick-up-late") })
    let other = MadeUp.pair(came, infRef: nil, sender: "Nabosystem")
    #expect(MadeUp.kinds(evaluator, other, now) == ["unknown-sender warning"])
  }

  @Test("reports a direct transmission from a sender that neither an arrival nor a rule names")
  func unknownSender() throws {
    let came = try MadeUp.at("2026-04-01 12:00")
    let observed = MadeUp.pair(came, infRef: nil, sender: "ukendt 0101901234")
    let evaluator = try Self.evaluator([], arrivals: [Self.nabo])
    let finding = try #require(evaluator.findings(about: observed, in: MadeUp.state(came), at: came).first)
    #expect(finding.kind == .unknownSender)
    #expect(
      finding.detail?.en == "no arrival of this account takes what ukendt ********** sends directly"
    )
    // Without described arrivals no sender can be known, and so none is reported as unknown.
    #expect(MadeUp.kinds(try Self.evaluator([]), observed, came) == [])
    let routed = ArrivalRoute(name: "r", account: "a", infRef: InfRef(unchecked: MadeUp.extract))
    let byRule = try Self.evaluator([Self.direct(pickUp: Self.hour)], arrivals: [routed])
    #expect(MadeUp.kinds(byRule, MadeUp.pair(came, infRef: nil, sender: "nabosystem"), came) == [])
  }

  @Test("counts expected direct files by their sender")
  func expectedDirect() throws {
    let expected = ExpectedFiles(rhythm: Rhythm(.daily, byMinute: 360), files: 2)
    let evaluator = try Self.evaluator([Self.direct(expected: expected)], arrivals: [Self.nabo])
    let now = try MadeUp.at("2026-04-01 07:00")
    func came(_ number: Int, from sender: String, infRef: String? = nil) throws -> ArrivedFile {
      ArrivedFile(
        transfer: "t\(number)", infRef: infRef.map(InfRef.init(unchecked:)), sender: sender, name: [0x61],
        came: try MadeUp.at("2026-04-01 05:00"))
    }
    func missing(_ files: [ArrivedFile]) -> [Finding] {
      evaluator.missing(among: files, in: MadeUp.state(now), at: now)
    }
    let none = try #require(
      missing([try came(1, from: "anden"), try came(2, from: "nabosystem", infRef: "X_1")]).first)
    #expect(none.kind == .expectedMissing && none.infRef == nil)
    #expect(
      none.rule?.en == "arrival: nabo, expect: daily by 06:00"
        && none.subject.hasPrefix("arrival: nabo/2026-04-01"))
    #expect(missing([try came(1, from: "nabosystem")]).map(\.kind) == [.tooFewFiles])
    #expect(missing([try came(1, from: "nabosystem"), try came(2, from: "nabosystem")]).isEmpty)
  }

  private static func bare(
    _ name: String, came: Timestamp, changed: Timestamp? = nil, in place: ObservedFile.Place = .inbox
  )
    -> ObservedFile
  {
    let part = ObservedFile.Part(
      firstSeen: came, notBefore: came.earlier(by: .seconds(60)), changed: changed, size: 3, modified: came)
    return ObservedFile(place: place, name: Array(name.utf8), firstSeen: came, data: part, halfSince: came)
  }

  @Test("a bare file is no half pair in IN or OUT, and others still are")
  func bareIsNoHalf() throws {
    let came = try MadeUp.at("2026-04-01 12:00")
    let later = came.later(by: .seconds(86_400))
    let evaluator = try Self.evaluator([])
    #expect(MadeUp.kinds(evaluator, Self.bare("SF2900_1.xml", came: came), later) == [])
    #expect(MadeUp.kinds(evaluator, Self.bare("SF2900_1.xml", came: came, in: .outbox), later) == [])
    #expect(
      MadeUp.kinds(evaluator, Self.bare("andet.xml", came: came), later) == ["data-without-metadata warning"])
    #expect(
      MadeUp.kinds(evaluator, Self.bare("andet.xml", came: came, in: .outbox), later)
        == ["data-without-trigger warning"])
    // With metadata beside it, the file is part of a pair.
    var pair = Self.bare("SF2900_1.xml", came: came)
    pair.sidecar = pair.data
    pair.data = nil
    #expect(MadeUp.kinds(evaluator, pair, later) == ["metadata-without-data warning"])
  }

  @Test("a rule that names their pattern asks for their pick-up, from when they stopped growing")
  func barePickUp() throws {
    let rule = InfRefRule(
      accounts: ["a"], about: .bare(try FileNamePattern("SF2900_*")), pickUp: Self.hour, line: 9)
    let evaluator = try Self.evaluator([rule])
    let came = try MadeUp.at("2026-04-01 12:00")
    let observed = Self.bare("SF2900_1.xml", came: came)
    #expect(MadeUp.kinds(evaluator, observed, try MadeUp.at("2026-04-01 12:30")) == ["pick-up-late warning"])
    let now = try MadeUp.at("2026-04-01 13:00")
    let finding = try #require(
      evaluator.findings(about: observed, in: MadeUp.state(now), at: now).first)
    #expect(
      finding.severity == .critical && finding.fileName == "SF2900_1.xml" && finding.size == 3)
    #expect(finding.rule?.en == "bare-files: SF2900_*, pick-up-within: 1h" && finding.ruleLine == 9)
    let grown = Self.bare("SF2900_1.xml", came: came, changed: try MadeUp.at("2026-04-01 12:45"))
    #expect(MadeUp.kinds(evaluator, grown, now) == [])
    #expect(MadeUp.kinds(evaluator, Self.bare("SF2900_1.xml", came: came, in: .outbox), now) == [])
  }

  @Test("explains such rules in words of their own")
  func explained() throws {
    let expected = ExpectedFiles(rhythm: Rhythm(.daily, byMinute: 360))
    let evaluator = try Self.evaluator(
      [
        Self.direct(pickUp: Self.hour, expected: expected),
        InfRefRule(accounts: ["a"], about: .bare(try FileNamePattern("SF2900_*")), pickUp: Self.hour, line: 6),
      ])
    let sentences = evaluator.explanations(at: try MadeUp.at("2026-04-01 12:00")).map(\.sentence)
    #expect(
      sentences.contains {
        $0.hasPrefix("A file sent directly by nabosystem (arrival nabo) in IN of a must be picked up within 1h")
      })
    #expect(
      sentences.contains { $0.hasPrefix("At least one file sent directly by nabosystem (arrival nabo) must have come") }
    )
    #expect(sentences.contains { $0.hasPrefix("A bare file called SF2900_* in IN of a must be picked up") })
  }
}
