import ExchangeSettings
import FilsluseSFTP
import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// Content proven identical to the fetched content is removed, and the journal records each removal.
@Suite(.timeLimit(.minutes(25))) struct ProvenContentTests {
  private static let uuid = "00000000-0000-4000-8000-000000000001"

  private func events(_ test: TestExchange) async throws -> [EntryState] {
    try await test.journal.entries(about: .arrival(1)).map(\.state)
  }

  private func collect(_ test: TestExchange, keeping: Bool = false) async -> CollectionReport {
    var options = Exchange.CollectionOptions()
    options.keepsRemote = keeping
    return await test.exchange.collect("account", options: options)
  }

  private func data(_ test: TestExchange) -> FilePath { test.incoming.appending("a.csv") }

  @Test("A time that was old enough at the fetch proves data that is removed later, without reading it again")
  func byItsTime() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      try FileTimes(secondsAgo: 3_600).set(on: data(test))
      let modified = try FileTimes(of: data(test)).modified.tv_sec
      #expect(await collect(test, keeping: true).kept.count == 1)
      #expect(try await test.journal.arrivals().first?.settledModified == Int64(modified))
      // The access time, seen through a second name, shows if the file is read.
      let other = test.folder.appending("other")
      try FileManager.default.linkItem(atPath: data(test).string, toPath: other.string)
      var times = try FileTimes(of: other)
      times.accessed.tv_sec = 1
      try times.set(on: other)
      #expect(await collect(test).collected.count == 1)
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try FileTimes(of: other).accessed.tv_sec == 1)
      #expect(try await test.journal.arrivals().first?.settledModified == nil)
    }
  }

  @Test("Data that was fresh when it was fetched is read again, and removed when it is the same")
  func freshData() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      // The server's clock is ahead of no time that it has shown.
      var times = try FileTimes(of: data(test))
      times.modified.tv_sec += 3_600
      times.accessed = times.modified
      try times.set(on: data(test))
      #expect(await collect(test, keeping: true).kept.count == 1)
      #expect(try await test.journal.arrivals().first?.settledModified == nil)
      #expect(await collect(test).collected.count == 1)
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("A repeat with the same content is read once, and its removal stands in the journal", arguments: [4, 200_000])
  func aRepeat(size: Int) async throws {
    try await TestExchange.with { test in
      let content = String(repeating: "0", count: size)
      try test.arrive("a.csv", content, uuid: Self.uuid)
      #expect(await collect(test).collected.count == 1)
      for round in 1...2 {
        try test.arrive("a.csv", content, uuid: Self.uuid)
        let report = await collect(test)
        #expect(report.repeated.count == 1 && report.problems.isEmpty)
        #expect(try test.names(in: test.incoming).isEmpty)
        #expect(try await events(test).count { $0 == "removing-again" } == round)
      }
      #expect(try await test.journal.check() == [])
    }
  }

  @Test("Metadata that comes again alone is removed if it is the journalled one, and that stands in the journal")
  func metadataAlone() async throws {
    try await TestExchange.with { test in
      let metadata = try test.arrive("a.csv", "0123", uuid: Self.uuid)
      #expect(await collect(test).collected.count == 1)
      try test.write(Data(metadata.xml()), to: test.incoming.appending("a.csv.metadata"))
      #expect(await collect(test).repeated.count == 1)
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try await events(test).last == "removed-again")
    }
  }

  // MARK: Ended in between

  /// A run ended after it had compared a repeat and written that down.
  @Test(
    "A repeat that was compared is removed by the next run; a file that took its place is compared first",
    arguments: [false, true])
  func endedBeforeTheRemoval(isReplaced: Bool) async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      #expect(await collect(test).collected.count == 1)
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      try FileTimes(secondsAgo: 3_600).set(on: data(test))
      var arrival = try #require(try await test.journal.arrivals().first)
      arrival.settledModified = Int64(try FileTimes(of: data(test)).modified.tv_sec)
      _ = try await test.journal.update(arrival, noting: "removing-again", "it came again")
      if isReplaced { try test.write(Data("4567".utf8), to: data(test)) }
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.repeated.count == (isReplaced ? 0 : 1))
      #expect(report.problems.map(\.code) == (isReplaced ? [.remoteDiffers] : []))
      #expect(try test.names(in: test.incoming).isEmpty == !isReplaced)
    }
  }

  @Test("A run that ended between the two removals leaves metadata that the next one removes")
  func endedBetweenTheRemovals() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      #expect(await collect(test, keeping: true).kept.count == 1)
      try test.remove(data(test))
      #expect(try await test.reopened().exchange.collect("account").problems.isEmpty)
      #expect(try test.names(in: test.incoming).isEmpty)
      #expect(try await test.journal.arrivals().map(\.state) == [.removed])
    }
  }

  /// Both removals are asked for together, and nothing but the server says which is done first.
  @Test(
    "A run that ended when only the metadata was removed leaves data that the next one removes if its time proves it",
    arguments: [false, true])
  func endedWithDataAlone(isReplaced: Bool) async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", "0123", uuid: Self.uuid)
      try FileTimes(secondsAgo: 3_600).set(on: data(test))
      #expect(await collect(test, keeping: true).kept.count == 1)
      try test.remove(test.incoming.appending("a.csv.metadata"))
      if isReplaced { try test.write(Data("4567".utf8), to: data(test)) }
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.problems.map(\.code) == (isReplaced ? [.notWhole] : []))
      #expect(try test.names(in: test.incoming) == (isReplaced ? ["a.csv"] : []))
      #expect(try await test.journal.arrivals().map(\.state) == [.removed])
    }
  }

  @Test("Metadata that was replaced between two runs is not removed, however old it is")
  func replacedMetadata() async throws {
    try await TestExchange.with { test in
      let metadata = try test.arrive("a.csv", "0123", uuid: Self.uuid)
      try test.write(Data("01".utf8), to: data(test))
      #expect(await collect(test).problems.map(\.code) == [.notWhole])
      let path = test.incoming.appending("a.csv.metadata")
      try test.write(Data("\(String(decoding: metadata.xml(), as: UTF8.self))<!-- another -->".utf8), to: path)
      try test.write(Data("0123".utf8), to: data(test))
      for file in [path, data(test)] { try FileTimes(secondsAgo: 3_600).set(on: file) }
      let report = await collect(test)
      #expect(report.problems.map(\.code) == [.remoteDiffers] && report.collected.isEmpty)
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      #expect(try await test.journal.arrivals().map(\.state) == [.handedOver])
    }
  }

  @Test("Fresh data that the server does not remove is compared once, because the journal records the comparison")
  func refusedRemoval() async throws {
    try await TestExchange.with(serverRefusing: "remove") { test, user in
      let incoming = user.folder.appending("IN")
      let data = incoming.appending("a.csv")
      try test.write(Data("0123".utf8), to: data)
      let metadata = try TestExchange.metadata("a.csv", size: 4, uuid: Self.uuid, recipient: user.name)
      try test.write(Data(metadata.xml()), to: incoming.appending("a.csv.metadata"))
      // Times in the future, as of a file just written: the server has shown no later time.
      var times = try FileTimes(of: data)
      times.modified.tv_sec += 3_600
      times.accessed = times.modified
      try times.set(on: data)
      #expect(await collect(test, keeping: true).kept.count == 1)
      try FileTimes(secondsAgo: 3_600).set(on: data)
      let modified = try FileTimes(of: data).modified.tv_sec
      #expect(await collect(test).problems.map(\.code) == [.transfer])
      let arrival = try #require(try await test.journal.arrivals().first)
      #expect(arrival.settledModified == Int64(modified) && arrival.state == .handedOver)
      times = try FileTimes(of: data)
      times.accessed.tv_sec = 1
      try times.set(on: data)
      #expect(await collect(test).problems.map(\.code) == [.transfer])
      #expect(try FileTimes(of: data).accessed.tv_sec == 1)
      #expect(try test.names(in: incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  // MARK: Metadata while data is fetched

  /// Collects, and does something as soon as data comes.
  private func collect(
    _ test: TestExchange, keeping: Bool = false, onData: @escaping @Sendable () throws -> Void
  ) async throws -> CollectionReport {
    var options = Exchange.CollectionOptions()
    options.keepsRemote = keeping
    let outcome = Locked<Result<Void, any Error>?>(nil)
    options.onProgress = { progress in
      guard case .fetched = progress else { return }
      outcome.withLock { outcome in if outcome == nil { outcome = Result(catching: onData) } }
    }
    let report = await test.exchange.collect("account", options: options)
    try #require(outcome.withLock { $0 }, "no data came").get()
    return report
  }

  @Test(
    "Data is dropped whose metadata becomes another transfer's while it is fetched, and that one is collected next",
    arguments: [false, true], [false, true])
  func anotherTransferDuringTheFetch(isOld: Bool, keepsTime: Bool) async throws {
    try await TestExchange.with { test in
      let content = String(repeating: "0123", count: 20_000)
      try test.arrive("a.csv", content, uuid: Self.uuid)
      let path = test.incoming.appending("a.csv.metadata")
      if isOld { for name in [data(test), path] { try FileTimes(secondsAgo: 3_600).set(on: name) } }
      let former = try FileTimes(of: path)
      // Another size where the time is the same: otherwise the two cannot be distinguished.
      let other = "00000000-0000-4000-8000-00000000000"
      let metadata = try test.metadata("a.csv", size: content.utf8.count, uuid: other + (keepsTime ? "20" : "2"))
      let draft = test.folder.appending("draft")
      try test.write(Data(metadata.xml()), to: draft)
      if keepsTime { try former.set(on: draft) }
      let report = try await collect(test) {
        guard rename(draft.string, path.string) == 0 else { throw Errno(rawValue: errno) }
      }
      #expect(report.problems.map(\.code) == [.remoteDiffers] && report.collected.isEmpty)
      #expect(report.problems.first?.message.contains("was put in its place") == true)
      #expect(try test.names(in: test.inbox).filter { $0 != ".unfinished" }.isEmpty)
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
      let next = await collect(test)
      #expect(next.collected.map(\.fileTransferUUID) == [metadata.fileTransferUUID])
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("Metadata whose time was old enough is not read again when its data has come")
  func provenMetadata() async throws {
    try await TestExchange.with { test in
      try test.arrive("a.csv", String(repeating: "0123", count: 20_000), uuid: Self.uuid)
      let path = test.incoming.appending("a.csv.metadata")
      try FileTimes(secondsAgo: 3_600).set(on: path)
      let report = try await collect(test, keeping: true) {
        var times = try FileTimes(of: path)
        times.accessed.tv_sec = 1
        try times.set(on: path)
      }
      #expect(report.kept.count == 1)
      #expect(try FileTimes(of: path).accessed.tv_sec == 1)
    }
  }

  // MARK: The server's clock

  @Test(
    "A modification time stands for the content two seconds later by the server's clock, and not before",
    arguments: [
      (nil, nil, false), (101, nil, false), (102, nil, true), (nil, 101, false), (nil, 102, true), (1, 102, true),
    ]
      as [(Int64?, UInt32?, Bool)])
  func settledTimes(earliest: Int64?, accessed: UInt32?, isSettled: Bool) {
    let attributes = FileAttributes(size: 1, accessed: accessed, modified: 100)
    #expect(ServerClock.settledTime(of: attributes, earliest: earliest) == (isSettled ? 100 : nil))
    #expect(ServerClock.settledTime(of: FileAttributes(accessed: accessed), earliest: earliest) == nil)
  }

  @Test("The server's clock is as late as the latest time that it has shown")
  func shownTimes() throws {
    let clock = ServerClock()
    clock.note(nil)
    clock.note(FileAttributes(size: 1))
    #expect(clock.earliest == nil)
    clock.note(FileAttributes(accessed: 50_000, modified: 40_000))
    clock.note(FileAttributes(accessed: 10_000, modified: 20_000))
    let earliest = try #require(clock.earliest)
    #expect((50_000..<60_000).contains(earliest))
  }
}
