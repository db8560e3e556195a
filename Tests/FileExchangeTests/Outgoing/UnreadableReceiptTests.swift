import ExchangeSettings
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// A receipt that cannot be read is reported, and never passed over.
@Suite("Unreadable receipts", .timeLimit(.minutes(25))) struct UnreadableReceiptTests {
  private let garbage = Data("<TechnicalReceipt".utf8)
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  @Test("collecting reports one that a delivery waits for, and one that nothing here waits for")
  func collecting() async throws {
    try await TestExchange.with { test in
      _ = await test.exchange.deliver(
        reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")], options: notWaiting)
      try test.write(garbage, to: test.incoming.appending("a.csv.sftpreceipt"))
      try test.write(garbage, to: test.incoming.appending("other.csv.sftpreceipt"))
      try test.writeReceipt("sound.csv", sendersFileID: "another", .receipt(message: "SUCCESS"))
      for _ in 0..<2 {
        let report = await test.exchange.collect("account")
        #expect(report.problems.map(\.code) == [.invalidDocument, .invalidDocument])
        #expect(
          Set(report.problems.compactMap(\.path)) == ["IN/a.csv.sftpreceipt", "IN/other.csv.sftpreceipt"])
      }
      #expect(try test.names(in: test.incoming).count == 3)
    }
  }

  @Test("a receipt or metadata that is too long is an unreadable one, and a folder with a receipt's name is none")
  func tooLong() async throws {
    try await TestExchange.with { test in
      let long = Data(String(repeating: " ", count: (1 << 20) + 1).utf8)
      try test.write(long, to: test.incoming.appending("a.csv.sftpreceipt"))
      try test.arrive("b.csv")
      try test.write(long, to: test.incoming.appending("b.csv.metadata"))
      try FileManager.default.createDirectory(
        atPath: test.incoming.appending("c.csv.sftpreceipt").string, withIntermediateDirectories: false)
      let report = await test.exchange.collect("account")
      #expect(report.problems.map(\.code) == [.invalidDocument, .invalidDocument])
      #expect(Set(report.problems.compactMap(\.path)) == ["IN/a.csv.sftpreceipt", "IN/b.csv.metadata"])
    }
  }

  @Test("a waiting sender gets it reported soon, and takes a whole one that comes in its place")
  func sending() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      try test.write(garbage, to: test.incoming.appending("a.csv.sftpreceipt"))
      let report = try #require(await test.exchange.deliver(reporting: [order]).first)
      #expect(report.error?.code == .invalidDocument)
      #expect(report.delivery?.state.awaitsReceipt == true)
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      #expect(await test.exchange.deliver(reporting: [order]).first?.delivery?.state == .accepted)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("waits for a receipt that is still being written")
  func halfWritten() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      try test.write(garbage, to: test.incoming.appending("a.csv.sftpreceipt"))
      var exchange = test.exchange
      exchange.patience.settle = .seconds(60)
      async let reports = exchange.deliver(reporting: [order])
      while try !test.names(in: test.outbox).contains("a.csv.trigger") { try await Task.sleep(for: .milliseconds(20)) }
      try await Task.sleep(for: .milliseconds(500))
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      #expect(await reports.first?.delivery?.state == .accepted)
    }
  }

  @Test("a receipt whose FileTransferUUID is longer than the account takes is read, and its id kept as a hash")
  func longTransferID() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let sent = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery)
      let receipt = try TechnicalReceipt(
        fileTransferUUID: String(repeating: "x", count: 500_000), sendersFileID: sent.sendersFileID,
        outcome: .receipt(message: "SUCCESS"))
      try test.write(Data(receipt.xml()), to: test.incoming.appending("a.csv.sftpreceipt"))
      _ = await test.exchange.collect("account")
      let known = try await test.journal.delivery(sent.id)
      #expect(known?.state == .accepted)
      #expect(known?.fileTransferUUID?.utf8.count == 71)
    }
  }
}
