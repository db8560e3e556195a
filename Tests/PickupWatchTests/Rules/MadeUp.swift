import ExchangeSettings
import FileExchange
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import PickupWatch

/// Rules, observed files and moments that are made up. Wednesday 1 April 2026 is the day before Maundy Thursday.
enum MadeUp {
  static let extract = "FagsystemdefineredeDataRefGDPR1203_1"

  /// `2026-04-01 12:00` by the clock in Denmark.
  static func at(_ text: String) throws -> Timestamp {
    let clock = try #require(WallClock(zone: "Europe/Copenhagen"))
    return clock.moment(
      try #require(CivilDay(String(text.prefix(10)))), minute: try #require(ClockText.parse(String(text.suffix(5)))))
  }

  static func evaluator(
    _ rules: [InfRefRule] = [], _ account: AccountRule? = nil, arrivals: [ArrivalRoute] = []
  ) throws -> RuleEvaluator {
    var settings = ExchangeSettings(source: "filsluse.yaml", arrivals: arrivals)
    settings.watch.infRefRules = rules
    settings.watch.accountRules = account.map { [$0] } ?? []
    return try #require(RuleEvaluator(settings))
  }

  static func state(_ looked: Timestamp) -> InboxState {
    InboxState(account: "a", watchedSince: Timestamp(secondsSince1970: 1_700_000_000), lastLook: looked)
  }

  /// A pair that came while there was a look each minute.
  static func pair(
    _ came: Timestamp, infRef: String? = extract, sender: String = "s", size: UInt64 = 10, described: UInt64 = 10
  ) -> ObservedFile {
    let part = ObservedFile.Part(
      firstSeen: came, notBefore: came.earlier(by: .seconds(60)), size: size, modified: came.earlier(by: .seconds(9999))
    )
    return ObservedFile(
      name: Array("fil.csv".utf8), firstSeen: came, data: part, sidecar: part,
      content: .metadata(
        ObservedFacts(transfer: "u-1", infRef: infRef.map(InfRef.init(unchecked:)), sender: sender, size: described)))
  }

  static func kinds(_ evaluator: RuleEvaluator, _ observed: ObservedFile, _ now: Timestamp) -> [String] {
    evaluator.findings(about: observed, in: state(now), at: now).map { "\($0.kind.rawValue) \($0.severity)" }
  }
}
