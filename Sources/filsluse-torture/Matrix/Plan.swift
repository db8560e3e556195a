import ExchangeSettings
import LocalPlatform
import TriggerFiles

extension PlatformPlan {
  /// Pairs of systems, one sender and one receiver for each worker, that have nothing to do with each other.
  static func workers(_ count: Int) throws -> PlatformPlan {
    var plan = PlatformPlan(systems: [], routes: [])
    for worker in 1...count {
      let authority = try CVRNumber("9900\(9000 + worker)")
      for (name, number) in [(sender(worker), 2 * worker), (receiver(worker), 2 * worker + 1)] {
        let digits = String(100_000_000_000 + number)
        plan.systems.append(
          PlatformSystem(
            name: name, title: name, itSystem: try SystemID("f1150000-0000-4000-8000-\(digits)"), authority: authority))
      }
      plan.routes.append(
        PlatformRoute(
          name: route(worker), infRef: demoExtracts, from: sender(worker), authority, to: receiver(worker), authority))
      plan.routes.append(
        PlatformRoute(
          name: answer(worker), infRef: answers, from: receiver(worker), authority, to: sender(worker), authority))
    }
    return plan
  }

  /// Two systems that send files to each other.
  static func bothWays() throws -> PlatformPlan {
    var plan = try workers(1)
    let authority = try CVRNumber("99009001")
    plan.routes = [(sender(1), receiver(1)), (receiver(1), sender(1))].map { from, to in
      PlatformRoute(name: "from-\(from)", infRef: demoExtracts, from: from, authority, to: to, authority)
    }
    return plan
  }

  /// The InfRef of business receipts on this platform.
  static let answers = InfRef(unchecked: "Forretningskvittering_1")

  static func sender(_ worker: Int) -> String { "sender-\(worker)" }
  static func receiver(_ worker: Int) -> String { "receiver-\(worker)" }
  static func route(_ worker: Int) -> String { "way-\(worker)" }
  static func answer(_ worker: Int) -> String { "answer-\(worker)" }
}
