import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// One file at which the server ends the session never holds up the others, whatever the request.
@Suite(.timeLimit(.minutes(25))) struct PoisonFileTests {
  private static let names = (1...11).map { "fil-\($0).csv" }

  @Test(
    "receive collects the others where the session ends at one file, and says what is left",
    arguments: [
      (PoisonServer.Request.read, "gift.csv", PoisonServer.Ending.drop),
      (.read, "gift.csv", .nonsense), (.open, "gift.csv", .drop), (.read, "gift.csv.metadata", .drop),
      (.open, "gift.csv.metadata", .nonsense), (.remove, "gift.csv", .drop), (.remove, "gift.csv.metadata", .drop),
      (.read, "gift.csv", .stall), (.read, "gift.csv.sftpreceipt", .drop),
    ])
  func receive(request: PoisonServer.Request, name: String, ending: PoisonServer.Ending) async throws {
    try await PoisonServer.with { server in
      try await TestExchange.with(server.test) { test in
        var exchange = test.exchange
        if ending == .stall { exchange.patience.reply = .seconds(4) }
        for name in Self.names + ["gift.csv"] { try test.arrive(name) }
        if name.hasSuffix(".sftpreceipt") {
          try test.writeReceipt("gift.csv", sendersFileID: nil, .receipt(message: "SUCCESS"))
        }
        try server.poison(request, of: [name], by: ending)
        let report = await exchange.collect("account")
        let collected = Set(report.collected.map(\.wireName.string))
        #expect(
          collected.isSuperset(of: Self.names),
          "\(collected.sorted()) \(report.problems) \(test.exchange.suspects.all(of: "account"))")
        #expect(!report.problems.isEmpty && report.setAside.isEmpty, "\(report.problems)")
        // One with all others or, where the server was not at work on it, two; then once after others, and at most two
        // alone.
        #expect(server.hits <= 5, "\(server.hits)")

        // Another process leaves it for last at once.
        try test.arrive("senere.csv")
        let second = try await test.reopened()
        var other = second.exchange
        other.patience = exchange.patience
        let later = await other.collect("account")
        #expect(later.collected.map(\.wireName) == ["senere.csv"], "\(later.problems)")

        try server.heal()
        let healed = await other.collect("account")
        #expect(healed.problems.allSatisfy { $0.code != .transfer }, "\(healed.problems)")
        #expect(try await second.journal.suspects(of: "account").isEmpty)
        #expect(try test.names(in: test.incoming).allSatisfy { $0.hasSuffix(".sftpreceipt") })
      }
    }
  }

  @Test(
    "a suspected file whose removal was carried out, but not answered, is finished and listed as collected",
    arguments: ["gift.csv", "gift.csv.metadata"])
  func removedWithoutAnAnswer(name: String) async throws {
    try await PoisonServer.with { server in
      try await TestExchange.with(server.test) { test in
        for name in Self.names + ["gift.csv"] { try test.arrive(name) }
        try await test.journal.record(SuspectFile(path: "IN/gift.csv", since: .now, reason: "lost"), of: "account")
        try server.poison(.remove, of: [name], by: .dropAfterwards)
        let report = await test.exchange.collect("account")
        #expect(server.hits == 1 && report.problems.isEmpty, "\(report.problems)")
        #expect(Set(report.collected.map(\.wireName.string)) == Set(Self.names + ["gift.csv"]))
        #expect(try await test.journal.arrivals().allSatisfy { $0.state == .removed })
        #expect(try test.names(in: test.incoming).isEmpty)
      }
    }
  }

  @Test("receive lists the deliveries whose receipts were recorded before the connection was lost", arguments: [1, 3])
  func receiptsBeforeALoss(count: Int) async throws {
    let names = Self.names.prefix(count).map { "0461-\($0)" }
    try await PoisonServer.with { server in
      try await TestExchange.with(server.test) { test in
        let orders = try names.map { DeliveryOrder(file: try test.file($0), route: "flis") }
        let sent = await test.exchange.deliver(orders, options: .init(waitForReceipts: nil))
        #expect(sent.allSatisfy { (try? $0.get()) != nil })
        for name in names { try test.take(name, receipt: .receipt(message: "SUCCESS")) }
        try server.poison(.remove, of: ["\(names[0]).sftpreceipt"], by: .dropAfterwards)
        let report = await test.exchange.collect("account")
        #expect(server.hits == 1 && report.problems.isEmpty, "\(report.problems)")
        #expect(report.settled.map(\.wireName.string).sorted() == names.sorted())
        #expect(try test.names(in: test.incoming).isEmpty)
      }
    }
  }

  @Test("several such files hold up no other file")
  func several() async throws {
    try await PoisonServer.with { server in
      try await TestExchange.with(server.test) { test in
        let poison = (1...5).map { "gift-\($0).csv" }
        for name in Self.names + poison { try test.arrive(name) }
        try server.poison(.read, of: poison)
        let report = await test.exchange.collect("account")
        #expect(Set(report.collected.map(\.wireName.string)) == Set(Self.names), "\(report.problems)")
        #expect(report.problems.count == poison.count, "\(report.problems)")
      }
    }
  }

  @Test(
    "send delivers the others where the session ends at one file", arguments: [PoisonServer.Request.write, .rename])
  func send(request: PoisonServer.Request) async throws {
    try await PoisonServer.with { server in
      try await TestExchange.with(server.test) { test in
        let orders = try (["gift.csv"] + Self.names).map {
          DeliveryOrder(file: try test.file("0461-\($0)"), route: "flis", wireName: $0)
        }
        try server.poison(request, of: ["gift.csv", "gift.csv.trigger"])
        let reports = await test.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
        #expect(reports.map { $0.error == nil } == [false] + Self.names.map { _ in true }, "\(reports.map(\.error))")
        #expect(reports.first?.error?.code == .transfer)
        #expect(server.hits <= 5, "\(server.hits)")
        try server.heal()
        let again = await test.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
        #expect(again.allSatisfy { $0.error == nil && $0.delivery?.state.awaitsReceipt == true }, "\(again)")
        #expect(try await test.journal.suspects(of: "account").isEmpty)
      }
    }
  }
}
