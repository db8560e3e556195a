import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

@Suite(.timeLimit(.minutes(25))) struct CollectingTests {
  @Test(
    "collects a pair into the inbox and removes it from IN",
    arguments: [("udtræk_0461_Odense ø.csv", "indhold æøå\n"), ("tom.csv", "")])
  func aPairComesToLieInTheInboxAndIsGoneFromIN(name: String, content: String) async throws {
    try await TestExchange.with { test in
      let metadata = try test.arrive(name, content)
      let report = await test.exchange.collect("account")
      let arrival = try #require(report.collected.first)
      #expect(report.problems.isEmpty && report.collected.count == 1)
      #expect(arrival.state == .removed)
      #expect(arrival.fileTransferUUID == metadata.fileTransferUUID)
      #expect(arrival.sha256 == SHA256.digest(of: Array(content.utf8)))
      #expect(try test.names(in: test.inbox) == [name, name + ".metadata"])
      #expect(try test.read(test.inbox.appending(name)) == Data(content.utf8))
      let kept = [UInt8](try test.read(test.inbox.appending(name + ".metadata")))
      #expect(try FileMetadata(reading: kept) == metadata)
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try test.names(in: test.inbox.appending(".unfinished")).isEmpty)
      let states = try await test.journal.entries().map(\.state)
      #expect(states == ["seen", "fetching", "fetched", "verified", "handed-over", "removed"])
    }
  }

  @Test("metadata rooted in trigger is taken too", arguments: JournalDatabase.here)
  func metadataRootedInTriggerIsTakenToo(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let metadata = try test.metadata("a.csv", size: 1)
      try test.write(Data("x".utf8), to: test.incoming.appending("a.csv"))
      try test.write(Data(metadata.xml(as: .trigger)), to: test.incoming.appending("a.csv.metadata"))
      #expect(await test.exchange.collect("account").collected.count == 1)
    }
  }

  @Test("halves of pairs stay and are reported", arguments: JournalDatabase.here)
  func halvesOfPairsStayAndAreReported(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.write(Data("x".utf8), to: test.incoming.appending("data alone.csv"))
      try test.write(
        Data(try test.metadata("no data.csv", size: 3).xml()), to: test.incoming.appending("no data.csv.metadata"))
      try test.arrive("short.csv", "0123456789")
      try test.write(Data("01234".utf8), to: test.incoming.appending("short.csv"))
      try test.arrive("whole.csv")
      let before = try test.names(in: test.incoming)
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["whole.csv"])
      #expect(report.problems.map(\.code) == [.notWhole, .notWhole, .notWhole])
      #expect(report.problems.allSatisfy { $0.isRetriable })
      #expect(try test.names(in: test.incoming) == before.filter { !$0.hasPrefix("whole") })
    }
  }

  @Test(
    "an impossible size in metadata leaves the pair in IN and is reported",
    arguments: [UInt64.max, UInt64(Int64.max) + 1, UInt64(Int64.max)])
  func aSizeThatNoFileHasStaysAndIsReported(size: UInt64) async throws {
    try await TestExchange.with { test in
      let honest = String(decoding: try test.metadata("a.csv", size: 1).xml(), as: UTF8.self)
      let lying = honest.replacingOccurrences(of: "<SizeInBytes>1<", with: "<SizeInBytes>\(size)<")
      try test.write(Data(lying.utf8), to: test.incoming.appending("a.csv.metadata"))
      try test.write(Data("x".utf8), to: test.incoming.appending("a.csv"))
      let report = await test.exchange.collect("account")
      #expect(report.problems.map(\.code) == [.notWhole])
      #expect(try await test.journal.arrivals().map(\.size) == [size])
    }
  }

  @Test("unreadable metadata holds up no other arrival", arguments: JournalDatabase.here)
  func metadataThatCannotBeUnderstoodHoldsUpNobodyElse(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.arrive("bad.csv")
      try test.write(Data("<ns:FileMetadata".utf8), to: test.incoming.appending("bad.csv.metadata"))
      try test.arrive("good.csv")
      let report = await test.exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["good.csv"])
      #expect(report.problems.map(\.code) == [.invalidDocument])
      #expect(try test.names(in: test.incoming) == ["bad.csv", "bad.csv.metadata"])
    }
  }

  @Test("an unexpected arrival stays in quarantine until it is permitted", arguments: JournalDatabase.here)
  func whatTheAccountDoesNotExpectStaysInQuarantineUntilItIsPermitted(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let metadata = try test.metadata("a.csv", size: 1, recipientAuthority: "99000751")
      try test.write(Data("x".utf8), to: test.incoming.appending("a.csv"))
      try test.write(Data(metadata.xml()), to: test.incoming.appending("a.csv.metadata"))
      for _ in 1...2 {
        let report = await test.exchange.collect("account")
        #expect(report.collected.isEmpty)
        let reason = try #require(report.quarantined.first?.reason?.description)
        #expect(reason.contains("recipient authority 99000751 is not permitted by extracts"))
      }
      #expect(try test.names(in: test.incoming).count == 2)
      #expect(try await test.journal.entries().map(\.state) == ["seen", "quarantined"])
      let permitting = try await test.reopened { $0.arrivals[0].recipientAuthorities = nil }
      #expect(await permitting.exchange.collect("account").collected.map(\.wireName) == ["a.csv"])
    }
  }

  @Test("a file named otherwise by its metadata is quarantined", arguments: JournalDatabase.here)
  func aFileNamedOtherwiseByItsMetadataIsQuarantined(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.write(Data("x".utf8), to: test.incoming.appending("a.csv"))
      try test.write(Data(try test.metadata("b.csv", size: 1).xml()), to: test.incoming.appending("a.csv.metadata"))
      let report = await test.exchange.collect("account")
      #expect(report.quarantined.first?.reason?.description.contains("b.csv") == true)
    }
  }

  @Test("the same transfer again is removed and not handed over twice", arguments: JournalDatabase.here)
  func theSameTransferAgainIsRemovedAndNotHandedOverTwice(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let uuid = "00000000-0000-4000-8000-000000000001"
      try test.arrive("a.csv", "0123", uuid: uuid)
      _ = await test.exchange.collect("account")
      try test.arrive("a.csv", "0123", uuid: uuid)
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.collected.isEmpty && report.repeated.count == 1 && report.problems.isEmpty)
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try test.names(in: test.inbox) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test("reports a repeated transfer with another size, and leaves it in IN", arguments: JournalDatabase.here)
  func theSameTransferWithAnotherSizeIsLeftLoudly(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      let uuid = "00000000-0000-4000-8000-000000000001"
      try test.arrive("a.csv", "0123", uuid: uuid)
      _ = await test.exchange.collect("account")
      try test.arrive("a.csv", "01234567", uuid: uuid)
      let report = await test.exchange.collect("account")
      #expect(report.problems.map(\.code) == [.remoteDiffers])
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  @Test("another transfer of the same name does not overwrite the inbox file", arguments: JournalDatabase.here)
  func anotherTransferOfTheSameNameTakesTheInboxFileFromNobody(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.arrive("a.csv", "first")
      _ = await test.exchange.collect("account")
      try test.arrive("a.csv", "second", uuid: "abcdef01-0000-4000-8000-000000000001")
      let report = await test.exchange.collect("account")
      #expect(report.collected.first?.localName == "a~abcdef01.csv")
      #expect(try test.read(test.inbox.appending("a.csv")) == Data("first".utf8))
      #expect(try test.read(test.inbox.appending("a~abcdef01.csv")) == Data("second".utf8))
    }
  }

  @Test("a link in the inbox is not followed", arguments: JournalDatabase.here)
  func aLinkInTheInboxIsNotFollowed(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      try test.arrive("a.csv", "new")
      let victim = try test.file("victim.csv", "old")
      try FileManager.default.createDirectory(atPath: test.inbox.string, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: test.inbox.appending("a.csv").string, withDestinationPath: victim.string)
      #expect(await test.exchange.collect("account").collected.count == 1)
      #expect(try test.read(victim) == Data("old".utf8))
    }
  }

  @Test("receipts of earlier deliveries are collected too", arguments: JournalDatabase.here)
  func receiptsOfEarlierDeliveriesAreCollectedToo(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      _ = await test.exchange.deliver(
        reporting: [DeliveryOrder(file: try test.file("a.csv"), route: "flis")], options: .init(waitForReceipts: nil))
      try test.take("a.csv", receipt: .receipt(message: "SUCCESS"))
      let report = await test.exchange.collect("account")
      #expect(report.settled.map(\.state) == [.accepted])
    }
  }

  @Test("many pairs come over one connection", arguments: JournalDatabase.here)
  func manyPairsComeOverOneConnection(on database: JournalDatabase) async throws {
    try await TestExchange.with(on: database) { test in
      for number in 1...98 { try test.arrive("f\(number).csv", "\(number)") }
      let report = await test.exchange.collect("account")
      #expect(report.collected.count == 98 && report.problems.isEmpty)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }
}
