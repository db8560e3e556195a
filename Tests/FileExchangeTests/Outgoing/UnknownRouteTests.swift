import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The failure of an order by a route that the settings do not have.
@Suite struct UnknownRouteTests {
  private func error(_ route: String, list: FilePath?, routes: [String] = ["0101", "0461"]) throws -> ExchangeError {
    let settings = ExchangeSettings(
      source: "/etc/filsluse.yaml",
      routes: routes.map {
        Route(name: "flis-\($0)", account: "a", kind: .direct(recipients: ["b"]), municipality: $0)
      }, routesFile: list)
    let order = DeliveryOrder(file: "a.csv", route: route)
    let thrown = #expect(throws: ExchangeError.self) { _ = try settings.resolveRoute(of: order) }
    return try #require(thrown)
  }

  @Test("names both files, the route that is meant by a municipality, and how one is added")
  func withList() throws {
    for written in ["0461", "461", "Odense", "flsi-0461"] {
      let error = try error(written, list: "/etc/routes.csv")
      #expect(error.code == .unknownRoute)
      #expect(error.message == "there is no route named \(written) in /etc/filsluse.yaml or /etc/routes.csv")
      #expect(
        error.remedy.text(by: nil) { $0.en }
          == "did you mean “flis-0461”? use one of: flis-0101, flis-0461; or add it: a new line in the list of routes")
      #expect(error.remedy.steps == [.addRoute])
      let danish = error.inDanish
      #expect(
        danish.hasPrefix(
          "Der er ingen rute \(written) i /etc/filsluse.yaml eller /etc/routes.csv. Mente du „flis-0461“? Brug en af: flis-0101, flis-0461; eller tilføj den: "
        ), "\(danish)")
    }
  }

  @Test("says where a route is written where the settings name no list, and where there is none yet")
  func withoutList() throws {
    let own = try error("lis", list: nil)
    #expect(own.message == "there is no route named lis in /etc/filsluse.yaml")
    #expect(own.remedy.description.hasSuffix("; or add it under routes:"), "\(own.remedy)")
    let first = try error("0461", list: "/etc/routes.csv", routes: [])
    #expect(first.remedy.text(by: nil) { $0.en } == "add it: a new line in the list of routes")
    #expect(first.inDanish.hasPrefix("Der er ingen rute 0461 i /etc/filsluse.yaml eller /etc/routes.csv. Tilføj den: "))
  }
}
