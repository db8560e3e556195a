import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Closures that take over files which came from a real server.
@Suite(.timeLimit(.minutes(25))) struct ClosureReceiverTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  private struct NoRoom: Error, CustomStringConvertible {
    let description = "no room for 010190-1234\nin the archive"
  }

  private func states(_ test: TestExchange) async throws -> [EntryState] {
    try await test.journal.entries(about: .arrival(1)).map(\.state)
  }

  /// A closure that throws the same error at every call.
  private let failing: @Sendable (ReceivedFile) async throws -> Void = { _ in throw NoRoom() }

  @Test("gives the closure the whole file and its facts before it is removed from IN")
  func givesTheClosureTheWholeFileBeforeItIsRemoved() async throws {
    try await TestExchange.with { test in
      let metadata = try test.arrive("udtræk.csv", "indhold", uuid: Self.uuid)
      let calls = Locked<[ReceivedFile]>([])
      let report = await test.exchange.collect(from: "account") { file throws in
        #expect(try test.names(in: test.incoming) == ["udtræk.csv", "udtræk.csv.metadata"])
        #expect(try test.read(file.path) == Data("indhold".utf8))
        #expect(try test.read(file.metadataPath) == Data(metadata.xml()))
        #expect(try await test.journal.arrivals().map(\.state) == [.handingOver])
        calls.withLock { $0.append(file) }
      }
      #expect(report.problems.isEmpty && report.collected.map(\.state) == [.removed])
      let file = try #require(calls.withLock { $0 }.first)
      #expect(calls.withLock { $0.count } == 1)
      #expect(file.fileTransferUUID == Self.uuid && file.attempt == 1 && file.route.name == "extracts")
      #expect(file.name == "udtræk.csv" && file.size == 7 && file.sender == "fagsystem" && file.metadata == metadata)
      #expect(file.sha256 == SHA256.digest(of: Array("indhold".utf8)))
      #expect(file.routing?.infRef.name == TestExchange.infRef)
      #expect(file.routing?.recipientAuthority.digits == TestExchange.recipientAuthority)
      #expect(file.path == test.exchange.localFile(of: try #require(report.collected.first)))
      #expect(
        try await states(test) == ["seen", "fetching", "fetched", "verified", "handing-over", "handed-over", "removed"])
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("calls a closure that throws again for the same transfer, then sets the file aside, and holds up no other")
  func callsAFailingClosureAgainThenSetsTheFileAside() async throws {
    try await TestExchange.with { test in
      try test.arrive("bad.csv", "x", uuid: Self.uuid)
      try test.arrive("good.csv")
      let calls = Locked<[String]>([])
      var options = Exchange.CollectionOptions()
      options.closureTries = 2
      let takeOver: @Sendable (ReceivedFile) async throws -> Void = { file in
        guard file.name == "bad.csv" else { return }
        calls.withLock { $0.append("\(file.fileTransferUUID) \(file.attempt)") }
        throw NoRoom()
      }
      let first = await test.exchange.collect(from: "account", options: options, takeOver: takeOver)
      #expect(first.collected.map(\.wireName) == ["good.csv"] && first.problems.map(\.code) == [.hookFailed])
      let reason = "it threw an error: no room for ******-****‹U+000A›in the archive"
      #expect(first.problems.first?.message == "try 1 of 2: \(reason)")
      #expect(try test.names(in: test.incoming) == ["bad.csv", "bad.csv.metadata"])
      let second = try await test.reopened().exchange.collect(from: "account", options: options, takeOver: takeOver)
      #expect(second.problems.isEmpty && second.setAside.map(\.reason?.description) == ["try 2 of 2: \(reason)"])
      // It is not retried automatically.
      _ = await test.exchange.collect(from: "account", options: options, takeOver: takeOver)
      #expect(calls.withLock { $0 } == ["\(Self.uuid) 1", "\(Self.uuid) 2"])
      #expect(try test.names(in: test.incoming) == ["bad.csv", "bad.csv.metadata"])
      let aside = try #require(second.setAside.first)
      #expect(test.exchange.localFile(of: aside) == test.inbox.appending("bad.csv").absolute)
      _ = try await test.exchange.retry(arrival: aside.id)
      let mended = await test.exchange.collect(from: "account") { _ in }
      #expect(mended.collected.map(\.wireName) == ["bad.csv"] && mended.collected.first?.tries == 0)
    }
  }

  @Test("asks a closure that says not now again for ever, and counts no failure")
  func asksAClosureThatSaysNotNowAgain() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.closureTries = 1
      for _ in 1...2 {
        let report = await test.exchange.collect(from: "account", options: options) { _ in
          throw ReceiverNotReady("the database is down")
        }
        #expect(report.problems.map(\.message) == ["its receiver says: not now: the database is down"])
        #expect(report.problems.map(\.code) == [.hookFailed] && report.setAside.isEmpty)
      }
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0 && arrival.nextTryAt != nil)
      #expect(try test.names(in: test.incoming).count == 2)
      #expect(await test.exchange.collect(from: "account") { _ in }.collected.count == 1)
    }
  }

  @Test("sends the business receipt that a closure answers, exactly once")
  func sendsTheBusinessReceiptThatAClosureAnswers() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      let report = await test.exchange.collectAndAnswer(from: "account") { _ in
        .businessReceipt(.rejected, reason: "kolonne 7 mangler", by: "direct")
      }
      #expect(report.problems.isEmpty && report.collected.count == 1 && report.answersSent.count == 1)
      let name = "business-receipt-\(Self.uuid).xml"
      #expect(try test.names(in: test.outbox) == [name, name + ".trigger"])
      let sent = try BusinessReceipt(reading: [UInt8](try test.read(test.outbox.appending(name))))
      #expect(sent.fileTransferUUID == Self.uuid && sent.fileName == "a.csv" && sent.fileAcceptance == .rejected)
      #expect(sent.reason == "kolonne 7 mangler" && sent.recipient == test.server.user.name)
      #expect(try await test.journal.answer(to: 1)?.acceptance == .rejected)
      #expect(await test.exchange.collect("account").answersSent.isEmpty)
    }
  }

  @Test("keeps an answer without a route in the journal, and refuses one by a route that the settings lack")
  func keepsOrRefusesAnAnswerByItsRoute() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv")
      let wrong = await test.exchange.collectAndAnswer(from: "account") { _ in
        .businessReceipt(.accepted, by: "nowhere")
      }
      #expect(wrong.collected.isEmpty && wrong.problems.map(\.code) == [.hookFailed])
      #expect(wrong.problems.first?.message.contains("it answers by nowhere, which is no route of") == true)
      let kept = await test.exchange.collectAndAnswer(from: "account") { _ in .businessReceipt(.accepted) }
      #expect(kept.collected.count == 1 && kept.answersSent.isEmpty && kept.problems.isEmpty)
      #expect(try await test.journal.answer(to: 1)?.acceptance == .accepted)
      #expect(try test.names(in: test.outbox).isEmpty)
    }
  }

  @Test("takes the place of the program that the route names")
  func takesThePlaceOfTheProgram() async throws {
    try await TestExchange.withProgram("echo x >>\"$log\"") { test in
      try test.arrive("a.csv")
      let first = await test.exchange.collect(from: "account", takeOver: failing)
      #expect(first.problems.map(\.code) == [.hookFailed])
      #expect(try test.log().isEmpty)
      #expect(await test.exchange.collect(from: "account") { _ in }.collected.count == 1)
      #expect(try test.log().isEmpty)
    }
  }

  @Test("matches a business receipt to its delivery before the closure gets the file")
  func matchesABusinessReceiptBeforeTheClosureGetsIt() async throws {
    try await TestExchange.with {
      $0.arrivals[0].businessReceipts = true
    } _: { test in
      let receipt = try BusinessReceipt(
        fileTransferUUID: "f-1", fileName: "a.csv", recipient: "flis", fileAcceptance: .accepted)
      try test.arrive("svar.xml", String(decoding: receipt.xml(), as: UTF8.self))
      try test.arrive("ondt.xml", "<BusinessReceipt")
      let calls = Locked<[String]>([])
      let report = await test.exchange.collect(from: "account") { file in calls.withLock { $0.append(file.name) } }
      #expect(report.collected.map(\.wireName) == ["svar.xml"] && report.setAside.map(\.wireName) == ["ondt.xml"])
      #expect(calls.withLock { $0 } == ["svar.xml"])
      #expect(try await test.journal.untiedBusinessReceipts(of: "account").count == 1)
    }
  }

  // MARK: Its limit, and its end

  @Test("counts a closure that is cancelled at its time limit as failed")
  func countsAClosureAtItsTimeLimitAsFailed() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv")
      var options = Exchange.CollectionOptions()
      options.closureTimeout = .milliseconds(100)
      let report = await test.exchange.collect(from: "account", options: options) { _ in
        try await Task.sleep(for: .seconds(3600))
      }
      #expect(report.problems.map(\.code) == [.hookFailed])
      #expect(report.problems.first?.message.contains("it was not done after") == true)
      #expect(report.problems.first?.message.hasSuffix("and was cancelled") == true)
      #expect(try await test.journal.arrivals().map(\.tries) == [1])
      #expect(try test.names(in: test.incoming).count == 2)
    }
  }

  @Test("leaves a closure that ignores its cancellation to itself, and calls none beside it")
  func leavesAClosureThatIgnoresItsCancellation() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv")
      let calls = Locked(0)
      let release = Locked<CheckedContinuation<Void, Never>?>(nil)
      var exchange = test.exchange
      exchange.closure = ClosureReceiver(timeout: .milliseconds(100), tries: 9, grace: .milliseconds(100)) { _ in
        calls.withLock { $0 += 1 }
        await withCheckedContinuation { continuation in release.withLock { $0 = continuation } }
        return .takenOver
      }
      let first = await exchange.collect("account")
      #expect(first.problems.map(\.code) == [.hookFailed])
      #expect(first.problems.first?.message.hasSuffix("was cancelled, and still runs") == true)
      let second = await exchange.collect("account")
      #expect(second.problems.map(\.code) == [.claimedElsewhere] && calls.withLock { $0 } == 1)
      #expect(try test.names(in: test.incoming).count == 2)
      // Once it has returned the file is given again: the first call's return came too late to count.
      release.withLock { $0 }?.resume()
      var last = CollectionReport(account: "account")
      while last.collected.isEmpty, !Task.isCancelled {
        last = await test.exchange.collect(from: "account") { _ in calls.withLock { $0 += 1 } }
      }
      #expect(calls.withLock { $0 } == 2)
    }
  }

  @Test("leaves the arrival to be handed over when the caller is cancelled")
  func leavesTheArrivalWhenTheCallerIsCancelled() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "x", uuid: Self.uuid)
      let called = Locked<[String]>([])
      let collecting = Task {
        await test.exchange.collect(from: "account") { file in
          called.withLock { $0.append(file.fileTransferUUID) }
          try await Task.sleep(for: .seconds(3600))
        }
      }
      while called.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(10)) }
      collecting.cancel()
      #expect(await collecting.value.collected.isEmpty)
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.state == .handingOver && arrival.tries == 0)
      #expect(try test.names(in: test.incoming).count == 2)
      let next = try await test.reopened().exchange.collect(from: "account") { file in
        called.withLock { $0.append(file.fileTransferUUID) }
      }
      #expect(next.collected.count == 1 && called.withLock { $0 } == [Self.uuid, Self.uuid])
    }
  }

  @Test("calls the closure again with the same transfer after the process was killed in it")
  func callsTheClosureAgainAfterAKill() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "indhold", uuid: Self.uuid)
      let settings = test.folder.appending("filsluse.yaml")
      try test.write(Data(test.exchange.settings.yaml().utf8), to: settings)
      for _ in 1...2 {
        await #expect(processExitsWith: .signal(SIGKILL)) { [settings = settings.string as String] in
          try await takeOverAndDie(settings: settings)
        }
        #expect(try await test.journal.arrivals().map(\.state) == [.handingOver])
        #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      }
      #expect(try test.log() == [Self.uuid, Self.uuid])
      let uuids = Locked<[String]>([])
      let report = await test.exchange.collect(from: "account") { file throws in
        #expect(try test.read(file.path) == Data("indhold".utf8))
        uuids.withLock { $0.append(file.fileTransferUUID) }
      }
      #expect(report.collected.map(\.state) == [.removed] && report.problems.isEmpty)
      #expect(uuids.withLock { $0 } == [Self.uuid])
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }
}

/// Another process: its closure logs the transfer's id, and kills the process before it returns.
private func takeOverAndDie(settings: String) async throws {
  let settings = try ExchangeSettings.load(FilePath(settings))
  let log = settings.source.removingLastComponent().appending("log")
  let exchange = try await Exchange.open(settings)
  _ = await exchange.collect(from: "account") { file in
    let line = try FileDescriptor.open(log, .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
    try line.closeAfter { _ = try line.writeAll("\(file.fileTransferUUID)\n".utf8) }
    kill(getpid(), SIGKILL)
  }
}
