import ExchangeSettings
import FilsluseBase
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Files are sent while later ones of the same run are still being staged.
@Suite struct StagingQueueTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  private func item(_ index: Int, in test: TestExchange) async throws -> StagedOrder {
    let staging = Staging(settings: test.exchange.settings, journal: test.journal)
    let order = DeliveryOrder(file: try test.file("\(index).csv", "line \(index)\n"), route: "flis")
    return StagedOrder(index: index, staged: try await staging.stage(order))
  }

  @Test("returns each order once it is staged, and none after the last", .timeLimit(.minutes(25)))
  func aSenderGetsEachPlaceWhenItIsStagedAndNothingAfterTheLast() async throws {
    try await TestExchange.with { test in
      let orders = StagingQueue()
      let first = try await item(1, in: test)
      orders.add(first)
      #expect(await orders.item(0)?.index == 1)
      async let second = orders.item(1)
      async let third = orders.item(2)
      orders.add(try await item(2, in: test))
      #expect(await second?.index == 2)
      orders.complete()
      #expect(await third == nil)
      #expect(await orders.item(7) == nil)
      #expect(orders.soFar.items.map(\.index) == [1, 2])
      #expect(orders.soFar.isComplete)
      #expect(orders.index(of: first.delivery) == 1)
      #expect(first.staged?.delivery.trigger.isEmpty == false)
      first.noteSent()
      #expect(first.staged == nil)
    }
  }

  @Test(
    "staging stays a bounded number of orders ahead of sending, until nothing more is sent", .timeLimit(.minutes(25)))
  func stagingStaysNearTheSenders() async throws {
    try await TestExchange.with { test in
      let orders = StagingQueue(ahead: 2)
      let staged = Locked(0)
      var made: [StagedOrder] = []
      for index in 0..<10 { made.append(try await item(index, in: test)) }
      let staging = Task { [made] in
        for (number, item) in made.enumerated() {
          guard await orders.mayStage() else { return }
          staged.withLock { $0 = number + 1 }
          // Nothing is to be sent of the fourth.
          if number == 3 { orders.skip() } else { orders.add(item) }
        }
      }
      func expectStaged(_ count: Int) async throws {
        while staged.withLock({ $0 }) < count { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .milliseconds(50))
        #expect(staged.withLock { $0 } == count)
      }
      try await expectStaged(2)
      #expect(await orders.item(0)?.index == 0)
      try await expectStaged(3)
      // Asked for again over another connection.
      #expect(await orders.item(0)?.index == 0)
      try await expectStaged(3)
      #expect(await orders.item(1)?.index == 1)
      // The turn of the one that was skipped goes to the next.
      try await expectStaged(5)
      async let later = orders.item(4)
      #expect(await orders.item(2)?.index == 2)
      #expect(await later?.index == 5)
      try await expectStaged(8)
      orders.endLimit()
      await staging.value
      #expect(orders.soFar.items.map(\.index) == [0, 1, 2, 4, 5, 6, 7, 8, 9])
    }
  }

  @Test("the results of a list come without triggers and receipts, the result of one order with them")
  func documentsOfResults() async throws {
    try await TestExchange.with { test in
      let orders = try (0..<3).map { DeliveryOrder(file: try test.file("\($0).csv", "line \($0)\n"), route: "flis") }
      for result in await test.exchange.deliver(orders, options: notWaiting) {
        let delivery = try result.get()
        #expect(delivery.state == .triggered && delivery.trigger.isEmpty)
        #expect(try await test.journal.delivery(delivery.id)?.trigger.isEmpty == false)
      }
      try test.take("1.csv", receipt: .receipt(message: "SUCCESS"))
      let known = await test.exchange.deliver(
        [orders[0], orders[1]], options: .init(waitForReceipts: .milliseconds(300)))
      #expect(known.map { try? $0.get().state } == [.overdue, .accepted])
      for result in known {
        let delivery = try result.get()
        #expect(delivery.receipt == nil && delivery.trigger.isEmpty)
      }
      let one = try await test.exchange.deliver(file: orders[1].file, route: "flis")
      #expect(one.state == .accepted && one.receipt != nil && !one.trigger.isEmpty)
    }
  }

  @Test("a cancelled task stops waiting", .timeLimit(.minutes(25)), arguments: [0, 1, 5, 20])
  func whoWaitsInVainIsLetGoWhenCancelled(pause: Int) async {
    let orders = StagingQueue()
    let waiting = Task { await orders.item(0) == nil }
    try? await Task.sleep(for: .milliseconds(pause))
    waiting.cancel()
    #expect(await waiting.value)
    orders.complete()
  }

  /// The result must not depend on the first one's progress when the second is looked at, nor on `again`.
  @Test("the same file twice in a run is one delivery", arguments: [false, true])
  func theSameFileTwiceInARunIsOneDelivery(again: Bool) async throws {
    try await TestExchange.with { test in
      let file = try test.file("a.csv", "0123456789")
      let orders = (0..<40).map { _ in DeliveryOrder(file: file, route: "flis", again: again) }
      let reports = await test.exchange.deliver(reporting: orders, options: notWaiting)
      #expect(Set(reports.map { $0.delivery?.id }).count == 1)
      #expect(reports.allSatisfy { $0.error == nil && $0.delivery?.state == .triggered })
      #expect(try await test.journal.deliveries().count == 1)
    }
  }

  /// Another process has taken it up, and finished it, between its staging here and its sending.
  @Test("a delivery that another process has sent is not sent again")
  func whatAnotherProcessHasSentMeanwhileIsNotSentAgain() async throws {
    try await TestExchange.with { test in
      let staged = try #require(try await item(1, in: test).staged)
      #expect(staged.isNew)
      let order = DeliveryOrder(file: staged.file.path, route: "flis")
      let sent = await test.exchange.deliver(reporting: [order], options: notWaiting)
      #expect(sent.first?.delivery?.state == .triggered)
      for isTaken in [false, true] {
        if isTaken {
          for name in try test.names(in: test.outbox) { try test.remove(test.outbox.appending(name)) }
        }
        let before = try await test.journal.entries().count
        let account = try #require(test.exchange.settings.accounts.first)
        let states = Locked<[DeliveryState]>([])
        let failure = await test.exchange.withConnections(to: account) { client in
          do throws(ExchangeError) {
            try await test.exchange.takeToTrigger(staged, over: client, of: account) { _ in
            } reached: { before, now in
              states.withLock { $0 = [before, now.state] }
            }
            return .done
          } catch {
            return .lost(error, madeProgress: false)
          }
        }
        #expect(failure == nil)
        #expect(states.withLock { $0 } == [.triggered, .triggered])
        #expect(try await test.journal.entries().count == before)
        #expect(try test.names(in: test.outbox) == (isTaken ? [] : ["1.csv", "1.csv.trigger"]))
      }
    }
  }

  /// The state of a delivery that this process staged is not read again before the first step.
  @Test(
    "counts no delivery that another process has finished since it was staged", .timeLimit(.minutes(25)),
    arguments: [true, false])
  func countsOnlyItsOwn(isNew: Bool) async throws {
    try await TestExchange.with { test in
      let new = try #require(try await item(1, in: test).staged)
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let order = DeliveryOrder(file: new.file.path, route: "flis")
      let sent = await test.exchange.deliver(reporting: [order])
      #expect(sent.first?.delivery?.state == .accepted)
      let staged = Staging.Staged(delivery: new.delivery, file: new.file, isNew: isNew)
      let reporter = RunReporter(
        logger: test.exchange.logger, problems: ObservedProblems(in: test.journal)
      ) { _ in }
      let account = try #require(test.exchange.settings.accounts.first)
      let handler = TakenFileHandler(exchange: test.exchange, account: account, reporter: reporter)
      let found = Locked<DeliveryState?>(nil)
      let failure = await test.exchange.withConnections(to: account) { client in
        do throws(ExchangeError) {
          let delivery = try await handler.send(staged, isAlone: false, over: client)
          found.withLock { $0 = delivery.state }
          return .done
        } catch {
          return .lost(error, madeProgress: false)
        }
      }
      #expect(failure == nil)
      #expect(found.withLock { $0 } == .accepted)
      #expect((reporter.counts["account"]?.sent ?? 0) == 0)
    }
  }
}
