import ExchangeSettings
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@Suite struct PlanTests {
  @Test("there are 98 municipalities, each in a region")
  func thereAre98Municipalities() {
    let all = Municipality.all
    #expect(all.count == 98)
    #expect(Set(all.map(\.code)).count == 98)
    #expect(Set(all.map(\.name)).count == 98)
    #expect(all.allSatisfy { $0.code.utf8.count == 4 && $0.code.hasPrefix("0") })
    #expect(all.map(\.code) == all.map(\.code).sorted())
    #expect(all.first { $0.code == "0751" }?.name == "Aarhus")
    #expect(all.first { $0.code == "0492" }?.name == "Ærø")
    #expect(all.last?.name == "Hjørring")
    let regions = Municipality.Region.allCases.map { region in all.count { $0.region == region } }
    #expect(regions == [29, 17, 22, 19, 11])
    let named = ["Bornholm", "Greve", "Horsens", "Vejle", "Skive", "Thisted", "Halsnæs"].compactMap { name in
      all.first { $0.name == name }?.region.rawValue
    }
    #expect(
      named == [
        "Hovedstaden", "Sjælland", "Midtjylland", "Syddanmark", "Midtjylland", "Nordjylland", "Hovedstaden",
      ])
  }

  @Test("the demo has a route per municipality and a second for one")
  func theDemoHasARoutePerMunicipalityAndASecondForOne() {
    let plan = PlatformPlan.demo
    #expect(plan.routes.filter { $0.recipient == "flis" }.count == 98)
    #expect(plan.routes.filter { $0.recipient == "lis-aarhus" }.map(\.municipality) == ["0751"])
    #expect(plan.routes.filter { $0.sender == "fk-kla" }.map(\.infRef.name) == ["SortimentOverfør_1"])
    #expect(Set(plan.systems.map(\.itSystem)).count == plan.systems.count)
  }

  @Test("a plan that does not fit together is refused")
  func aPlanThatDoesNotFitTogetherIsRefused() async throws {
    var plan = PlatformPlan.demo
    plan.systems.removeLast()
    let unfit = plan
    try await withScratchFolder { scratch in
      let error = await #expect(throws: PlatformError.self) {
        try await withLocalPlatform(at: scratch, plan: unfit, logger: .silent) { _ in }
      }
      #expect(error?.code == .unusablePlan)
    }
  }
}
