import ExchangeSettings
import FilsluseBase
import Foundation
import Logging
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The delivery that a receipt belongs to, and the reports about receipts that belong to none.
@Suite(.timeLimit(.minutes(25))) struct ReceiptCollectorTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)
  private let success = TechnicalReceipt.Outcome.receipt(message: "SUCCESS")

  @Test("A receipt without SendersFileId belongs to the open delivery of its name, not to one that was given up")
  func aNamelessReceiptIsTheOpenOnes() async throws {
    try await TestExchange.with { test in
      var order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      try test.take("a.csv", receipt: nil)
      _ = try await test.exchange.giveUp(1)
      order.again = true
      #expect(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery?.id == 2)
      try test.take("a.csv", receipt: nil)
      try test.writeReceipt("a.csv", sendersFileID: nil, success)
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.delivery(2)?.state == .accepted)
      #expect(try await test.journal.delivery(1)?.state == .givenUp)
    }
  }

  @Test("A receipt that names its transmission is that one's, and one that names none is the likeliest's")
  func owners() throws {
    func delivery(_ id: Int64, _ state: DeliveryState) -> Delivery {
      Delivery(
        NewDelivery(
          identity: .init(
            account: "a", route: "r", wireName: WireName(unchecked: "a.csv"), sha256: SHA256.digest(of: [])), size: 0,
          localPath: "/a.csv", infRef: nil, sendersFileID: "id-\(id)", transactionID: nil, temporaryTriggerName: "x",
          trigger: []), id: id, ordinal: Int(id), state: state, stagedAt: .now, changedAt: .now)
    }
    func owner(_ name: String?, _ states: [DeliveryState]) throws -> Int64? {
      let receipt = try TechnicalReceipt(fileTransferUUID: "f-1", sendersFileID: name, outcome: success)
      return receipt.owner(among: states.enumerated().map { delivery(Int64($0 + 1), $1) })?.id
    }
    #expect(try owner("id-1", [.givenUp, .triggered]) == 1)
    #expect(try owner("id-2", [.givenUp, .triggered]) == 2)
    #expect(try owner("id-3", [.givenUp, .triggered]) == nil)
    for open in [DeliveryState.triggered, .taken, .overdue] { #expect(try owner(nil, [.givenUp, open]) == 2) }
    // It may not be out at all, and the receipt be the earlier one's.
    for open in [DeliveryState.armed, .triggering] {
      #expect(try owner(nil, [.givenUp, open]) == nil)
      #expect(try owner(nil, [open]) == 1)
    }
    #expect(try owner(nil, [.givenUp, .givenUp]) == 2)
    #expect(try owner(nil, []) == nil)
  }

  /// An earlier run was ended between writing it down and removing it.
  @Test("A receipt that is in the journal already does not speak for the next delivery of its name")
  func anOldReceiptIsTidiedAway() async throws {
    try await TestExchange.with { test in
      for content in ["første", "anden"] {
        let order = DeliveryOrder(file: try test.file("a.csv", content), route: "flis")
        _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
        try test.take("a.csv", receipt: nil)
        if content == "første" {
          try test.writeReceipt("a.csv", sendersFileID: nil, success)
          _ = await test.exchange.collect("account")
          #expect(try await test.journal.delivery(1)?.state == .accepted)
        }
        try test.writeReceipt("a.csv", sendersFileID: nil, success)
      }
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.delivery(2)?.state != .accepted)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  /// Swift's texts are equal where the bytes are not: on the wire and in the journal these are two names.
  @Test("Two spellings of a letter are two names, for receipts and for deliveries")
  func twoSpellings() async throws {
    try await TestExchange.with { test in
      let names = ["pr\u{F8}ve-\u{E5}.csv", "pr\u{F8}ve-a\u{30A}.csv"]
      let file = try test.file("a.csv")
      let orders = names.map { DeliveryOrder(file: file, route: "flis", wireName: $0) }
      let reports = await test.exchange.deliver(reporting: orders, options: notWaiting)
      #expect(Set(reports.map { $0.delivery?.id }) == [1, 2])
      for (name, report) in zip(names, reports) {
        let sent = try #require(report.delivery)
        #expect(sent.wireName.string.utf8.elementsEqual(name.utf8))
        try test.take(name, receipt: nil)
        try test.writeReceipt(name, sendersFileID: sent.sendersFileID, success)
      }
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.deliveries().map(\.state) == [.accepted, .accepted])
    }
  }

  // MARK: Faults that do not stop the collecting

  @Test("An OUT that cannot be listed stops no collecting")
  func anOutboxThatCannotBeListed() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let staged = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
      _ = try await test.journal.transition(staged, to: .triggered)
      try await Task.sleep(for: .milliseconds(1_100))
      try test.arrive("b.csv")
      let blind = try await test.reopened { $0.accounts[0].folders.out = "NOWHERE" }
      let report = await blind.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["b.csv"] && report.problems.isEmpty)
      #expect(try await test.journal.delivery(staged.id)?.state == .triggered)
    }
  }

  @Test("A receipt for another is reported once and not with every look; an unreadable one is in each report")
  func reportedOnce() async throws {
    try await TestExchange.with { test in
      for name in ["a.csv", "b.csv"] {
        let order = DeliveryOrder(file: try test.file(name), route: "flis")
        _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      }
      try test.write(Data("<TechnicalReceipt".utf8), to: test.incoming.appending("a.csv.sftpreceipt"))
      try test.writeReceipt("b.csv", sendersFileID: "another", success)
      let log = RecordedLog()
      let exchange = Exchange(
        settings: test.exchange.settings, journal: test.journal, logger: Logger(label: "test") { _ in log })
      for _ in 0..<3 {
        // The report names the one that cannot be read, for the caller.
        #expect(await exchange.collect("account").problems.map(\.path) == ["IN/a.csv.sftpreceipt"])
      }
      let told = log.messages.filter { $0.contains(".sftpreceipt") }
      #expect(told.count == 1 && told.first?.contains("b.csv") == true, "\(told)")
      #expect(try test.names(in: test.incoming).count == 2)
    }
  }
}
