import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Business receipts that come, and those that go.
@Suite(.timeLimit(.minutes(25))) struct BusinessReceiptTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  private func receipt(
    for transfer: String, _ fileName: String, _ acceptance: BusinessReceipt.Acceptance = .accepted,
    reason: String? = nil
  ) throws -> String {
    let receipt = try BusinessReceipt(
      fileTransferUUID: transfer, fileName: fileName, recipient: "flis", fileAcceptance: acceptance, reason: reason)
    return String(decoding: receipt.xml(), as: UTF8.self)
  }

  // MARK: Those that come

  @Test("ties a business receipt to its delivery")
  func oneThatComesIsTiedToItsDelivery() async throws {
    try await TestExchange.with {
      $0.arrivals[0].businessReceipts = true
    } _: { test in
      _ = await test.exchange.deliver(
        reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")], options: .init(waitForReceipts: nil))
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      try test.arrive("svar.xml", try receipt(for: "f-1", "a.csv", .rejected, reason: "kolonne 7 mangler"))
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.count == 1)
      let answer = try #require(report.answered.first)
      #expect(report.answered.count == 1 && answer.delivery == 1 && answer.arrival == 1)
      #expect(answer.acceptance == .rejected && answer.reason == "kolonne 7 mangler")
      let entries = try await test.journal.entries(about: .delivery(1))
      #expect(entries.last?.state == "answered" && entries.last?.detail == "REJECTED: kolonne 7 mangler")
      // Reported once; the answer does not change the delivery's own state.
      #expect(await test.exchange.collect("account").answered.isEmpty)
      #expect(try await test.journal.delivery(1)?.state == .accepted)
    }
  }

  @Test("ties a business receipt later if it comes before the technical receipt")
  func oneThatComesBeforeTheTechnicalReceiptIsTiedLater() async throws {
    try await TestExchange.with {
      $0.arrivals[0].businessReceipts = true
    } _: { test in
      _ = await test.exchange.deliver(
        reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")], options: .init(waitForReceipts: nil))
      try test.arrive("svar.xml", try receipt(for: "f-1", "a.csv"))
      try test.arrive("andet.xml", try receipt(for: "f-1", "b.csv"))
      let before = await test.exchange.collect("account")
      #expect(before.collected.count == 2 && before.answered.isEmpty)
      #expect(try await test.journal.untiedBusinessReceipts(of: "account").count == 2)
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      #expect(await test.exchange.collect("account").answered.map(\.acceptance) == [.accepted])
      // The other one names another file: it stays untied.
      #expect(try await test.journal.untiedBusinessReceipts(of: "account").count == 1)
    }
  }

  @Test("sets aside a file that is no business receipt")
  func whatIsNoBusinessReceiptIsSetAside() async throws {
    try await TestExchange.with {
      $0.arrivals[0].businessReceipts = true
    } _: { test in
      try test.arrive("svar.xml", "<BusinessReceipt")
      try test.arrive("godt.xml", try receipt(for: "f-1", "a.csv"))
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["godt.xml"])
      #expect(report.setAside.first?.reason?.description.hasPrefix("it is no business receipt: ") == true)
      #expect(try test.names(in: test.incoming) == ["svar.xml", "svar.xml.metadata"])
    }
  }

  // MARK: Those that go

  private func answering(
    _ script: String, _ body: @Sendable (TestExchange) async throws -> Void
  ) async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(command: ["/bin/sh", "-c", script], answerBy: "direct")
    } _: { test in
      try await body(test)
    }
  }

  private let name = "business-receipt-\(uuid).xml"

  @Test(
    "an answer goes back exactly once",
    arguments: [
      ("ACCEPTED", BusinessReceipt.Acceptance.accepted), ("REJECTED", .rejected),
      ("COULD_NOT_NOTIFY_RECIPIENT", .couldNotNotifyRecipient),
    ])
  func anAnswerGoesBackExactlyOnce(word: String, acceptance: BusinessReceipt.Acceptance) async throws {
    try await answering("echo '{\"acceptance\": \"\(word)\", \"reason\": \"æ & ø\"}'") { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.count == 1 && report.answersSent.count == 1)
      #expect(try test.names(in: test.outbox) == [name, name + ".trigger"])
      let sent = try BusinessReceipt(reading: [UInt8](try test.read(test.outbox.appending(name))))
      #expect(sent.fileTransferUUID == Self.uuid && sent.fileName == "a.csv" && sent.fileAcceptance == acceptance)
      #expect(sent.reason == "æ & ø" && sent.recipient == test.server.user.name)
      let entries = try await test.journal.entries(about: .arrival(1))
      #expect(entries.filter { $0.state == "answered" }.map(\.detail) == [word])
      #expect(try await test.journal.answer(to: 1)?.delivery == report.answersSent.first?.id)
      #expect(try test.names(in: test.inbox.appending(".answers")).isEmpty)

      try test.take(name, receipt: .receipt(message: "SUCCESS"))
      #expect(await test.exchange.collect("account").answersSent.isEmpty)
      // As if we had been killed before the journal knew which delivery carries it.
      try await test.journal.noteAnswer(to: 1, sentBy: 1, isSent: false)
      try test.write(Data(sent.xml()), to: test.inbox.appending(".answers").appending(name))
      _ = try await test.reopened().exchange.collect("account")
      #expect(try test.names(in: test.inbox.appending(".answers")).isEmpty)
      #expect(try test.names(in: test.outbox).isEmpty)
      #expect(try await test.journal.deliveries().count == 1)
    }
  }

  /// Opens the exchange again with answers that go to a server which is away.
  private func withoutAServerForAnswers(_ test: TestExchange) async throws -> TestExchange {
    try await test.reopened { settings in
      settings.accounts.append(settings.accounts[0])
      settings.accounts[1].name = "away"
      settings.accounts[1].port = 1
      settings.routes[2].account = "away"
    }
  }

  @Test("an answer waits for a server that is away")
  func anAnswerWaitsForAServerThatIsAway() async throws {
    try await answering("echo '{\"acceptance\": \"ACCEPTED\"}'") { test in
      let away = try await withoutAServerForAnswers(test)
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      let report = await away.exchange.collect("account")
      #expect(report.collected.count == 1 && report.answersSent.isEmpty && !report.problems.isEmpty)
      #expect(try test.names(in: test.inbox.appending(".answers")) == [name])
      let back = try await test.reopened()
      _ = back
      #expect(try await test.journal.answersToSend(of: "account").count == 1)
    }
  }

  @Test("an answer with a cancelled delivery is not sent")
  func anAnswerWhoseDeliveryWasCancelledIsNotSentInSpiteOfThat() async throws {
    try await answering("echo '{\"acceptance\": \"ACCEPTED\"}'") { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      // Its name is taken in OUT, so that it does not get further than its data.
      try test.write(Data("foreign".utf8), to: test.outbox.appending(name))
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.nameTaken])
      #expect(try await test.exchange.cancel(1).state == .cancelled)
      try test.remove(test.outbox.appending(name))
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.answersSent.isEmpty)
      #expect(try test.names(in: test.outbox).isEmpty)
      #expect(try test.names(in: test.inbox.appending(".answers")).isEmpty)
    }
  }

  @Test(
    "an answer that is none is a failure",
    arguments: [
      ("true", "without the answer"), ("echo '{\"acceptance\": \"MAYBE\"}'", "none of ACCEPTED"),
      ("echo '{\"acceptance\": \"REJECTED\", \"reason\": 7}'", "no text"),
      ("echo '{\"acceptance\":'", "without the answer"),
    ])
  func anAnswerThatIsNoneIsAFailure(script: String, words: String) async throws {
    try await answering(script) { test in
      try test.arrive("a.csv")
      let report = await test.exchange.collect("account")
      #expect(report.problems.map(\.code) == [.hookFailed])
      #expect(report.problems.first?.message.contains(words) == true)
      #expect(try test.names(in: test.outbox).isEmpty && test.names(in: test.incoming).count == 2)
    }
  }

  @Test("without a route an answer is only kept")
  func withoutARouteAnAnswerIsOnlyKept() async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(command: ["echo", "{\"acceptance\": \"ACCEPTED\"}"])
    } _: { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      #expect(await test.exchange.collect("account").collected.count == 1)
      let answer = try #require(try await test.journal.answer(to: 1))
      #expect(answer.acceptance == .accepted && answer.route == nil)
      #expect(try BusinessReceipt(reading: answer.document).fileTransferUUID == Self.uuid)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  @Test("an id that is no name makes a safe one")
  func anIdThatIsNoNameMakesASafeOne() {
    func name(_ uuid: String) -> String {
      BusinessAnswer(
        arrival: 1, fileTransferUUID: uuid, acceptance: .accepted, document: [], route: nil, delivery: nil
      ).wireName
    }
    #expect(name(Self.uuid) == self.name)
    let odd = ["../../etc/passwd", "", "æ", "A", "a.trigger", String(repeating: "a", count: 300)].map(name)
    #expect(Set(odd).count == odd.count)
    for name in odd { #expect(throws: Never.self) { try WireName(name) } }
  }

  /// The receipt is not committed yet: the process at work on it, or the next collection, still has to send it.
  @Test("A business receipt whose delivery is armed and claimed is still sent later")
  func anArmedAnswerIsNotForgotten() async throws {
    try await answering("echo '{\"acceptance\": \"ACCEPTED\"}'") { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      try test.write(Data("foreign".utf8), to: test.outbox.appending(name))
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.nameTaken])
      let answer = try #require(try await test.journal.answer(to: 1))
      var delivery = try #require(try await test.journal.delivery(1))
      for event in [DeliveryMachine.Event.namesAreFree, .uploaded, .armed] {
        delivery = try await test.journal.transition(delivery, event).required()
      }
      try test.write(Data(answer.document), to: test.outbox.appending(name))
      try test.write(Data(delivery.trigger), to: test.outbox.appending(delivery.temporaryTriggerName))
      // Another process is at work on it, or the connection breaks once more: it makes no progress this time.
      _ = try await test.journal.withClaim(on: .delivery(1)) { () async throws(ExchangeError) in
        _ = await test.exchange.collect("account")
      }
      #expect(try await test.journal.delivery(1)?.state == .armed)
      #expect(try await test.journal.answersToSend(of: "account").count == 1, "nothing is committed yet")
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.delivery(1)?.state == .triggered)
      #expect(try test.names(in: test.outbox).contains(name + ".trigger"))
    }
  }

  @Test("two processes that collect at once send every answer once, without a problem")
  func twoProcessesSendAnswersSideBySide() async throws {
    try await answering("echo '{\"acceptance\": \"ACCEPTED\"}'") { test in
      let away = try await withoutAServerForAnswers(test)
      let count = 12
      for number in 1...count {
        let uuid = "00000000-0000-4000-8000-0000000000\(number < 10 ? "0" : "")\(number)"
        try test.arrive("\(number).csv", "x", uuid: uuid)
      }
      #expect(await away.exchange.collect("account").collected.count == count)
      #expect(try await test.journal.answersToSend(of: "account").count == count)
      let (one, other) = (try await test.reopened(), try await test.reopened())
      async let first = one.exchange.collect("account")
      async let second = other.exchange.collect("account")
      let reports = await [first, second]
      #expect(reports.flatMap(\.problems).isEmpty)
      #expect(reports.flatMap(\.answersSent).count == count)
      #expect(try test.names(in: test.inbox.appending(".answers")).isEmpty)
      #expect(try test.names(in: test.outbox).count == 2 * count)
    }
  }

  @Test("a process that begins while another sends the answers waits for it, and sends what is left")
  func aProcessWaitsForAnotherThatSendsAnswers() async throws {
    try await answering("echo '{\"acceptance\": \"ACCEPTED\"}'") { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      let other = try await test.reopened()
      let isOver = Locked(false)
      async let report = {
        let report = await test.exchange.collect("account")
        isOver.withLock { $0 = true }
        return report
      }()
      let claimed: Void? = try await other.journal.withClaim(on: .answers(ofAccount: "account")) {
        () async throws(ExchangeError) in
        var asked = false
        while !asked { asked = try await other.journal.answersToSend(of: "account").count == 1 }
        try? await Task.sleep(for: .milliseconds(300))
        #expect(!isOver.withLock { $0 }, "it waits")
      }
      #expect(claimed != nil)
      #expect(await report.answersSent.count == 1)
      #expect(await report.problems.isEmpty)
    }
  }
}
