import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import Logging
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Receipts are removed from IN only with the bytes that the journal has, and the delivery's trail says so.
@Suite(.timeLimit(.minutes(25))) struct ReceiptRemovalTests {
  private let success = TechnicalReceipt.Outcome.receipt(message: "SUCCESS")

  private func accepted(_ test: TestExchange) async throws -> Delivery {
    let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
    _ = await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil))
    try test.take("a.csv", receipt: success)
    #expect(await test.exchange.collect("account").settled.map(\.state) == [.accepted])
    #expect(try test.names(in: test.incoming).isEmpty)
    return try #require(try await test.journal.delivery(1))
  }

  private func events(_ test: TestExchange) async throws -> [EntryState] {
    try await test.journal.entries(about: .delivery(1)).map(\.state)
  }

  @Test("Each removal of a receipt stands in its delivery's trail")
  func removals() async throws {
    try await TestExchange.with { test in
      let delivery = try await accepted(test)
      #expect(try await events(test).suffix(2) == ["accepted", "removing-receipt"])
      // The same one again, as an earlier run would have left it.
      let path = test.incoming.appending("a.csv.sftpreceipt")
      try test.write(Data(try #require(delivery.receipt)), to: path)
      try FileTimes(secondsAgo: 100).set(on: path)
      _ = await test.exchange.collect("account")
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try await events(test).suffix(2) == ["removing-receipt", "removing-receipt"])
      #expect(try await test.journal.check() == [])
    }
  }

  @Test("Another receipt under the name of one that the journal has stays in IN, and that is journalled once")
  func anotherReceipt() async throws {
    try await TestExchange.with { test in
      let delivery = try await accepted(test)
      try test.writeReceipt("a.csv", sendersFileID: delivery.sendersFileID, .receipt(message: "OTHERWISE"))
      for _ in 1...3 { _ = await test.exchange.collect("account") }
      #expect(try test.names(in: test.incoming) == ["a.csv.sftpreceipt"])
      #expect(try await events(test).suffix(2) == ["removing-receipt", "receipt-differs"])
    }
  }

  @Test("A receipt that is replaced after it was journalled stays in IN")
  func replacedBeforeTheRemoval() async throws {
    try await TestExchange.with { test in
      let delivery = try await accepted(test)
      let journalled = JournalledReceipt(
        delivery: delivery.id, wireName: try WireName("a.csv"), bytes: try #require(delivery.receipt))
      var other = journalled.bytes
      other[other.count - 1] = UInt8(ascii: " ")
      let path = test.incoming.appending("a.csv.sftpreceipt")
      let account = try #require(test.exchange.settings.accounts.first)
      for (bytes, stays) in [(other, true), (journalled.bytes + [0x20], true), (journalled.bytes, false)] {
        try test.write(Data(bytes), to: path)
        let remarks = Locked<[LocalizedText]>([])
        let failure = await test.exchange.withConnections(to: account) { client in
          do throws(ExchangeError) {
            let said = try await ReceiptRemoval(journal: test.journal, client: client, account: account)
              .carryOut([journalled], listed: [])
            remarks.withLock { $0 = said }
            return .done
          } catch {
            return .lost(error, madeProgress: false)
          }
        }
        #expect(failure == nil)
        #expect(try test.names(in: test.incoming).isEmpty == !stays)
        #expect(remarks.withLock { $0.count } == (stays ? 1 : 0))
      }
    }
  }
}
