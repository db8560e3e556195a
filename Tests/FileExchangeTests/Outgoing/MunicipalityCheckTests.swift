import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Files whose names say two municipalities, or another than their route's. `flis` and `lis` are for 0461 Odense.
@Suite("A file of the wrong municipality is refused before anything is on the wire", .timeLimit(.minutes(25)))
struct MunicipalityCheckTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  private func withoutMunicipality(_ settings: inout ExchangeSettings) { settings.routes[0].municipality = nil }

  @Test("by its own name and by the one on the wire, while other files go on")
  func refusedByEitherName() async throws {
    try await TestExchange.with { test in
      let orders = [
        DeliveryOrder(file: try test.file("udtræk_0492_z.csv"), route: "flis"),
        DeliveryOrder(file: try test.file("a.csv"), route: "lis", wireName: "u_A\u{30A}rhus.csv"),
        DeliveryOrder(file: try test.file("udtræk_461_751.csv"), route: "flis", wireName: "b.csv"),
        DeliveryOrder(file: try test.file("udtræk_Odense_20261128_0730.csv"), route: "flis"),
        DeliveryOrder(file: try test.file("udtræk.csv"), route: "flis"),
        DeliveryOrder(file: try test.file("udtræk_0492.csv"), route: "direct"),
      ]
      let reports = await test.exchange.deliver(reporting: orders, options: notWaiting)
      #expect(
        reports.map(\.error?.code) == [.wrongMunicipality, .wrongMunicipality, .wrongMunicipality, nil, nil, nil])
      let error = try #require(reports.first?.error)
      #expect(error.message.contains("0492 Ærø (“0492” at character 8)") && error.message.contains("0461 Odense"))
      #expect(error.description.hasPrefix("send udtræk_0492_z.csv: its name “udtræk_0492_z.csv” says 0492 Ærø"))
      #expect(error.remedy.steps == [.stateMunicipality("0461")] && !error.isRetriable)
      #expect(reports[1].error?.message.contains("its name on the wire") == true)
      #expect(
        try await test.journal.deliveries().map(\.wireName.string).sorted() == [
          "udtræk.csv", "udtræk_0492.csv", "udtræk_Odense_20261128_0730.csv",
        ])
      #expect(try test.names(in: test.outbox).count == 6)
    }
  }

  @Test("and a number that is written like a code and is no municipality's is warned of, and the file is sent")
  func numberLikeACode() async throws {
    let told = Locked<[String]>([])
    try await TestExchange.with { test in
      let staging = Staging(settings: test.exchange.settings, journal: test.journal) { remark in
        told.withLock { $0.append(remark.en) }
      }
      func check(_ name: String, _ route: String = "flis", holds: String? = nil) async throws {
        try await staging.check(DeliveryOrder(file: FilePath(name), route: route, holdsMunicipality: holds))
      }
      try await check("udtræk_0641.csv")
      #expect(
        told.withLock { $0 } == [
          "udtræk_0641.csv: “0641” in the name is no municipality's code, and the file goes by route flis, which is for 0461 Odense; if it is a slip, correct the name"
        ])
      // The name says the route's municipality, the number is another kind of number, or a person has stated it.
      for name in [
        "udtræk_0461_0641.csv", "Odense_0641.csv", "udtræk_0001.csv", "udtræk_20261128_0830.csv", "a_1641.csv",
      ] {
        try await check(name)
      }
      try await check("udtræk_0641.csv", holds: "0461")
      try await check("udtræk_0641.csv", "direct")
      #expect(told.withLock { $0.count } == 1, "\(told.withLock { $0 })")
    }
  }

  @Test("by the name that its route's name: gives it in OUT")
  func refusedByTheNameOfItsRoute() async throws {
    try await TestExchange.with({ $0.routes[0].wireName = try? WireNameTemplate("0492_{stem}{ext}") }) { test in
      let order = DeliveryOrder(file: try test.file("udtræk.csv"), route: "flis")
      let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.error?.code == .wrongMunicipality, "\(report)")
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  @Test("on a route of SF1630 that names no municipality where its names say two")
  func twoOnARouteWithoutMunicipality() async throws {
    try await TestExchange.with(withoutMunicipality) { test in
      let orders = [
        ("udtræk_0751_0492_begge.csv", nil), ("udtræk_0751_Ærø_x.csv", nil), ("udtræk_0751.csv", "b_0492.csv"),
        ("udtræk_0751_Aarhus.csv", "c_751.csv"), ("udtræk_0492.csv", nil), ("20261128_0730_0751.csv", nil),
      ].map { name, wire in
        DeliveryOrder(file: test.folder.appending(name), route: "flis", wireName: wire)
      }
      for order in orders { try test.file(try #require(order.file.lastComponent?.string)) }
      let reports = await test.exchange.deliver(reporting: orders, options: notWaiting)
      let refused = ExchangeError.Code.wrongMunicipality
      #expect(reports.map(\.error?.code) == [refused, refused, refused, nil, nil, nil])
      #expect(reports[0].error?.message.contains("0751 Aarhus") == true)
      #expect(reports[0].error?.message.contains("0492 Ærø") == true)
    }
  }

  @Test("a statement sends it, stands in the journal and holds for a retry")
  func aStatementIsKept() async throws {
    try await TestExchange.with { test in
      let file = try test.file("beløb_0400_Vejen.csv")
      let order = DeliveryOrder(file: file, route: "flis", holdsMunicipality: "461")
      #expect(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.error == nil)
      let entries = try await test.journal.entries(about: .delivery(1))
      let detail = try #require(entries.first?.detail)
      #expect(entries.first?.state == "staged" && detail.hasPrefix("stated to hold 0461 Odense; its name says"))
      #expect(try await test.journal.verify().findings.isEmpty)
      try test.take(
        "beløb_0400_Vejen.csv", receipt: .errors([try ReceiptError(code: 1, codeDescription: "X", description: "x")]))
      _ = await test.exchange.collect("account")
      guard case .delivered(let again) = try await test.exchange.retry(1, options: notWaiting) else {
        Issue.record("it was not delivered again")
        return
      }
      #expect(again.error == nil && again.delivery?.id == 2)
      #expect(try await test.journal.entries(about: .delivery(2)).first?.detail == detail)
      // Without the statement it is refused, whatever was sent before.
      let unstated = DeliveryOrder(file: file, route: "flis", again: true)
      #expect(
        await test.exchange.deliver(reporting: [unstated], options: notWaiting).first?.error?.code == .wrongMunicipality
      )
      let wrong = DeliveryOrder(file: file, route: "flis", again: true, holdsMunicipality: "0751")
      #expect(
        await test.exchange.deliver(reporting: [wrong], options: notWaiting).first?.error?.code == .wrongMunicipality)
    }
  }

  @Test("a statement about a delivery that is under way is kept too, once")
  func aStatementAboutAKnownDelivery() async throws {
    try await TestExchange.with({ $0.routes[0].municipality = "0400" }) { test in
      let file = try test.file("beløb_0400.csv")
      _ = await test.exchange.deliver(reporting: [DeliveryOrder(file: file, route: "flis")], options: notWaiting)
      let corrected = try await test.reopened { $0.routes[0].municipality = "0461" }
      #expect(
        await corrected.exchange.deliver(reporting: [DeliveryOrder(file: file, route: "flis")], options: notWaiting)
          .first?.error?
          .code == .wrongMunicipality)
      for _ in 1...2 {
        let order = DeliveryOrder(file: file, route: "flis", holdsMunicipality: "0461")
        #expect(await corrected.exchange.deliver(reporting: [order], options: notWaiting).first?.error == nil)
      }
      let kept = try await test.journal.entries(about: .delivery(1)).filter { $0.state == "municipality" }
      #expect(kept.map { $0.detail?.hasPrefix("stated to hold 0461 Odense") } == [true])
      #expect(try await test.journal.verify().findings.isEmpty)
    }
  }

  @Test("a file whose contradiction the route passes over is sent, and the journal records that")
  func passedOverIsKept() async throws {
    try await TestExchange.with({ $0.routes[0].notMunicipalities = ["Vejen", "0400"] }) { test in
      let orders = try ["vejen_0400.csv", "skive_0400.csv", "udtræk_461.csv"].map {
        DeliveryOrder(file: try test.file($0), route: "flis")
      }
      let reports = await test.exchange.deliver(reporting: orders, options: notWaiting)
      #expect(reports.map(\.error?.code) == [nil, .wrongMunicipality, nil])
      let details = try await test.journal.entries().filter { $0.state == "staged" }.map(\.detail)
      #expect(details.compactMap(\.self).count == 1)
      #expect(details.compactMap(\.self).first?.contains("0575 Vejen (“vejen” at character 1)") == true)
    }
  }

  @Test("a name that the exchange makes of a transfer's id names no municipality")
  func answersAreNotJudged() async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(
        command: ["/bin/sh", "-c", "echo '{\"acceptance\": \"ACCEPTED\"}'"], answerBy: "flis")
    } _: { test in
      try test.arrive("a.csv", "x", uuid: "fil-751-0492")
      let report = await test.exchange.collect("account")
      #expect(
        report.problems.isEmpty && report.answersSent.map(\.wireName.string) == ["business-receipt-fil-751-0492.xml"])
    }
  }

  @Test("accepts an arrival whose name contains another municipality, with a warning in the journal")
  func anArrivalIsWarnedOf() async throws {
    let authority = try CVRNumber(TestExchange.recipientAuthority)
    try await TestExchange.with({ $0.arrivals[0].municipalities = [authority: "0461"] }) { test in
      for name in ["udtræk_0492.csv", "udtræk_461_20261128_0730.csv", "udtræk.csv"] { try test.arrive(name) }
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.count == 3)
      #expect(try test.names(in: test.incoming).isEmpty)
      let warnings = try await test.journal.entries().filter { $0.detail?.hasPrefix("warning: ") == true }
      #expect(warnings.count == 1 && warnings.first?.state == "seen")
      #expect(warnings.first?.detail?.contains("0492 Ærø") == true && warnings.first?.detail?.contains("0461") == true)
      #expect(try await test.journal.verify().findings.isEmpty)
    }
  }
}

/// Lists and patterns that name files of the wrong municipality.
@Suite("A batch of the wrong municipality is refused as a whole") struct MunicipalityBatchTests {
  private func settings(_ folder: FilePath) throws -> ExchangeSettings {
    let addressing = Addressing(
      infRef: InfRef(unchecked: TestExchange.infRef), senderITSystem: try SystemID(TestExchange.senderSystem),
      senderAuthority: try CVRNumber("99000101"), recipientAuthority: try CVRNumber("99000461"))
    let kind = RouteKind.explicit(addressing, recipientITSystem: try SystemID(TestExchange.recipientSystem))
    let account = Account(name: "a", host: "h", user: "u", key: "/k", hostKeys: .knownHosts("/h"))
    return ExchangeSettings(
      source: folder.appending("filsluse.yaml"), accounts: [account],
      routes: ["0751", "0492"].flatMap { (code: String) in
        ["flis", "lis"].map { Route(name: "\($0)-\(code)", account: "a", kind: kind, municipality: code) }
      } + [Route(name: "fri", account: "a", kind: kind)])
  }

  private func batch(_ text: String, files: [String]) async throws -> DeliveryBatch {
    try await withScratchFolder { folder in
      for file in files { try Data("x".utf8).write(to: URL(filePath: folder.appending(file).string)) }
      let settings = try settings(folder)
      if DeliveryBatch.isPattern(text) {
        return try DeliveryBatch(pattern: folder.appending(text).string, settings: settings)
      }
      return try DeliveryBatch(reading: Array(text.utf8), from: folder.appending("list.csv"), settings: settings)
    }
  }

  @Test(
    "with place, both municipalities and a remedy",
    arguments: [
      ("udtræk_{code}_*.csv", "udtræk_0751_0492_begge.csv"), ("udtræk_{code}_*.csv", "udtræk_0751_Ærø_x.csv"),
      ("udtræk_{code}_*.csv", "udtræk_751_aeroe kommune.csv"), ("{name}*.csv", "Aarhus_492.csv"),
      ("udtræk_{code}*{name}.csv", "udtræk_0751_0492_Aarhus.csv"), ("?_{code}*", "u_0751 Ærøs"),
      ("file;municipality\nu_0492.csv;0751\n", "u_0492.csv"), ("file;municipality\nu_Ærø.csv;751\n", "u_Ærø.csv"),
      ("file;route\nu_0492.csv;lis-0751\n", "u_0492.csv"), ("file;route\nu_0492_0751.csv;fri\n", "u_0492_0751.csv"),
      ("file;route;name\nu.csv;flis-0751;u_492.csv\n", "u.csv"),
      ("file;route;name\nu_751.csv;fri;u_492.csv\n", "u_751.csv"),
    ])
  func refused(text: String, file: String) async throws {
    let refusal = await #expect(throws: DeliveryBatch.Refusal.self) { try await batch(text, files: [file]) }
    let problems = try #require(refusal).problems
    #expect(!problems.isEmpty)
    for problem in problems {
      #expect(problem.message.contains("0492 Ærø") && problem.message.contains("0751 Aarhus"), "\(problem)")
      #expect(problem.message.contains("not-municipalities:") && problem.message.contains("at character"), "\(problem)")
      #expect(problem.line == (text.hasPrefix("file") ? 2 : nil))
    }
  }

  @Test(
    "and taken where the names say the route's, none, or dates and times",
    arguments: [
      ("udtræk_{code}_*.csv", "udtræk_0751_Aarhus_20261128_0730.csv", 2),
      ("udtræk_{code}_*.csv", "udtræk_751_20261128_0492.csv", 0), ("*_{code}.csv", "20261128_0751.csv", 2),
      ("file;municipality\nu.csv;751\n", "u.csv", 2), ("file;route\nu_0751.csv;fri\n", "u_0751.csv", 1),
      ("file;municipality;holds-municipality\nu_0492.csv;0751;0751\n", "u_0492.csv", 2),
      ("file;route;holds-municipality\nu_0492_0751.csv;fri;751\n", "u_0492_0751.csv", 1),
      ("file;route;holds-municipality\nu_0751.csv;fri;\n", "u_0751.csv", 1),
      ("file;municipality;holds-municipality\nu.csv;0751;0492\n", "u.csv", 0),
    ])
  func taken(text: String, file: String, orders: Int) async throws {
    let found = try? await batch(text, files: [file]).orders.count
    #expect((found ?? 0) == orders)
  }
}
