import ExchangeSettings
import LocalPlatform
import TriggerFiles

extension PlatformPlan {
  /// Pairs of systems, one sender and one receiver for each lane, that have nothing to do with each other.
  static func lanes(_ count: Int) throws -> PlatformPlan {
    var plan = PlatformPlan(systems: [], routes: [])
    for lane in 1...count {
      let authority = try CVRNumber("9900\(9000 + lane)")
      for (name, number) in [(sender(lane), 2 * lane), (receiver(lane), 2 * lane + 1)] {
        let digits = String(100_000_000_000 + number)
        plan.systems.append(
          PlatformSystem(
            name: name, title: name, itSystem: try SystemID("f1150000-0000-4000-8000-\(digits)"), authority: authority))
      }
      plan.routes.append(
        PlatformRoute(
          name: route(lane), infRef: demoExtracts, from: sender(lane), authority, to: receiver(lane), authority))
      plan.routes.append(
        PlatformRoute(
          name: answer(lane), infRef: answers, from: receiver(lane), authority, to: sender(lane), authority))
    }
    return plan
  }

  /// The InfRef of business receipts on this platform.
  static let answers = InfRef(unchecked: "Forretningskvittering_1")

  static func sender(_ lane: Int) -> String { "sender-\(lane)" }
  static func receiver(_ lane: Int) -> String { "receiver-\(lane)" }
  static func route(_ lane: Int) -> String { "way-\(lane)" }
  static func answer(_ lane: Int) -> String { "answer-\(lane)" }
}
