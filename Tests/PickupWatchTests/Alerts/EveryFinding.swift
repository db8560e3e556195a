import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// A finding of every kind, as the evaluator makes it, by every kind of rule.
enum EveryFinding {
  static func all() throws -> [Finding] {
    try files() + receipts() + expected() + sent() + account() + municipality() + [
      .manyFindings(of: "a"), Finding(kind: .test, severity: .warning, account: "a", subject: "test"),
    ]
  }

  private static let came = "2026-04-01 12:00"
  private static let business = RulePeriod(.seconds(3600), isBusinessTime: true)

  private static func settings() throws -> ExchangeSettings {
    var account = Account(name: "a", host: "h", user: "u", key: "/k", hostKeys: .pinned([]))
    account.bareFiles = [try FileNamePattern("SF2900_*")]
    let addressing = Addressing(
      infRef: InfRef(unchecked: "Bilag_1"), senderITSystem: .random(), senderAuthority: try CVRNumber("99000101"),
      recipientAuthority: try CVRNumber("99009001"))
    var arrival = ArrivalRoute(
      name: "udtræk", account: "a", infRef: InfRef(unchecked: MadeUp.extract), senders: ["afsender"])
    arrival.municipalities = [try CVRNumber("99000101"): "0101"]
    var settings = ExchangeSettings(
      source: "f.yaml", accounts: [account],
      routes: [
        Route(name: "bilag", account: "a", kind: .explicit(addressing, recipientITSystem: .random())),
        Route(name: "nabo", account: "a", kind: .direct(recipients: ["nabosystem"])),
      ],
      arrivals: [
        arrival,
        ArrivalRoute(
          name: "sortiment", account: "a", infRef: InfRef(unchecked: "SortimentOverfør_1"), senders: ["fk-kla"]),
      ])
    func limit(_ period: RulePeriod) -> PickUpLimit { PickUpLimit(within: period, warnAt: 50) }
    settings.watch.infRefRules = [
      InfRefRule(
        accounts: ["a"], infRef: InfRef(unchecked: MadeUp.extract), pickUp: limit(RulePeriod(.seconds(7200))), line: 3),
      InfRefRule(accounts: ["a"], infRef: .sf7002, pickUp: limit(business), line: 4),
      InfRefRule(
        accounts: ["a"], about: .direct(arrival: "nabo", senders: ["nabosystem"]), pickUp: limit(business),
        expected: ExpectedFiles(rhythm: Rhythm(.daily, byMinute: 942)), line: 5),
      InfRefRule(accounts: ["a"], about: .bare(try FileNamePattern("SF2900_*")), pickUp: limit(business), line: 6),
      InfRefRule(
        accounts: ["a"], infRef: InfRef(unchecked: "Flere_1"),
        expected: ExpectedFiles(rhythm: Rhythm(.weekdays, byMinute: 0), files: 3),
        line: 7),
      InfRefRule(
        accounts: ["a"], infRef: InfRef(unchecked: "Uge_1"),
        expected: ExpectedFiles(
          rhythm: Rhythm(.weekly(.wed), byMinute: 0), files: 2, municipalities: [.code("0101"), .cvr("99000147")]),
        line: 8),
      InfRefRule(
        accounts: ["a"], infRef: InfRef(unchecked: "Maaned_1"),
        expected: ExpectedFiles(rhythm: Rhythm(.monthly(1), byMinute: 0)), line: 9),
      InfRefRule(
        accounts: ["a"], infRef: InfRef(unchecked: "Bilag_1"),
        answer: AwaitedAnswer(limit: .within(business), infRef: InfRef(unchecked: "Svar_1"))),
      InfRefRule(accounts: ["a"], infRef: InfRef(unchecked: "Bilag_2"), answer: AwaitedAnswer(limit: .by(minute: 942))),
    ]
    settings.watch.accountRules = [
      AccountRule(
        accounts: ["a"], platformTakesWithin: .seconds(60), receiptWithin: .seconds(60), cleanUpAfter: .seconds(10_000),
        mostFiles: 1, mostBytes: 1_000_000, line: 10)
    ]
    return settings
  }

  private static func evaluator() throws -> RuleEvaluator { try #require(RuleEvaluator(try settings())) }

  private static func files() throws -> [Finding] {
    let evaluator = try evaluator()
    let begin = try MadeUp.at(came)
    var observedFiles = [
      MadeUp.pair(begin), MadeUp.pair(begin, infRef: "Ukendt_1"), MadeUp.pair(begin, sender: "fremmed"),
      MadeUp.pair(begin, infRef: "SortimentOverfør_1", sender: "fremmed"), MadeUp.pair(begin, infRef: nil),
      MadeUp.pair(begin, infRef: nil, sender: "nabosystem"), MadeUp.pair(begin, size: 5), MadeUp.pair(begin, size: 50),
    ]
    func changed(_ change: (inout ObservedFile) -> Void) {
      var observed = MadeUp.pair(begin)
      change(&observed)
      observedFiles.append(observed)
    }
    changed { $0.sidecar = nil }
    changed { $0.data = nil }
    changed {
      $0.sidecar = nil
      $0.name = Array("SF2900_1.xml".utf8)
    }
    changed { $0.content = .unreadable(SFTPReasons.refused) }
    changed { $0.place = .outbox }
    changed {
      $0.place = .outbox
      $0.sidecar = nil
    }
    return try ["2026-04-01 13:30", "2026-04-01 20:00"].flatMap { moment in
      let now = try MadeUp.at(moment)
      return observedFiles.flatMap { evaluator.findings(about: $0, in: MadeUp.state(now), at: now) }
    }
  }

  private static func receipts() throws -> [Finding] {
    let now = try MadeUp.at(came)
    var observed = MadeUp.pair(now)
    observed.place = .receipt
    observed.content = .errors("2001 No route: there is no route", transfer: "u")
    return try evaluator().findings(about: observed, in: MadeUp.state(now), at: now)
  }

  private static func expected() throws -> [Finding] {
    let evaluator = try evaluator()
    let now = try MadeUp.at(came)
    let file = ArrivedFile(
      transfer: "t", infRef: InfRef(unchecked: "Flere_1"), name: Array("0101.csv".utf8),
      came: try MadeUp.at("2026-03-31 23:50"))
    var weekly = file
    (weekly.transfer, weekly.infRef) = ("u", InfRef(unchecked: "Uge_1"))
    var blind = MadeUp.state(now)
    blind.gaps = [try MadeUp.at("2026-03-31 20:00")..<(try MadeUp.at("2026-03-31 23:00"))]
    return evaluator.missing(among: [file, weekly], in: MadeUp.state(now), at: now)
      + evaluator.missing(among: [], in: blind, at: now)
  }

  private static func sent() throws -> [Finding] {
    let now = try MadeUp.at(came)
    let begin = now.earlier(by: .seconds(5 * 86_400))
    var deliveries = [
      DeliveryOutcome(
        id: 1, wireName: WireName(unchecked: "a.csv"), infRef: InfRef(unchecked: "Bilag_1"), state: .accepted,
        committedAt: begin,
        route: "bilag",
        receiptAt: begin),
      DeliveryOutcome(
        id: 2, wireName: WireName(unchecked: "b.csv"), infRef: InfRef(unchecked: "Bilag_2"), state: .triggered,
        committedAt: begin,
        route: "nabo"),
      DeliveryOutcome(
        id: 3, wireName: WireName(unchecked: "c.csv"), infRef: InfRef(unchecked: "Bilag_2"), state: .accepted,
        committedAt: begin,
        route: "borte"),
      DeliveryOutcome(
        id: 4, wireName: WireName(unchecked: "d.csv"), infRef: InfRef(unchecked: "Bilag_1"), state: .refused,
        committedAt: begin,
        route: "bilag"),
    ]
    deliveries[3].outcome = "2001 No route: there is no route"
    return try evaluator().findings(about: deliveries, answers: [], in: MadeUp.state(now), at: now)
  }

  private static func account() throws -> [Finding] {
    let evaluator = try evaluator()
    let now = try MadeUp.at(came)
    var state = MadeUp.state(now)
    state.gaps = [now.earlier(by: .seconds(9000))..<now]
    (state.files, state.bytes) = (98, 5_000_000)
    var collection = FindingCollection(account: "a")
    collection.add((0...FindingCollection.mostOfAKind).map { Given.finding("\($0)", account: "a") })
    var findings = evaluator.findings(about: state, at: now) + collection.sorted().suffix(2)
    for kind in Finding.reasonsNotToSee.union([.journalUnreadable, .observationsUnusable]) {
      state.failure = InboxState.Failure(
        kind: kind, text: SFTPReasons.refused, since: now)
      findings += evaluator.findings(about: state, at: now)
    }
    return findings.filter { $0.rule?.en != "pick-up-within: 4h" }
  }

  private static func municipality() throws -> [Finding] {
    let now = try MadeUp.at(came)
    let file = ArrivedFile(
      transfer: "t", infRef: InfRef(unchecked: MadeUp.extract), name: Array("udtræk-0147.csv".utf8),
      recipientAuthority: "99000101",
      came: now)
    return try evaluator().otherMunicipalities(among: [file], in: MadeUp.state(now), at: now)
  }
}

/// The reason of a failed look, in both languages as the watcher keeps it.
private enum SFTPReasons {
  static let refused = ExchangeError(
    .journal, operation: "open", path: "/var/lib/filsluse/journal.sqlite", message: "disk I/O error",
    remedy: "look at the disk"
  ).inBothLanguages
}
