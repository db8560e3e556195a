import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Two transmissions never share a name in OUT (contract section 7): the second is reported at once.
@Suite("Names that another route has under way", .timeLimit(.minutes(25))) struct TakenNameTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  @Test("sending refuses it at once with the delivery's number, while the others still wait for their receipts")
  func sending() async throws {
    try await TestExchange.with { test in
      let file = try test.file("a.csv")
      _ = await test.exchange.deliver(reporting: [DeliveryOrder(file: file, route: "lis")], options: notWaiting)
      let told = Locked<[String]>([])
      var options = Exchange.DeliveryOptions(waitForReceipts: .seconds(240))
      options.onProgress = { news in
        if case .nameTaken(let order, let error) = news { told.withLock { $0.append("\(order.route): \(error)") } }
      }
      let orders = [
        DeliveryOrder(file: try test.file("b.csv", "b"), route: "flis"), DeliveryOrder(file: file, route: "flis"),
      ]
      async let sent = test.exchange.deliver(reporting: orders, options: options)
      try await eventually("it is told") { !told.withLock { $0.isEmpty } }
      #expect(
        told.withLock { $0.first }?.contains("flis: send a.csv: delivery D1 by route lis holds this name") == true)
      try await eventually("the other is out") { try test.names(in: test.outbox).contains("b.csv.trigger") }
      try test.take("b.csv", receipt: .receipt(message: "SUCCESS"))
      let reports = await sent
      #expect(reports.map(\.error?.code) == [nil, .nameTaken])
      #expect(reports.first?.delivery?.state == .accepted)
    }
  }

  @Test("a route's own rule gives each its own name, by route, by list and by pattern")
  func ownNames() async throws {
    try await TestExchange.with({ settings in
      for index in [0, 1] { settings.routes[index].wireName = try? WireNameTemplate("{stem}-{route}{ext}") }
    }) { test in
      let settings = test.exchange.settings
      let file = try test.file("a.csv")
      try test.file("ud_0461_x.csv", "x")
      func list(_ text: String) throws -> [DeliveryOrder] {
        try DeliveryBatch(reading: Array(text.utf8), from: test.folder.appending("l.csv"), settings: settings).orders
      }
      let orders =
        ["flis", "lis", "direct"].map { DeliveryOrder(file: file, route: $0) }
        + (try list("file;route;name\na.csv;flis;givet.csv\n"))
        + (try list("file;municipality\nud_0461_x.csv;0461\n"))
      let reports = await test.exchange.deliver(reporting: orders, options: notWaiting)
      #expect(
        reports.map { $0.delivery?.wireName.string } == [
          "a-flis.csv", "a-lis.csv", "a.csv", "givet.csv", "ud_0461_x-flis.csv", "ud_0461_x-lis.csv",
        ])
      #expect(
        try DeliveryBatch(pattern: test.folder.appending("ud_{code}_*.csv").string, settings: settings).orders
          .map(\.wireName) == ["ud_0461_x-flis.csv", "ud_0461_x-lis.csv"])
      #expect(try list("file;route\na.csv;flis\n").map(\.wireName) == ["a-flis.csv"])
      let trigger = try Trigger(reading: [UInt8](try test.read(test.outbox.appending("a-flis.csv.trigger"))))
      #expect(trigger.fileDescriptor.fileName == "a-flis.csv")
    }
  }

  @Test("a list or a pattern by which two files would share a name is refused before anything is on the wire")
  func sharedInABatch() async throws {
    try await TestExchange.with({ settings in
      for index in [0, 1] { settings.routes[index].wireName = try? WireNameTemplate("{stem}{ext}") }
    }) { test in
      try test.file("ud_0461_x.csv", "x")
      let settings = test.exchange.settings
      let byPattern = #expect(throws: DeliveryBatch.Refusal.self) {
        try DeliveryBatch(pattern: test.folder.appending("ud_{code}_*.csv").string, settings: settings)
      }
      #expect(byPattern?.description.contains("two transmissions never share a name") == true)
      #expect(byPattern?.description.contains("flis") == true)
      let byList = #expect(throws: DeliveryBatch.Refusal.self) {
        try DeliveryBatch(
          reading: Array("file;municipality\nud_0461_x.csv;0461\n".utf8), from: test.folder.appending("l.csv"),
          settings: settings)
      }
      #expect(byList?.description.contains("two transmissions never share a name") == true)
    }
  }

  @Test("a name that a route's rule makes too long is refused before anything is on the wire")
  func tooLong() async throws {
    try await TestExchange.with({ settings in
      settings.routes[0].wireName = try? WireNameTemplate("{stem}.{route}{ext}")
    }) { test in
      let name = String(repeating: "a", count: 255 - ".sftpreceipt".count - 4) + ".csv"
      let order = DeliveryOrder(file: try test.file(name), route: "flis")
      #expect(
        await test.exchange.deliver(reporting: [order], options: notWaiting).first?.error?.code == .invalidDelivery)
    }
  }
}
