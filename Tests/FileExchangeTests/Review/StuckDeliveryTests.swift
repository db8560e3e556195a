import ExchangeSettings
import FilsluseSFTP
import FilsluseSystem
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Deliveries that came as far as `armed`, receipts that name nobody, and second tries.
@Suite(.timeLimit(.minutes(2))) struct StuckDeliveryTests {
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  /// Takes a staged delivery to `armed`, with its data and temporary trigger in OUT: as a process leaves it that was
  /// ended before the rename.
  private func arm(_ id: Int64, content: Data, _ test: TestExchange) async throws {
    var delivery = try #require(try await test.journal.delivery(id))
    if delivery.state == .staged { delivery = try await test.journal.advance(delivery, to: .uploading) }
    delivery = try await test.journal.advance(delivery, to: .armed)
    try test.write(content, to: test.outbox.appending(delivery.wireName))
    try test.write(Data(delivery.trigger), to: test.outbox.appending(delivery.temporaryTriggerName))
  }

  @Test("A business receipt whose delivery is armed, and busy, is still sent later")
  func anArmedAnswerIsNotForgotten() async throws {
    try await TestExchange.with { settings in
      settings.arrivals[0].hook = ArrivalHook(
        command: ["/bin/sh", "-c", "echo '{\"acceptance\": \"ACCEPTED\"}'"], answerBy: "direct")
    } _: { test in
      let uuid = "00000000-0000-4000-8000-000000000001"
      let name = "business-receipt-\(uuid).xml"
      try test.arrive("a.csv", "x", uuid: uuid)
      try test.write(Data("foreign".utf8), to: test.outbox.appending(name))
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.nameTaken])
      let answer = try #require(try await test.journal.answer(to: 1))
      try await arm(1, content: Data(answer.document), test)
      // Somebody is at work on it, or the connection breaks once more: it does not get further this time.
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

  @Test("A receipt without SendersFileId belongs to the open delivery of its name, not to one that was given up")
  func aNamelessReceiptIsTheOpenOnes() async throws {
    try await TestExchange.with { test in
      var order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver([order], options: notWaiting)
      try test.take("a.csv", receipt: nil)
      _ = try await test.exchange.giveUp(1)
      order.again = true
      #expect(await test.exchange.deliver([order], options: notWaiting).first?.delivery?.id == 2)
      try test.take("a.csv", receipt: nil)
      try test.writeReceipt("a.csv", sendersFileID: nil, .receipt(message: "SUCCESS"))
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.delivery(2)?.state == .accepted)
      #expect(try await test.journal.delivery(1)?.state == .givenUp)
    }
  }

  @Test("After an armed delivery was given up, its name can be used again")
  func aNameIsFreeAfterGivingUp() async throws {
    try await TestExchange.with { test in
      var order = DeliveryOrder(file: try test.file("a.csv", "x"), route: "flis")
      _ = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order)
      try await arm(1, content: Data("x".utf8), test)
      #expect(try await test.exchange.giveUp(1).state == .givenUp)
      order.again = true
      let report = try #require(await test.exchange.deliver([order], options: notWaiting).first)
      #expect(report.error == nil, "\(report.error?.description ?? "")")
      #expect(try test.names(in: test.outbox) == ["a.csv", "a.csv.trigger"])
    }
  }

  @Test("An armed delivery whose data is gone from OUT is not committed without it")
  func noTriggerWithoutData() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv", "x"), route: "flis")
      _ = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order)
      try await arm(1, content: Data("x".utf8), test)
      // Data without a trigger is what a clean-up of OUT looks for.
      try test.remove(test.outbox.appending("a.csv"))
      _ = await test.exchange.deliver([order], options: notWaiting)
      let names = try test.names(in: test.outbox)
      #expect(names.contains("a.csv") || !names.contains("a.csv.trigger"), "\(names)")
    }
  }

  @Test("Who read a delivery before it was given up does not write over that")
  func givenUpStays() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      var seen = try #require(await test.exchange.deliver([order], options: notWaiting).first?.delivery)
      // A look into OUT begins with what it has read, and meanwhile:
      _ = try await test.exchange.giveUp(1)
      var machine = DeliveryMachine(resuming: seen.state)
      machine.apply(.taken)
      seen.state = machine.state
      _ = try await test.journal.record(seen)
      #expect(try await test.journal.delivery(1)?.state == .givenUp)
    }
  }

  @Test("The same retry again does not send again what was accepted meanwhile")
  func aSecondRetrySendsNothing() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      _ = await test.exchange.deliver([order], options: notWaiting)
      try test.take(
        "a.csv", receipt: .errors([try ReceiptError(code: 1, codeDescription: "X", description: "x")]))
      _ = await test.exchange.collect("account")
      #expect(try await test.journal.delivery(1)?.state == .refused)
      let platform = Task { await test.acceptEverything() }
      defer { platform.cancel() }
      _ = try await test.exchange.retry(1)
      #expect(try await test.journal.delivery(2)?.state == .accepted)
      do throws(ExchangeError) { _ = try await test.exchange.retry(1) } catch {}
      #expect(try await test.journal.deliveries().count == 2, "it was sent a second time")
    }
  }

  /// A link that leads nowhere stands for a server that answers every rename with `failure`, as many do for whatever they
  /// do not allow: the look tells that nothing was done.
  @Test(
    "A server that refuses renames with nothing but failure gets its trigger in place, or the delivery can be ended")
  func aRenameThatFailsForEver() async throws {
    try await TestExchange.with { test in
      let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
      symlink(test.folder.appending("nowhere").string, test.outbox.appending("a.csv.trigger").string)
      let report = try #require(await test.exchange.deliver([order], options: notWaiting).first)
      var state = try await test.journal.delivery(1)?.state
      if state != .triggered { state = try? await test.exchange.cancel(1).state }
      #expect(state == .triggered || state == .cancelled, "\(report.error?.description ?? "")")
    }
  }

  @Test("A server that takes neither renames nor removals gets its trigger")
  func noRemovalIsNeeded() async throws {
    try await withScratchFolder("server") { folder in
      let server = try await SSHServer.start(
        in: folder, .init(extraLines: ["ForceCommand internal-sftp -d %d -P rename,posix-rename,remove"]))
      let user = try await server.addUser("writer")
      for name in ["IN", "OUT"] {
        try FileManager.default.createDirectory(
          atPath: user.folder.appending(name).string, withIntermediateDirectories: true)
      }
      let state = try await TestExchange.with { settings in
        settings.accounts[0].port = server.port
        settings.accounts[0].user = user.name
        settings.accounts[0].key = user.keyFile
        settings.accounts[0].hostKeys = .pinned([server.fingerprint])
      } _: { test in
        let order = DeliveryOrder(file: try test.file("a.csv"), route: "flis")
        let report = await test.exchange.deliver([order], options: notWaiting).first
        let now = try await test.journal.delivery(1)?.state
        return "\(now?.rawValue ?? "none") \(report?.error?.description ?? "")"
      }
      try await server.stop()
      #expect(state == "triggered ")
    }
  }

  @Test("A look into the journal does not stand in line behind all the files that are to be hashed")
  func hashingHoldsUpNobody() async throws {
    try await TestExchange.with { test in
      let files = 60
      for number in 0..<files {
        try test.file("f\(number)", "")
        truncate(test.folder.appending("f\(number)").string, 48 << 20)
      }
      let hashed = Locked(0)
      let seen = try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<files {
          group.addTask {
            _ = try await StagedFile.read(test.folder.appending("f\(number)"))
            hashed.withLock { $0 += 1 }
          }
        }
        while hashed.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        _ = try await test.journal.delivery(0)
        let seen = hashed.withLock { $0 }
        try await group.waitForAll()
        return seen
      }
      #expect(seen < files / 2, "\(seen) of \(files) files were hashed before the journal answered")
    }
  }
}
