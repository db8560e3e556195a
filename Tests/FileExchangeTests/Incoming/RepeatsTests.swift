import ExchangeSettings
import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Files that come again, are kept in IN for a trial, are gone, or cannot be fetched.
@Suite(.timeLimit(.minutes(25))) struct RepeatsTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  private func options(
    keepsRemote: Bool = false, verifiesRepeats: Bool = false
  ) -> Exchange.CollectionOptions {
    var options = Exchange.CollectionOptions()
    options.keepsRemote = keepsRemote
    options.verifiesRepeats = verifiesRepeats
    return options
  }

  // MARK: What comes again

  @Test("the same content again is verified and removed")
  func theSameContentAgainIsVerifiedAndRemoved() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      _ = await test.exchange.collect("account")
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      let report = await test.exchange.collect("account", options: options(verifiesRepeats: true))
      #expect(report.repeated.count == 1 && report.problems.isEmpty)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("another content of the same size is found out by verifying")
  func anotherContentOfTheSameSizeIsFoundOutByVerifying() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      _ = await test.exchange.collect("account")
      try test.arrive("a.csv", "4567", uuid: Self.uuid)
      for _ in 1...2 {
        let report = await test.exchange.collect("account", options: options(verifiesRepeats: true))
        #expect(report.problems.map(\.code) == [.remoteDiffers] && report.repeated.isEmpty)
      }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      #expect(try test.read(test.inbox.appending("a.csv")) == Data("0123".utf8))
      // Written down once.
      let entries = try await test.journal.entries(about: .arrival(1))
      #expect(entries.count { $0.detail?.contains("another content") == true } == 1)
      #expect(try await test.journal.arrivals().map(\.state) == [.removed])
    }
  }

  @Test("another size under an old id is written down")
  func anotherSizeUnderAnOldIdIsWrittenDown() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      _ = await test.exchange.collect("account")
      try test.arrive("a.csv", "01234567", uuid: Self.uuid)
      for _ in 1...2 { _ = await test.exchange.collect("account") }
      let details = try await test.journal.entries(about: .arrival(1)).compactMap(\.detail)
      #expect(details.count == 1 && details[0].contains("came again as") && details[0].contains("with 8"))
    }
  }

  @Test("reports an id whose metadata changes before the fetch")
  func anIdThatIsAnnouncedOtherwiseBeforeItIsFetchedIsReported() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      try test.write(Data("01".utf8), to: test.incoming.appending("a.csv"))
      #expect(await test.exchange.collect("account").problems.map(\.code) == [.notWhole])
      try test.arrive("a.csv", "01", uuid: Self.uuid)
      let report = await test.exchange.collect("account")
      #expect(report.problems.map(\.code) == [.remoteDiffers] && report.collected.isEmpty)
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  // MARK: A trial

  @Test("a trial leaves everything in IN for a later run")
  func aTrialLeavesEverythingInINForALaterRun() async throws {
    try await TestExchange.with { settings in
      let log = settings.source.removingLastComponent().appending("log")
      settings.arrivals[0].hook = ArrivalHook(command: ["/bin/sh", "-c", "echo $FILSLUSE_NAME >>\"$0\"", log.string])
    } _: { test in
      try test.arrive("a.csv")
      for _ in 1...3 {
        let report = await test.exchange.collect("account", options: options(keepsRemote: true))
        #expect(report.kept.map(\.state) == [.handedOver] && report.collected.isEmpty && report.problems.isEmpty)
      }
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      #expect(try test.names(in: test.inbox) == ["a.csv", "a.csv.metadata"])
      #expect(await test.exchange.collect("account").collected.map(\.state) == [.removed])
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try test.read(test.folder.appending("log")) == Data("a.csv\n".utf8))
      // One that had been removed and comes again stays there in a trial too.
      let uuid = try #require(try await test.journal.arrivals().first?.fileTransferUUID)
      try test.arrive("a.csv", uuid: uuid)
      #expect(await test.exchange.collect("account", options: options(keepsRemote: true)).kept.count == 1)
      #expect(try test.names(in: test.incoming).count == 2)
    }
  }

  // MARK: Files that are gone

  /// A quarantined file that a person has cleared away is no problem; one that was to be fetched is.
  @Test("reports an arrival that vanished unclaimed")
  func whatIsGoneUnclaimedIsReported() async throws {
    try await TestExchange.with { test in
      try test.write(
        Data(try test.metadata("q.csv", size: 1, recipientAuthority: "99000751").xml()),
        to: test.incoming.appending("q.csv.metadata"))
      try test.write(Data("x".utf8), to: test.incoming.appending("q.csv"))
      _ = await test.exchange.collect("account")
      let metadata = try test.arrive("f.csv", "x", uuid: Self.uuid)
      _ = try await test.journal.see(
        .init(
          account: "account", fileTransferUUID: Self.uuid, wireName: "f.csv", size: 1,
          infRef: InfRef(unchecked: TestExchange.infRef),
          sender: "fagsystem", metadata: metadata.xml()))
      for name in try test.names(in: test.incoming) { try test.remove(test.incoming.appending(name)) }

      let report = await test.exchange.collect("account")
      #expect(report.vanished.map(\.wireName).sorted() == ["f.csv", "q.csv"])
      #expect(report.problems.map(\.code) == [.vanished])
      #expect(report.problems.first?.remedy.description.contains("another machine") == true)
      // Reported once.
      let later = await test.exchange.collect("account")
      #expect(later.vanished.isEmpty && later.problems.isEmpty)

      // A file that is back is fetched after all.
      try test.arrive("f.csv", "x", uuid: Self.uuid)
      #expect(await test.exchange.collect("account").collected.map(\.wireName) == ["f.csv"])
    }
  }

  @Test("an arrival taken by another worker of this journal has not vanished")
  func whatAnotherWorkerOfThisJournalTookHasNotVanished() async throws {
    try await TestExchange.with { test in
      for number in 1...40 { try test.arrive("f\(number).csv", "\(number)") }
      let other = try await test.reopened()
      async let one = test.exchange.collect("account")
      async let two = other.exchange.collect("account")
      let reports = await [one, two]
      #expect(reports.flatMap(\.vanished).isEmpty)
      #expect(reports.flatMap(\.repeated).isEmpty)
      #expect(reports.flatMap(\.problems).allSatisfy { $0.code != .vanished })
      #expect(reports.flatMap(\.collected).map(\.wireName.string).sorted() == (1...40).map { "f\($0).csv" }.sorted())
      #expect(try test.names(in: test.inbox).count == 80)
    }
  }

  // MARK: What cannot be fetched

  /// A server that gives nothing at all has a trouble of its own.
  @Test("sets no file aside while no file can be fetched")
  func nothingIsSetAsideWhileNothingCanBeFetched() async throws {
    try await TestExchange.with { test in
      for name in ["a.csv", "b.csv"] {
        try await putSocket(at: test.incoming.appending(name))
        try test.write(
          Data(try test.metadata(name, size: 0).xml()), to: test.incoming.appending(name + ".metadata"))
      }
      for _ in 0...test.exchange.patience.retry.triesPerFile {
        let report = await test.exchange.collect("account")
        #expect(report.problems.map(\.code) == [.transfer, .transfer] && report.setAside.isEmpty)
      }
      #expect(try await test.journal.arrivals().map(\.tries) == [0, 0])
    }
  }

  @Test("a file whose hook always fails is set aside and holds up no other")
  func aPoisonFileIsSetAsideAndHoldsUpNobody() async throws {
    try await TestExchange.with { test in
      let poison = test.incoming.appending("poison.csv")
      try await putSocket(at: poison)
      try test.write(
        Data(try test.metadata("poison.csv", size: 0, uuid: Self.uuid).xml()),
        to: test.incoming.appending("poison.csv.metadata"))
      let tries = test.exchange.patience.retry.triesPerFile
      for attempt in 1...tries {
        try test.arrive("good\(attempt).csv")
        let report = await test.exchange.collect("account")
        #expect(report.collected.map(\.wireName) == ["good\(attempt).csv"])
        #expect(report.problems.count == 1 && report.setAside.isEmpty == (attempt < tries))
      }
      #expect(try test.names(in: test.inbox.appending(".unfinished")).isEmpty)
      let report = await test.exchange.collect("account")
      #expect(report.problems.isEmpty && report.setAside.map(\.wireName) == ["poison.csv"])
      #expect(report.setAside.first?.tries == tries && report.setAside.first?.reason != nil)

      try test.remove(poison)
      try test.write(Data(), to: poison)
      _ = try await test.exchange.retry(arrival: try #require(report.setAside.first).id)
      #expect(await test.exchange.collect("account").collected.map(\.wireName) == ["poison.csv"])
    }
  }
}

/// Puts a socket at a path: it is listed like an empty file and cannot be opened.
func putSocket(at path: FilePath) async throws {
  // The name of a socket that is bound may only be short.
  try await withScratchFolder("s") { folder in
    let short = folder.appending("s").string
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    try #require(short.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
    let end = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(end) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(end, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0 && rename(short, path.string) == 0)
  }
}
