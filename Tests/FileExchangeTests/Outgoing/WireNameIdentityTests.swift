import ExchangeSettings
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The name in OUT is a part of a delivery's identity, so that names given by default never change.
///
/// `Tests/SampleJournals/default-names.sqlite` is a journal that was written when no route had a `name:`: a send by
/// route, two lists (by municipality; by route, one row with a name), and a pattern, all accepted.
@Suite("Default wire names", .timeLimit(.minutes(25))) struct WireNameIdentityTests {
  private static let journal = FilePath(#filePath)
    .pushing("../../../SampleJournals/default-names.sqlite").lexicallyNormalized()

  private static let contents = [
    "rute.csv": "rute\n", "liste.csv": "liste\n", "navn.csv": "navn\n", "udtræk_0751_x.csv": "aarhus\n",
    "udtræk_0461_x.csv": "odense\n", "a.tar.gz": "to\n",
  ]

  private func with(
    _ adjust: (inout Route) throws -> Void = { _ in }, _ body: (Exchange, FilePath) async throws -> Void
  ) async throws {
    try await withScratchFolder { folder in
      let files = FileManager.default
      try files.copyItem(atPath: Self.journal.string, toPath: folder.appending("journal.sqlite").string)
      for (name, content) in Self.contents {
        try Data(content.utf8).write(to: URL(filePath: folder.appending(name).string))
      }
      let addressing = Addressing(
        infRef: InfRef(unchecked: TestExchange.infRef), senderITSystem: try SystemID(TestExchange.senderSystem),
        senderAuthority: try CVRNumber(TestExchange.senderAuthority),
        recipientAuthority: try CVRNumber(TestExchange.recipientAuthority))
      let kind = RouteKind.explicit(addressing, recipientITSystem: try SystemID(TestExchange.recipientSystem))
      var routes = [("flis-0101", "0101"), ("flis-0461", "0461"), ("flis-0751", "0751"), ("lis-0751", "0751")].map {
        Route(name: $0.0, account: "fagsystem", kind: kind, municipality: $0.1)
      }
      for index in routes.indices { try adjust(&routes[index]) }
      // No server listens there: everything to be sent fails.
      let account = Account(
        name: "fagsystem", host: "127.0.0.1", port: 1, user: "fagsystem", key: "/k", hostKeys: .pinned([]))
      let settings = ExchangeSettings(
        source: folder.appending("filsluse.yaml"), accounts: [account], routes: routes,
        journal: folder.appending("journal.sqlite"))
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      try await body(try await Exchange.open(settings, logger: logger), folder)
    }
  }

  private func orders(_ settings: ExchangeSettings, in folder: FilePath) throws -> [DeliveryOrder] {
    func list(_ text: String) throws -> [DeliveryOrder] {
      try DeliveryBatch(reading: Array(text.utf8), from: folder.appending("list.csv"), settings: settings).orders
    }
    return [DeliveryOrder(file: folder.appending("rute.csv"), route: "flis-0101")]
      + (try list("file;municipality\nliste.csv;0751\na.tar.gz;0461\n"))
      + (try list("file;route;name\nnavn.csv;flis-0101;andet navn.csv\nnavn.csv;flis-0101;\n"))
      + (try DeliveryBatch(pattern: folder.appending("udtræk_{code}_*.csv").string, settings: settings).orders)
  }

  @Test("the same commands with an earlier journal send nothing again")
  func nothingIsSentAgain() async throws {
    try await with { exchange, folder in
      let reports = await exchange.deliver(reporting: try orders(exchange.settings, in: folder))
      #expect(reports.count == 9)
      for report in reports {
        #expect(report.wasFinishedBefore && report.error == nil, "\(report.order): \(String(describing: report.error))")
        #expect(report.delivery?.state == .accepted)
      }
      #expect(Set(reports.compactMap { $0.delivery?.id }) == Set(1...9))
      #expect(try await Journal.open(exchange.settings.journal).verify().findings.isEmpty)
    }
  }

  @Test("a route's own rule that gives the default names is the same as none")
  func theDefaultWrittenOut() async throws {
    try await with({ $0.wireName = try WireNameTemplate("{stem}.{route}{ext}") }) { exchange, folder in
      let all = try orders(exchange.settings, in: folder)
      let byMunicipality = all.filter { $0.wireName?.contains("751") ?? false || $0.wireName?.contains("461") ?? false }
      #expect(byMunicipality.count == 6)
      #expect(await exchange.deliver(reporting: byMunicipality).allSatisfy(\.wasFinishedBefore))
      // A file that was sent under its own name is another delivery under the new one.
      let own = await exchange.deliver(reporting: [
        DeliveryOrder(file: folder.appending("rute.csv"), route: "flis-0101")
      ])
      #expect(own.first?.wasFinishedBefore == false && own.first?.delivery?.wireName.string == "rute.flis-0101.csv")
    }
  }
}
