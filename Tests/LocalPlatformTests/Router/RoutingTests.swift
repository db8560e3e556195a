import ExchangeSettings
import TriggerFiles
import Testing

@testable import LocalPlatform

@Suite struct RoutingTests {
  private let routing = Routing(plan: .demo)

  private func recipients(_ trigger: HandWrittenTrigger, from sender: String = "fagsystem") throws -> [String] {
    let system = try #require(PlatformPlan.demo.system(named: sender))
    let read = try Trigger(reading: Array(trigger.text.utf8))
    return try routing.recipients(of: read, from: system, name: WireName("udtræk.csv"), size: 10).map(\.name)
  }

  @Test("an explicit route leads to its system")
  func anExplicitRouteLeadsToItsSystem() throws {
    let trigger = HandWrittenTrigger("udtræk.csv", size: 10)
    #expect(try recipients(trigger) == ["flis"])
    let toLIS = trigger.with {
      $0.recipientSystem = "f1150000-0000-4000-8000-000000000004"
      $0.senderAuthority = "99000751"
      $0.recipientAuthority = "99000751"
    }
    #expect(try recipients(toLIS) == ["lis-aarhus"])
  }

  @Test("the sortiment comes from the classification system")
  func theSortimentComesFromTheClassificationSystem() throws {
    let trigger = HandWrittenTrigger("udtræk.csv", size: 10).with {
      $0.sender = "fk-kla"
      $0.infRef = "SortimentOverfør_1"
      $0.senderSystem = "f1150000-0000-4000-8000-000000000001"
      $0.senderAuthority = "99009001"
      $0.recipientSystem = "f1150000-0000-4000-8000-000000000002"
      $0.recipientAuthority = "99000751"
    }
    #expect(try recipients(trigger, from: "fk-kla") == ["faktura"])
  }

  @Test("a direct delivery needs no route")
  func aDirectDeliveryNeedsNoRoute() throws {
    #expect(try recipients(.direct("udtræk.csv", size: 10, to: "flis", "faktura", "flis")) == ["flis", "faktura"])
  }

  @Test("an implicit route is found by the authority")
  func anImplicitRouteIsFoundByTheAuthority() throws {
    var plan = PlatformPlan.demo
    let authority = Municipality.all[0].testAuthority
    plan.routes = [
      PlatformRoute(
        name: "own", infRef: InfRef(unchecked: "EgenData_1"), kind: .implicit, from: "fagsystem", authority, to: "flis",
        authority)
    ]
    let system = try #require(plan.system(named: "fagsystem"))
    let trigger = HandWrittenTrigger("udtræk.csv", size: 10).with {
      $0.infRef = "EgenData_1"
      $0.recipientSystem = nil
    }
    let read = try Trigger(reading: Array(trigger.text.utf8))
    let found = try Routing(plan: plan).recipients(of: read, from: system, name: WireName("udtræk.csv"), size: 10)
    #expect(found.map(\.name) == ["flis"])
  }

  static let refused: [(RefusalCode, HandWrittenTrigger)] = {
    let good = HandWrittenTrigger("udtræk.csv", size: 10)
    return [
      (.otherSender, good.with { $0.sender = "flis" }),
      // The same letters, but æ and å made of two characters each are other bytes.
      (.otherFileName, good.with { $0.fileName = "udtra\u{0308}k.csv" }),
      (.otherSize, good.with { $0.size = 11 }),
      (.unknownRecipient, .direct("udtræk.csv", size: 10, to: "flis", "nobody")),
      (.mixedRecipients, good.with { $0.recipients = ["ROUTING_V1_0_0", "flis"] }),
      (.missingRouting, good.with { $0.infRef = nil }),
      (.needlessRouting, good.with { $0.recipients = ["flis"] }),
      (.unusableInfRef, good.with { $0.infRef = "SortimentOverfor_1" }),
      (.unusableInfRef, good.with { $0.infRef = "SF7002" }),
      (.otherSenderSystem, good.with { $0.senderSystem = "f1150000-0000-4000-8000-000000000005" }),
      (.explicitRouteRequired, good.with { $0.recipientSystem = nil }),
      (.routeNotOrdered, good.with { $0.infRef = "SortimentOverfør_1" }),
      (.routeNotOrdered, good.with { $0.recipientAuthority = "99000147" }),
      (.routeNotOrdered, good.with { $0.senderAuthority = "99009002" }),
      (.routeNotOrdered, good.with { $0.recipientSystem = "f1150000-0000-4000-8000-000000000004" }),
    ]
  }()

  @Test("refuses a wrong delivery with its code", arguments: refused.indices) func whatDoesNotFitIsRefusedWithItsCode(
    index: Int
  ) throws {
    let (code, trigger) = Self.refused[index]
    let error = #expect(throws: Refusals.self) { try recipients(trigger) }
    #expect(error?.reasons.map(\.code) == [code], "\(String(describing: error))")
  }

  @Test("reports all reasons at once")
  func allReasonsAreReportedAtOnce() throws {
    let trigger = HandWrittenTrigger("udtræk.csv", size: 11).with {
      $0.sender = "flis"
      $0.recipientSystem = nil
    }
    let error = #expect(throws: Refusals.self) { try recipients(trigger) }
    #expect(error?.reasons.map(\.code) == [.otherSender, .otherSize, .explicitRouteRequired])
  }
}
