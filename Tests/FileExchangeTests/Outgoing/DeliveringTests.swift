import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct DeliveringTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  @Test("puts the data and then its trigger into OUT", arguments: [0, 1, 100_000])
  func dataAndThenItsTriggerLieInOUT(size: Int) async throws {
    try await TestExchange.with { test in
      let content = String(repeating: "æ", count: size / 2) + (size % 2 == 1 ? "x" : "")
      let file = try test.file("udtræk_0461_Odense ø.csv", content)
      let reports = await test.exchange.deliver(
        reporting: [DeliveryOrder(file: file, route: "flis")], options: notWaiting)
      let delivery = try #require(reports.first?.delivery)
      #expect(reports.first?.error == nil)
      #expect(delivery.state == .triggered)
      #expect(try test.names(in: test.outbox) == ["udtræk_0461_Odense ø.csv", "udtræk_0461_Odense ø.csv.trigger"])
      #expect(try test.read(test.outbox.appending("udtræk_0461_Odense ø.csv")) == Data(content.utf8))
      let sent = [UInt8](try test.read(test.outbox.appending("udtræk_0461_Odense ø.csv.trigger")))
      #expect(sent == delivery.trigger)
      let trigger = try Trigger(reading: sent)
      #expect(trigger.fileDescriptor.sizeInBytes == UInt64(size))
      #expect(trigger.fileDescriptor.sender == test.server.user.name)
      #expect(trigger.fileDescriptor.sendersFileID == delivery.sendersFileID)
      #expect(trigger.fileDescriptor.recipients == ["ROUTING_V1_0_0"])
    }
  }

  @Test("a receipt of success settles the delivery and is archived", arguments: JournalDatabase.here)
  func aReceiptOfSuccessSettlesTheDeliveryAndIsArchived(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let reports = await test.exchange.deliver(reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")])
      let delivery = try #require(reports.first?.delivery)
      #expect(delivery.state == .accepted)
      #expect(delivery.fileTransferUUID == "f-1")
      #expect(try TechnicalReceipt(reading: try #require(delivery.receipt)).sendersFileID == delivery.sendersFileID)
      #expect(try test.names(in: test.incoming).isEmpty)
      let states = try await test.journal.entries().map(\.state).filter { $0 != "taken" }
      #expect(states == ["staged", "uploading", "armed", "triggered", "accepted", "removing-receipt"])
    }
  }

  @Test("an error receipt keeps the platform's code and texts", arguments: JournalDatabase.here)
  func anErrorReceiptKeepsThePlatformsCodeAndTexts(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      try test.take(
        "a.csv",
        receipt: .errors([
          try ReceiptError(code: 4711, codeDescription: "NO_ROUTE", description: "der er ingen rute")
        ]))
      let report = try #require(await test.exchange.deliver(reporting: [order]).first)
      #expect(report.delivery?.state == .refused)
      #expect(report.delivery?.outcome == "4711 NO_ROUTE: der er ingen rute")
    }
  }

  @Test("an overdue receipt is a state and still counts later", arguments: JournalDatabase.here)
  func anOverdueReceiptIsAStateAndStillCountsLater(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let patience = Exchange.DeliveryOptions(waitForReceipts: .milliseconds(200))
      let first = try #require(await test.exchange.deliver(reporting: [order], options: patience).first)
      #expect(first.delivery?.state == .overdue)
      #expect(first.error == nil)
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      let second = try #require(await test.reopened().exchange.deliver(reporting: [order]).first)
      #expect(second.delivery?.state == .accepted)
      #expect(second.delivery?.sendersFileID == first.delivery?.sendersFileID)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  @Test("a finished delivery is sent again only on request", arguments: JournalDatabase.here)
  func whatWasDeliveredIsSentAgainOnlyWhenAskedFor(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      var order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let first = try #require(await test.exchange.deliver(reporting: [order]).first)
      let repeated = try #require(await test.exchange.deliver(reporting: [order]).first)
      #expect(repeated.wasFinishedBefore && repeated.delivery == first.delivery && repeated.bytesSent == 0)
      order.again = true
      let again = try #require(await test.exchange.deliver(reporting: [order]).first)
      #expect(again.delivery?.state == .accepted)
      #expect(again.delivery?.sendersFileID != first.delivery?.sendersFileID)
      #expect(again.delivery?.transactionID != first.delivery?.transactionID)
    }
  }

  @Test("a receipt of another transmission stays in IN", arguments: JournalDatabase.here)
  func aReceiptOfAnotherTransmissionStaysWhereItLies(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.writeReceipt("a.csv", sendersFileID: "somebody else's", .receipt(message: "SUCCESS"))
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let patience = Exchange.DeliveryOptions(waitForReceipts: .milliseconds(200))
      let report = try #require(await test.exchange.deliver(reporting: [order], options: patience).first)
      #expect(report.delivery?.state == .overdue)
      #expect(try test.names(in: test.incoming) == ["a.csv.sftpreceipt"])
    }
  }

  @Test("a foreign file under the name is not touched and holds up no other", arguments: JournalDatabase.here)
  func aFileInTheWayIsNotTouchedAndHoldsUpNobodyElse(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.write(Data("another's".utf8), to: test.outbox.appending("a.csv"))
      let reports = await test.exchange.deliver(
        reporting: [
          try DeliveryOrder(file: test.file("a.csv"), route: "flis"),
          try DeliveryOrder(file: test.file("b.csv"), route: "flis"),
        ], options: notWaiting)
      #expect(reports[0].error?.code == .nameTaken)
      #expect(reports[0].error?.isRetriable == true)
      #expect(reports[1].delivery?.state == .triggered)
      #expect(try test.read(test.outbox.appending("a.csv")) == Data("another's".utf8))
      try test.remove(test.outbox.appending("a.csv"))
      let retry = try await test.reopened().exchange.deliver(reporting: [reports[0].order], options: notWaiting)
      #expect(retry.first?.delivery?.state == .triggered)
    }
  }

  @Test("another content under an open name is refused", arguments: JournalDatabase.here)
  func anotherContentUnderAnOpenNameIsRefused(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let file = try test.file("a.csv", "one")
      _ = await test.exchange.deliver(reporting: [DeliveryOrder(file: file, route: "flis")], options: notWaiting)
      _ = try test.file("a.csv", "two")
      let report = try #require(
        await test.exchange.deliver(reporting: [DeliveryOrder(file: file, route: "flis")], options: notWaiting).first)
      #expect(report.error?.code == .nameTaken)
      #expect(try test.read(test.outbox.appending("a.csv")) == Data("one".utf8))
    }
  }

  @Test("two orders for the same are one delivery", arguments: JournalDatabase.here)
  func twoOrdersForTheSameAreOneDelivery(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let copy = DeliveryOrder(file: try test.file("b.csv"), route: "flis", wireName: "a.csv")
      let reports = await test.exchange.deliver(reporting: [order, copy, order])
      #expect(reports.map(\.delivery?.state) == [.accepted, .accepted, .accepted])
      #expect(reports.allSatisfy { $0.error == nil })
      #expect(reports.map(\.order) == [order, copy, order])
      #expect(try await test.journal.deliveries().count == 1)
    }
  }

  @Test("a file that is replaced before it is sent is not sent", arguments: JournalDatabase.here)
  func aFileThatIsReplacedBeforeItIsSentIsNotSent(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let file = try test.file("a.csv", "one")
      let staged = try await StagedFile.read(file)
      try test.remove(file)
      _ = try test.file("a.csv", "two")
      await #expect { try await staged.open() } throws: { ($0 as? ExchangeError)?.code == .fileChanged }
    }
  }

  @Test("delivers 98 files over one connection", arguments: JournalDatabase.here)
  func ninetyEightGoOverOneConnection(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let orders = try (1...98).map { try DeliveryOrder(file: test.file("f\($0).csv", "\($0)"), route: "flis") }
      let reports = await test.exchange.deliver(reporting: orders)
      #expect(reports.allSatisfy { $0.delivery?.state == .accepted && $0.error == nil })
      #expect(Set(reports.compactMap(\.delivery?.sendersFileID)).count == 98)
    }
  }

  @Test("bad orders are refused with the reason", arguments: JournalDatabase.here)
  func badOrdersSayWhatIsWrong(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let good = try test.file("a.csv")
      let reports = await test.exchange.deliver(
        reporting: [
          DeliveryOrder(file: test.folder.appending("missing.csv"), route: "flis"),
          DeliveryOrder(file: good, route: "nowhere"),
          DeliveryOrder(file: good, route: "flis", wireName: "a.csv.trigger"),
          DeliveryOrder(file: test.folder, route: "flis"),
        ], options: notWaiting)
      #expect(reports.map(\.error?.code) == [.fileMissing, .unknownRoute, .invalidDelivery, .localFile])
      #expect("\(try #require(reports[1].error))".contains("use one of: flis, lis, direct"))
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  /// Settings made in code have not passed the reader of the file.
  @Test(
    "a trigger that may not be sent is refused before anything is on the wire",
    arguments: ["SortimentOverfoer_1", "SF7002", "FakturaInformationAfsend_1"])
  func aTriggerThatMayNotBeSentIsRefusedBeforeAnythingIsOnTheWire(infRef: String) async throws {
    try await TestExchange.with({ settings in
      guard case .explicit(var addressing, let recipient) = settings.routes[0].kind else { return }
      addressing.infRef = InfRef(unchecked: infRef)
      settings.routes[0].kind = .explicit(addressing, recipientITSystem: recipient)
    }) { test in
      let report = try #require(
        await test.exchange.deliver(reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")]).first)
      #expect(report.error?.code == .invalidDelivery)
      #expect(report.delivery == nil)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  @Test("reports a server that is away and keeps the delivery")
  func aServerThatIsNotThereIsSaidSoAndTheDeliveryKept() async throws {
    try await TestExchange.with({ $0.accounts[0].port = 1 }) { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      let report = try #require(await test.exchange.deliver(reporting: [order]).first)
      #expect(report.error?.transfer?.code == .connectionRefused)
      #expect(report.delivery?.state == .staged)
      let later = try await test.reopened { $0.accounts[0].port = test.server.port }
      #expect(
        await later.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery?.state == .triggered)
    }
  }

  // MARK: The short form

  @Test("returns one file's delivery, or throws the error that stopped it", arguments: JournalDatabase.here)
  func returnsOneFilesDelivery(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let file = try test.file("a.csv")
      let delivery = try await test.exchange.deliver(file: file, route: "flis")
      #expect(delivery.state == .accepted && delivery.wireName.string == "a.csv")
      // Delivered once, however often it is ordered.
      #expect(try await test.reopened().exchange.deliver(file: file, route: "flis").id == delivery.id)
      #expect(try await test.journal.deliveries().count == 1)
      let unknown = await #expect(throws: ExchangeError.self) {
        try await test.exchange.deliver(file: file, route: "nowhere")
      }
      #expect(unknown?.code == .unknownRoute)
    }
  }

  @Test("gives a batch's results in the order of its orders, failures among them", arguments: JournalDatabase.here)
  func givesABatchsResultsInOrder(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let orders = [
        DeliveryOrder(file: try test.file("a.csv"), route: "flis"),
        DeliveryOrder(file: test.folder.appending("missing.csv"), route: "flis"),
        DeliveryOrder(file: try test.file("c.csv"), route: "nowhere"),
        DeliveryOrder(file: try test.file("b.csv"), route: "lis"),
      ]
      let results = await test.exchange.deliver(orders, options: notWaiting)
      #expect(results.map { try? $0.get().wireName.string } == ["a.csv", nil, nil, "b.csv"])
      let codes = results.map { result in
        if case .failure(let error) = result { error.code } else { ExchangeError.Code?.none }
      }
      #expect(codes == [nil, .fileMissing, .unknownRoute, nil])
    }
  }
}
