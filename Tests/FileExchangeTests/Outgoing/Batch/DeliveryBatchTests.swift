import ExchangeSettings
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite struct DeliveryBatchTests {
  private func settings() throws -> ExchangeSettings {
    let addressing = Addressing(
      infRef: InfRef(unchecked: TestExchange.infRef), senderITSystem: try SystemID(TestExchange.senderSystem),
      senderAuthority: try CVRNumber("99000101"), recipientAuthority: try CVRNumber("99000461"))
    let kind = RouteKind.explicit(addressing, recipientITSystem: try SystemID(TestExchange.recipientSystem))
    return ExchangeSettings(
      source: "/etc/filsluse.yaml",
      routes: [
        Route(name: "flis-0101", account: "a", kind: kind, municipality: "0101"),
        Route(name: "flis-0461", account: "a", kind: kind, municipality: "0461"),
        Route(name: "lis-0461", account: "a", kind: kind, municipality: "0461"),
      ])
  }

  private func batch(_ text: String, files: [String] = ["a.csv", "b.csv"]) async throws -> DeliveryBatch {
    try await withScratchFolder { folder in
      for file in files { try Data("x".utf8).write(to: URL(filePath: folder.appending(file).string)) }
      return try DeliveryBatch(
        reading: Array(text.utf8), from: folder.appending("list.csv"), settings: try settings())
    }
  }

  @Test("a line with a municipality is sent by each of its routes")
  func aMunicipalityStandsForEveryRouteOfIts() async throws {
    let orders = try await batch("file;municipality\na.csv;0101\nb.csv;0461\n").orders
    #expect(orders.map(\.route) == ["flis-0101", "flis-0461", "lis-0461"])
    #expect(orders.map(\.wireName) == ["a.flis-0101.csv", "b.flis-0461.csv", "b.lis-0461.csv"])
    #expect(orders.allSatisfy { $0.file.isAbsolute })
  }

  /// A spreadsheet drops leading zeros.
  @Test("adds the leading zero to a code of three digits")
  func aCodeMayHaveThreeDigits() async throws {
    let orders = try await batch("file;municipality\na.csv;101\nb.csv;461\n").orders
    #expect(orders.map(\.route) == ["flis-0101", "flis-0461", "lis-0461"])
  }

  @Test("a route is named and the name on the wire may be")
  func aRouteIsNamedAndTheNameOnTheWireMayBe() async throws {
    let orders = try await batch("file,route,name\na.csv,flis-0101,ny.csv\nb.csv,lis-0461,\n").orders
    #expect(orders.map(\.route) == ["flis-0101", "lis-0461"])
    #expect(orders.map(\.wireName) == ["ny.csv", "b.csv"])
  }

  @Test(
    "a list with anything wrong is refused as a whole",
    arguments: [
      ("file;municipality\na.csv;0101\nb.csv;1001\n", 3, "“1001” has no route"),
      ("file;municipality\na.csv;0999\n", 2, "helpdesk@serviceplatformen.dk"),
      ("file;municipality\nmissing.csv;0101\n", 2, "cannot be read"),
      ("file;route\na.csv;nowhere\n", 2, "no route"),
      ("file;municipality\na.csv;0101\na.csv;0101\n", 3, "stands in line 2 already"),
      ("file;municipality\na.csv\n", 2, "1 cells, the header 2"),
      ("file;kommune\na.csv;0101\n", 1, "kommune"),
      ("file\na.csv\n", 1, "either a column route or a column municipality"),
      ("file;route;municipality\na.csv;flis-0101;0101\n", 1, "either a column route or a column municipality"),
      ("file;municipality\n", 1, "names no file"),
      ("file;municipality\n\"a.csv;0101\n", 2, "never ends"),
    ])
  func aListWithAnythingWrongIsRefusedAsAWhole(text: String, line: Int, word: String) async throws {
    let refusal = await #expect(throws: DeliveryBatch.Refusal.self) { try await batch(text) }
    let problems = try #require(refusal).problems
    #expect(problems.contains { $0.line == line && $0.message.contains(word) }, "\(problems)")
  }

  @Test("reports every problem at once")
  func everyProblemIsReportedAtOnce() async throws {
    let refusal = await #expect(throws: DeliveryBatch.Refusal.self) {
      try await batch("file;municipality\nx.csv;0999\ny.csv;0998\n")
    }
    #expect(refusal?.problems.map(\.line) == [2, 2, 3, 3])
  }
}
