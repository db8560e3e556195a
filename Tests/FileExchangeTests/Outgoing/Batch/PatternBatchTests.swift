import ExchangeSettings
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct PatternBatchTests {
  private func batch(_ pattern: String, files: [String]) async throws -> DeliveryBatch {
    let addressing = Addressing(
      infRef: InfRef(unchecked: TestExchange.infRef), senderITSystem: try SystemID(TestExchange.senderSystem),
      senderAuthority: try CVRNumber("99000101"), recipientAuthority: try CVRNumber("99000461"))
    let kind = RouteKind.explicit(addressing, recipientITSystem: try SystemID(TestExchange.recipientSystem))
    let settings = ExchangeSettings(
      source: "/etc/filsluse.yaml",
      routes: [("flis-0101", "0101"), ("flis-0461", "0461"), ("lis-0461", "0461"), ("flis-0169", "0169")].map {
        Route(name: $0.0, account: "a", kind: kind, municipality: $0.1)
      })
    return try await withScratchFolder { folder in
      for file in files { try Data("x".utf8).write(to: URL(filePath: folder.appending(file).string)) }
      return try DeliveryBatch(pattern: folder.appending(pattern).string, settings: settings)
    }
  }

  @Test("each file is sent by every route of the municipality it names")
  func eachFileGoesByEveryRouteOfTheMunicipalityItNames() async throws {
    let orders = try await batch(
      "udtræk_{code}_{name}_*.csv",
      files: [
        "udtræk_0101_København_2026.csv", "udtræk_0461_Odense_x_y.csv", "udtræk_0169_HOEJE_TAASTRUP_.csv",
        "noter.txt", "udtræk_0101.csv",
      ]
    ).orders
    #expect(orders.map(\.route) == ["flis-0101", "flis-0169", "flis-0461", "lis-0461"])
    #expect(orders.last?.wireName == "udtræk_0461_Odense_x_y.lis-0461.csv")
  }

  @Test(
    "finds the municipality",
    arguments: [
      ("{name}.csv", "Odense.csv"), ("{name}.csv", "Odense Kommune.csv"), ("*{code}*.csv", "20260101_0461_x.csv"),
      ("?{code}.csv", "x0461.csv"), ("{code}{name}.csv", "0461Odense.csv"),
      ("{name}-{code}.csv", "odense-0461.csv"), ("u_{code}.csv", "u_461.csv"), ("{code}_*.csv", "461_2026.csv"),
      ("år_{code}.csv", "a\u{30A}r_0461.csv"), ("a\u{30A}r?_{code}.csv", "åra\u{30A}_0461.csv"),
    ])
  func findsTheMunicipality(pattern: String, file: String) async throws {
    #expect(try await batch(pattern, files: [file]).orders.map(\.route) == ["flis-0461", "lis-0461"])
  }

  @Test(
    "a batch with one bad file is refused as a whole",
    arguments: [
      (
        "u_{code}_{name}.csv", "u_0101_Odense.csv",
        "its code is that of 0101 København, and its name says Odense (0461)"
      ),
      ("u_{code}_{name}.csv", "u_0999_Odense.csv", "it names Odense (0461), and the code in it is no municipality's"),
      ("u_{code}_{name}.csv", "u_0101_Atlantis.csv", "its code is that of København, which is not the name in it"),
      ("u_{code}.csv", "u_0999.csv", "names no municipality"), ("u{code}.csv", "u461.csv", "names no municipality"),
      ("u_{code}.csv", "u_04610.csv", "names no municipality"),
      ("*{code}*.csv", "0101_0461.csv", "more than one municipality: 0101 København, 0461 Odense"),
      ("*{name}*.csv", "Odense og København.csv", "more than one municipality"),
      ("u_{code}.csv", "u_0740.csv", "“0740” (Silkeborg) has no route in /etc/filsluse.yaml; a route is ordered"),
      ("u_{code}.csv", "other.csv", "no file fits this pattern"),
    ])
  func aBatchWithOneBadFileIsRefusedAsAWhole(pattern: String, file: String, message: String) async throws {
    let others =
      message.hasPrefix("no file")
      ? []
      : [
        pattern == "u_{code}.csv"
          ? "u_0461.csv"
          : pattern == "u{code}.csv" ? "u0461.csv" : pattern == "*{name}*.csv" ? "Odense.csv" : "x0461.csv"
      ]
    let refusal = await #expect(throws: DeliveryBatch.Refusal.self) {
      try await batch(pattern, files: [file] + others)
    }
    let problems = try #require(refusal).problems
    #expect(problems.count == 1 && problems[0].message.contains(message), "\(problems)")
  }

  @Test("composed and decomposed names are the same")
  func composedAndDecomposedNamesAreTheSame() {
    #expect(MunicipalityName.municipality(named: "A\u{30A}rhus")?.code == "0751")
    #expect(MunicipalityName.municipality(named: "Ta\u{30A}rnby")?.code == "0185")
    #expect(MunicipalityName.municipality(named: "Taarnby")?.code == "0185")
    #expect(MunicipalityName.municipality(named: "Vesthimmerlands kommune")?.code == "0820")
    #expect(Set(Municipality.all.compactMap { MunicipalityName.municipality(named: $0.name.uppercased()) }).count == 98)
  }

  @Test("A folder that fits the pattern is refused with the whole batch")
  func aFolderIsNoFile() async throws {
    try await TestExchange.with { test in
      try test.file("udtræk_0461.csv")
      try FileManager.default.createDirectory(
        atPath: test.folder.appending("mappe_0461.csv").string, withIntermediateDirectories: true)
      #expect(throws: DeliveryBatch.Refusal.self) {
        try DeliveryBatch(
          pattern: test.folder.appending("*_{code}.csv").string, settings: test.exchange.settings)
      }
    }
  }

  @Test("Files that cannot be sent are reported before any file of the batch is sent")
  func aNameThatTheWireCannotCarryRefusesTheBatch() async throws {
    try await TestExchange.with { test in
      try test.file("udtræk_0461.csv")
      try test.file("\(String(repeating: "x", count: 236))_0461.csv")
      try test.file("-udtræk_0461.csv")
      #expect {
        _ = try DeliveryBatch(pattern: test.folder.appending("*_{code}.csv").string, settings: test.exchange.settings)
      } throws: { error in
        let problems = (error as? DeliveryBatch.Refusal)?.problems.map { $0.list.lastComponent?.string.first }
        // Each by both routes of the municipality.
        return problems == ["-", "-", "x", "x"]
      }
      try test.write(
        Data("file;route;name\nudtræk_0461.csv;flis;a.csv\nudtræk_0461.csv;lis;a.trigger\n".utf8),
        to: test.folder.appending("list.csv"))
      #expect {
        let list = test.folder.appending("list.csv")
        _ = try DeliveryBatch(reading: [UInt8](try test.read(list)), from: list, settings: test.exchange.settings)
      } throws: { error in
        (error as? DeliveryBatch.Refusal)?.problems.map(\.line) == [3]
      }
    }
  }
}
