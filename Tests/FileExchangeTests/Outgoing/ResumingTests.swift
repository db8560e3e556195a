import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The state left by a run that ends at the worst moment, and how the next run continues.
@Suite(.timeLimit(.minutes(25))) struct ResumingTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  /// A delivery that an earlier process brought to `state` before it ended; the test itself fills OUT.
  private func leftBehind(_ state: DeliveryState, _ test: TestExchange, acknowledged: UInt64 = 0) async throws
    -> (DeliveryOrder, Delivery)
  {
    let order = DeliveryOrder(file: try test.file("a.csv", "0123456789"), route: "flis")
    let staging = Staging(settings: test.exchange.settings, journal: test.journal)
    var delivery = try await staging.stage(order).delivery
    delivery.state = state
    delivery.acknowledged = acknowledged
    delivery.acknowledgedSHA256 = SHA256.digest(of: Array("0123456789".utf8.prefix(Int(acknowledged))))
    return (order, try await test.journal.record(delivery))
  }

  private func finish(_ order: DeliveryOrder, _ test: TestExchange) async throws -> DeliveryReport {
    try #require(await test.reopened().exchange.deliver(reporting: [order], options: notWaiting).first)
  }

  private func expectOnePair(_ test: TestExchange, _ delivery: Delivery) throws {
    #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
    #expect(try test.read(test.outbox.appending("a.csv")) == Data("0123456789".utf8))
    #expect(try test.read(test.outbox.appending("a.csv.trigger")) == Data(delivery.trigger))
  }

  @Test(
    "an upload continues from the acknowledged bytes",
    arguments: [(UInt64(0), ""), (4, "0123"), (4, "0123xx"), (4, "01"), (4, ""), (4, "longer than the whole file")])
  func anUploadGoesOnFromWhatWasAcknowledged(acknowledged: UInt64, there: String) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.uploading, test, acknowledged: acknowledged)
      if !there.isEmpty { try test.write(Data(there.utf8), to: test.outbox.appending("a.csv")) }
      let report = try await finish(order, test)
      #expect(report.delivery?.state == .triggered)
      try expectOnePair(test, delivery)
    }
  }

  /// Status 4 for a resumed upload may mean that the server takes a file from its first byte on alone, or a full disk.
  @Test("begins a refused resumption anew once, and reports the server's fault where that is refused too")
  func theServerRefusesEachWrite() async throws {
    try await withTestServer { server in
      var ways = AsyncSSHServer.Ways()
      ways.refusesWrites = "No space left on device"
      ways.root = server.folder.string
      try await withScratchFolder { [ways] folder in
        try await AsyncSSHServer.run(ways, in: folder) { full in
          try await TestExchange.with(
            server,
            { settings in
              settings.accounts[0].port = full.port
              settings.accounts[0].keys = [.file(full.keyFile)]
              settings.accounts[0].hostKeys = .pinned([full.fingerprint])
            }
          ) { test in
            let (order, _) = try await leftBehind(.uploading, test, acknowledged: 4)
            try test.write(Data("0123".utf8), to: test.outbox.appending("a.csv"))
            let report = try await finish(order, test)
            #expect(report.error?.code == .transfer, "\(report.error as Any)")
            #expect(report.error?.message.contains("No space left on device") == true, "\(report.error as Any)")
            #expect(report.error?.message.contains("takes nothing behind") == false, "\(report.error as Any)")
            // Nothing of it may be built upon.
            #expect(try await test.journal.deliveries().first?.acknowledged == 0)
            #expect(try !test.names(in: test.outbox).contains("a.csv.trigger"))
          }
        }
      }
    }
  }

  @Test("an uploaded file gets its trigger", arguments: [true, false])
  func anUploadedFileGetsItsTrigger(halfTrigger: Bool) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.uploaded, test)
      try test.write(Data("0123456789".utf8), to: test.outbox.appending("a.csv"))
      if halfTrigger {
        try test.write(Data(delivery.trigger.prefix(40)), to: test.outbox.appending(delivery.temporaryTriggerName))
      }
      #expect(try await finish(order, test).delivery?.state == .triggered)
      try expectOnePair(test, delivery)
    }
  }

  @Test("data that is no longer whole in OUT is uploaded again", arguments: ["", "01234"])
  func dataThatIsNotWholeInOUTAnyMoreGoesUpAgain(there: String) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(.uploaded, test, acknowledged: 10)
      if !there.isEmpty { try test.write(Data(there.utf8), to: test.outbox.appending("a.csv")) }
      #expect(try await finish(order, test).delivery?.state == .triggered)
      try expectOnePair(test, delivery)
    }
  }

  @Test(
    "an uncommitted delivery can be cancelled and sent again", arguments: [DeliveryState.staged, .uploading, .uploaded])
  func whatIsNotCommittedCanBeCancelledAndSentAnew(state: DeliveryState) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(state, test)
      if state != .staged { try test.write(Data("0123".utf8), to: test.outbox.appending("a.csv")) }
      for _ in 1...2 { #expect(try await test.reopened().exchange.cancel(delivery.id).state == .cancelled) }
      #expect(try test.names(in: test.outbox).isEmpty)
      let report = try await finish(order, test)
      #expect(report.delivery?.state == .triggered)
      #expect(report.delivery?.sendersFileID != delivery.sendersFileID)
      await #expect(throws: Never.self) { try await test.exchange.cancel(delivery.id) }
      #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
    }
  }

  /// Until its data is gone from OUT the name stays reserved: no other delivery's data can be removed in its place.
  @Test("a cancellation that cannot reach the server has not happened", arguments: JournalDatabase.here)
  func aCancellationThatCannotReachTheServerHasNotHappened(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let (_, delivery) = try await leftBehind(.uploading, test)
      try test.write(Data("0123".utf8), to: test.outbox.appending("a.csv"))
      let offline = try await test.reopened { $0.accounts[0].port = 1 }
      await #expect(throws: ExchangeError.self) { try await offline.exchange.cancel(delivery.id) }
      #expect(try await test.journal.delivery(delivery.id)?.state == .uploading)
      #expect(try await test.exchange.cancel(delivery.id).state == .cancelled)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  @Test(
    "a delivery that the platform has taken cannot be cancelled",
    arguments: [DeliveryState.armed, .triggering, .triggered, .taken, .accepted])
  func whatThePlatformHasTakenCannotBeCancelled(state: DeliveryState) async throws {
    try await TestExchange.with { test in
      let (_, delivery) = try await leftBehind(state, test)
      await #expect { try await test.exchange.cancel(delivery.id) } throws: {
        ($0 as? ExchangeError)?.code == .committed
      }
      let found = state.isAboutToBeCommitted ? .taken : state
      #expect(try await test.journal.delivery(delivery.id)?.state == found)
    }
  }

  @Test("the journal has the progress of a large upload before it ends", arguments: JournalDatabase.here)
  func howFarALargeUploadCameIsInTheJournalBeforeItEnds(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let file = try test.file("large.bin", String(repeating: "0123456789abcdef", count: 3 << 20))
      let seen = Locked<UInt64>(0)
      var options = notWaiting
      options.onProgress = { news in
        guard case .sent = news else { return }
        seen.withLock { $0 += 1 }
      }
      _ = await test.exchange.deliver(reporting: [DeliveryOrder(file: file, route: "flis")], options: options)
      #expect(seen.withLock { $0 } > 0)
      #expect(try await test.journal.deliveries().first?.acknowledged == 48 << 20)
      #expect(
        try await test.journal.entries().map(\.state) == ["staged", "uploading", "armed", "triggered"])
    }
  }

  @Test("an armed trigger is renamed", arguments: JournalDatabase.here)
  func anArmedTriggerIsRenamed(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let (order, delivery) = try await leftBehind(.armed, test)
      try test.write(Data("0123456789".utf8), to: test.outbox.appending("a.csv"))
      try test.write(Data(delivery.trigger), to: test.outbox.appending(delivery.temporaryTriggerName))
      #expect(try await finish(order, test).delivery?.state == .triggered)
      try expectOnePair(test, delivery)
    }
  }

  /// The answer to the rename was lost, and the platform was quick: sending anything again would double the file.
  @Test("a taken pair is not sent again", arguments: [DeliveryState.armed, .triggering])
  func aTakenPairIsNotSentAgain(state: DeliveryState) async throws {
    try await TestExchange.with { test in
      let (order, delivery) = try await leftBehind(state, test)
      #expect(try await finish(order, test).delivery?.state == .taken)
      #expect(try test.names(in: test.outbox).isEmpty)
      try test.writeReceipt("a.csv", sendersFileID: delivery.sendersFileID, .receipt(message: "SUCCESS"))
      let report = try #require(await test.exchange.deliver(reporting: [order]).first)
      #expect(report.delivery?.state == .accepted)
    }
  }

  @Test("a trigger written in place is sent after the second look", arguments: JournalDatabase.here)
  func aTriggerWrittenInPlaceIsSentAfterTheSecondLook(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let (order, delivery) = try await leftBehind(.triggering, test)
      try test.write(Data("0123456789".utf8), to: test.outbox.appending("a.csv"))
      #expect(try await finish(order, test).delivery?.state == .triggered)
      try expectOnePair(test, delivery)
    }
  }

  @Test("a receipt that was journalled is tidied away by the next run", arguments: JournalDatabase.here)
  func aReceiptThatWasJournalledIsTidiedAwayByTheNextRun(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      let done = try #require(
        await test.exchange.deliver(reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")]).first?
          .delivery)
      try test.write(Data(try #require(done.receipt)), to: test.incoming.appending("a.csv.sftpreceipt"))
      _ = await test.exchange.deliver(reporting: [DeliveryOrder(file: try test.file("b.csv"), route: "flis")])
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("a delivery under way elsewhere is left to that process", arguments: JournalDatabase.here)
  func aDeliveryUnderWayElsewhereIsLeftToThatProcess(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let (order, delivery) = try await leftBehind(.uploading, test)
      let other = try await test.reopened()
      let report = try await other.journal.withClaim(on: .delivery(delivery.id)) {
        () async throws(ExchangeError) in
        await test.exchange.deliver(reporting: [order], options: self.notWaiting).first
      }
      #expect(report??.error?.code == .claimedElsewhere)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }
}
