import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Deliveries that stopped just before their trigger, and their files in OUT by then.
@Suite(.timeLimit(.minutes(25))) struct ArmedDeliveryTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)
  private let content = Data("0123456789".utf8)

  /// An order whose delivery was left at `state`, with its data and temporary trigger in OUT: as a process leaves it
  /// that was ended before the rename.
  private func leftBehind(_ state: DeliveryState, _ test: TestExchange) async throws -> (DeliveryOrder, Delivery) {
    let order = DeliveryOrder(file: try test.write(content, to: test.folder.appending("a.csv")), route: "flis")
    var delivery = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order).delivery
    delivery.acknowledged = delivery.size
    delivery.state = state
    delivery = try await test.journal.record(delivery)
    try test.write(content, to: test.outbox.appending("a.csv"))
    try test.write(Data(delivery.trigger), to: temporary(delivery, test))
    return (order, delivery)
  }

  private func temporary(_ delivery: Delivery, _ test: TestExchange) -> FilePath {
    test.outbox.appending(delivery.temporaryTriggerName)
  }

  private func expectOnePair(_ test: TestExchange, _ delivery: Delivery) throws {
    #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
    #expect(try test.read(test.outbox.appending("a.csv")) == content)
    #expect(try test.read(test.outbox.appending("a.csv.trigger")) == Data(delivery.trigger))
  }

  private enum Fault: CaseIterable { case noData, halfData, halfTrigger }

  /// Data without a trigger is what a clean-up of OUT looks for.
  @Test("A trigger goes out with its data, even if files were cleared away before it", arguments: Fault.allCases)
  private func everyTriggerHasItsData(fault: Fault) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      switch fault {
      case .noData: try test.remove(test.outbox.appending("a.csv"))
      case .halfData: try test.write(Data("01234".utf8), to: test.outbox.appending("a.csv"))
      case .halfTrigger: try test.write(Data(delivery.trigger.prefix(40)), to: temporary(delivery, test))
      }
      let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.delivery?.state == .triggered, "\(report.error?.description ?? "")")
      try expectOnePair(test, delivery)
      // The entries still agree with the delivery.
      #expect(try await test.journal.verify().findings.isEmpty)
    }
  }

  @Test("Data in OUT without its trigger is not sent again: the platform may be slow to take the data")
  func dataWithoutATriggerIsBeingTaken() async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      try test.remove(temporary(delivery, test))
      #expect(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery?.state == .taken)
      try test.writeReceipt("a.csv", sendersFileID: delivery.sendersFileID, .receipt(message: "SUCCESS"))
      #expect(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery?.state == .taken)
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.delivery(delivery.id)?.state == .accepted)
      #expect(try test.names(in: test.outbox) == ["a.csv"])
    }
  }

  /// An armed delivery goes on even if its file is changed or gone; but no trigger is sent for other content.
  @Test("Data that is gone from OUT is not replaced by another content")
  func noOtherContentGoesOut() async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      try test.remove(test.outbox.appending("a.csv"))
      try test.file("a.csv", "another content")
      let staged = Staging.Staged(delivery: delivery, file: try await StagedFile.read(order.file))
      let report = try await test.exchange.deliver(staged, as: order, options: notWaiting)
      #expect(report.error?.code == .fileChanged)
      #expect(try await test.journal.delivery(delivery.id)?.state == .uploading)
      #expect(try !test.names(in: test.outbox).contains("a.csv.trigger"))
    }
  }

  @Test("An armed delivery is finished without its file, where that is gone", arguments: [true, false])
  func noFileIsNeeded(isGone: Bool) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      if isGone { try test.remove(order.file) } else { try test.file("a.csv", "another content") }
      guard case .delivered(let report) = try await test.exchange.retry(delivery.id, options: notWaiting) else {
        Issue.record("it was put back")
        return
      }
      #expect(report.error == nil && report.delivery?.state == .triggered)
      try expectOnePair(test, delivery)
    }
  }

  @Test("An armed delivery whose file and data are both gone reports that, and can be cancelled")
  func withoutFileAndData() async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      try test.remove(order.file)
      try test.remove(test.outbox.appending("a.csv"))
      guard case .delivered(let report) = try await test.exchange.retry(delivery.id, options: notWaiting) else {
        Issue.record("it was put back")
        return
      }
      #expect(report.error?.code == .fileMissing)
      #expect(try await test.exchange.cancel(delivery.id).state == .cancelled)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  // MARK: Cancelling and giving up

  @Test(
    "An armed delivery is cancelled if its trigger is not out, and its name can be used again",
    arguments: [DeliveryState.armed, .triggering], [true, false])
  func whatIsNotOutCanBeCancelled(state: DeliveryState, givingUp: Bool) async throws {
    try await TestExchange.with { test in
      var (order, delivery) = try await leftBehind(state, test)
      let ended =
        givingUp ? try await test.exchange.giveUp(delivery.id) : try await test.exchange.cancel(delivery.id)
      #expect(ended.state == .cancelled)
      #expect(try test.names(in: test.outbox).isEmpty)
      order.again = true
      let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.error == nil, "\(report.error?.description ?? "")")
      #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
      #expect(try await test.journal.verify().findings.isEmpty)
    }
  }

  @Test("A delivery that is out is not cancelled, and giving it up says that the platform may have it")
  func whatIsOutIsNotCancelled() async throws {
    try await TestExchange.with { test in
      let (_, delivery) = try await leftBehind(.armed, test)
      try FileManager.default.moveItem(
        atPath: temporary(delivery, test).string, toPath: test.outbox.appending("a.csv.trigger").string)
      await #expect { try await test.exchange.cancel(delivery.id) } throws: {
        ($0 as? ExchangeError)?.code == .committed
      }
      #expect(try await test.journal.delivery(delivery.id)?.state == .triggered)
      #expect(try await test.exchange.giveUp(delivery.id).state == .givenUp)
      try expectOnePair(test, delivery)
    }
  }

  /// As a process leaves it that was ended between taking the trigger back and saying so.
  @Test("A cancellation that was interrupted sends nothing, and can be given up")
  func aCancellationCutOff() async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      try test.remove(temporary(delivery, test))
      #expect(await test.exchange.deliver(reporting: [order], options: notWaiting).first?.delivery?.state == .taken)
      #expect(try test.names(in: test.outbox) == ["a.csv"])
      #expect(try await test.exchange.giveUp(delivery.id).state == .givenUp)
    }
  }

  @Test("If OUT cannot be looked at, a delivery that may not have been sent is not given up")
  func givingUpNeedsALook() async throws {
    try await TestExchange.with { test in
      let (_, delivery) = try await leftBehind(.armed, test)
      let offline = try await test.reopened { $0.accounts[0].port = 1 }
      await #expect(throws: ExchangeError.self) { try await offline.exchange.giveUp(delivery.id) }
      #expect(try await test.journal.delivery(delivery.id)?.state == .armed)
      let without = try await test.reopened { $0.accounts[0].name = "another" }
      #expect(try await without.exchange.giveUp(delivery.id).state == .givenUp)
    }
  }

  // MARK: Servers that refuse the rename

  /// A link into a missing folder: neither a rename nor a write can create its name.
  @Test("A delivery can be ended if neither a rename nor a trigger in place is possible")
  func whatCannotBeCommittedCanBeCancelled() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      symlink(test.folder.appending("nowhere/at-all").string, test.outbox.appending("a.csv.trigger").string)
      let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.error?.code == .transfer)
      #expect(try await test.journal.delivery(1)?.state == .triggering)
      #expect(try await test.exchange.cancel(1).state == .cancelled)
      // The link is not our file.
      #expect(try test.names(in: test.outbox) == ["a.csv.trigger"])
    }
  }

  /// A dangling link stands for a server that answers every rename with `failure`, as many do for anything they do not
  /// allow: the look shows that nothing was done.
  @Test("A server that refuses renames with nothing but failure gets its trigger in place")
  func aRenameThatFailsForEver() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      symlink(test.folder.appending("nowhere").string, test.outbox.appending("a.csv.trigger").string)
      let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.delivery?.state == .triggered, "\(report.error?.description ?? "")")
      let states = try await test.journal.entries().map(\.state)
      #expect(states == ["staged", "uploading", "armed", "triggering", "triggered"])
    }
  }
}
