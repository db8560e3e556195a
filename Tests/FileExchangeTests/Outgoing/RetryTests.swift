import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Second tries of deliveries that the platform did not take.
@Suite(.timeLimit(.minutes(25))) struct RetryTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  private func refuse(_ name: String, _ test: TestExchange) async throws {
    try test.take(name, receipt: .errors([try ReceiptError(code: 1, codeDescription: "X", description: "x")]))
    _ = await test.exchange.collect("account")
  }

  private func delivered(_ outcome: Exchange.RetryOutcome) throws -> Delivery {
    guard case .delivered(let report) = outcome, let delivery = report.delivery, report.error == nil else {
      throw UnexpectedOutcome(outcome: "\(outcome)")
    }
    return delivery
  }

  private struct UnexpectedOutcome: Error { let outcome: String }

  @Test("The same retry again does not send a delivery that has been accepted since")
  func aSecondRetrySendsNothing() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      try await refuse("a.csv", test)
      #expect(try await test.journal.delivery(1)?.state == .refused)
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      for _ in 1...2 {
        let done = try delivered(try await test.exchange.retry(1))
        #expect(done.id == 2 && done.state == .accepted)
      }
      #expect(try await test.journal.deliveries().count == 2, "it was sent a second time")
    }
  }

  /// Two that both found the earlier one refused: the journal decides, and not what they read before.
  @Test("Staging a retry finds a delivery that another process has had accepted")
  func theJournalDecides() async throws {
    try await TestExchange.with { test in
      var order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      try await refuse("a.csv", test)
      order.again = true
      order.retryOf = 1
      _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      _ = await test.exchange.collect("account")
      let late = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(late.delivery?.id == 2 && late.wasFinishedBefore)
      order.retryOf = 2
      #expect(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery?.id == 3)
    }
  }

  @Test("A delivery that was refused again is sent again, and one that is under way is not")
  func refusedAgain() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver(reporting: [order], options: notWaiting)
      try await refuse("a.csv", test)
      for _ in 1...2 {
        #expect(try delivered(try await test.exchange.retry(1, options: notWaiting)).id == 2)
      }
      try await refuse("a.csv", test)
      #expect(try delivered(try await test.exchange.retry(1, options: notWaiting)).id == 3)
    }
  }

  @Test("A file that was named by a relative path is found again from any folder")
  func aRelativePath() async throws {
    try await TestExchange.with { test in
      let file = try test.file("a.csv")
      let here = FilePath(FileManager.default.currentDirectoryPath)
      let relative = here.components.reduce(into: FilePath()) { path, _ in path.append("..") }.pushing(
        FilePath(root: nil, file.components))
      let staging = Staging(settings: test.exchange.settings, journal: test.journal)
      let staged = try await staging.stage(DeliveryOrder(file: relative, route: "flis", wireName: "a.csv"))
      #expect(FilePath(staged.delivery.localPath) == here.pushing(relative))
      #expect(FilePath(staged.delivery.localPath).isAbsolute)
      #expect(try delivered(try await test.exchange.retry(1, options: notWaiting)).state == .triggered)
    }
  }

  @Test("A business receipt that was refused is sent again from the journal")
  func aRefusedAnswer() async throws {
    let uuid = "00000000-0000-4000-8000-000000000001"
    let name = "business-receipt-\(uuid).xml"
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(
        command: ["/bin/sh", "-c", "echo '{\"acceptance\": \"ACCEPTED\"}'"], answerBy: "direct")
    } _: { test in
      try test.arrive("a.csv", "x", uuid: uuid)
      #expect(await test.exchange.collect("account").answersSent.map(\.id) == [1])
      try await refuse(name, test)
      #expect(try await test.journal.delivery(1)?.state == .refused)
      let again = try delivered(try await test.exchange.retry(1, options: notWaiting))
      #expect(again.id == 2 && again.state == .triggered)
      #expect(try test.names(in: test.outbox) == [name, name + ".trigger"])
      #expect(try test.names(in: test.inbox.appending(".answers")).isEmpty)
      #expect(try await test.journal.answersToSend(of: "account").isEmpty)
      #expect(try await test.journal.answer(to: 1)?.delivery == 2)

      // Cut off as soon as the next try was staged: the collection goes on with it.
      try await refuse(name, test)
      let offline = try await test.reopened { $0.accounts[0].port = 1 }
      guard case .delivered(let report) = try await offline.exchange.retry(1, options: notWaiting) else { return }
      #expect(report.error != nil && report.delivery?.id == 3)
      #expect(await test.exchange.collect("account").answersSent.map(\.id) == [3])
      #expect(try test.names(in: test.inbox.appending(".answers")).isEmpty)
    }
  }
}
