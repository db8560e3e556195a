import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing
import TriggerFiles

@testable import FileExchange

/// The state left by a collecting run that ends at the worst moment, and how the next run continues.
@Suite(.timeLimit(.minutes(25))) struct UnfinishedArrivalTests {
  private let content = "0123456789"

  private func leftBehind(_ state: ArrivalState, _ test: TestExchange) async throws -> Arrival {
    let metadata = try test.arrive("a.csv", content, uuid: "00000000-0000-4000-8000-000000000001")
    var arrival = try await test.journal.see(
      .init(
        account: "account", fileTransferUUID: metadata.fileTransferUUID, wireName: "a.csv",
        size: UInt64(content.utf8.count), infRef: InfRef(unchecked: TestExchange.infRef), sender: "fagsystem",
        metadata: metadata.xml()))
    arrival.state = state
    if state != .seen, state != .fetching {
      arrival.localName = "a.csv"
      arrival.sha256 = SHA256.digest(of: Array(content.utf8))
    }
    return try await test.journal.record(arrival)
  }

  private func expectOneFile(_ test: TestExchange) async throws {
    let report = try await test.reopened().exchange.collect("account")
    #expect(report.problems.isEmpty && report.quarantined.isEmpty)
    #expect(try test.names(in: test.inbox) == ["a.csv", "a.csv.metadata"])
    #expect(try test.read(test.inbox.appending("a.csv")) == Data(content.utf8))
    #expect(try test.names(in: test.incoming).isEmpty)
    #expect(try await test.journal.arrivals().map(\.state) == [.removed])
  }

  @Test("a fetch begins again", arguments: [ArrivalState.seen, .fetching], [false, true])
  func aFetchIsBegunAnew(state: ArrivalState, half: Bool) async throws {
    try await TestExchange.with { test in
      let arrival = try await leftBehind(state, test)
      let inbox = try await InboxFolder.open(test.inbox)
      if half { try await inbox.begin(arrival).file.write(Array("0123".utf8), at: 0) }
      try await expectOneFile(test)
    }
  }

  /// The data was whole in its temporary file; `placed` is true if the rename still happened.
  @Test("a fetched file is placed once", arguments: [false, true], [false, true])
  func aFetchedFileIsPlacedOnce(placed: Bool, goneFromIN: Bool) async throws {
    try await TestExchange.with { test in
      let arrival = try await leftBehind(.fetched, test)
      let inbox = try await InboxFolder.open(test.inbox)
      try await inbox.begin(arrival).file.write(Array(content.utf8), at: 0)
      if placed { #expect(try await inbox.place(arrival, as: "a.csv") == .placed) }
      if goneFromIN { for name in try test.names(in: test.incoming) { try test.remove(test.incoming.appending(name)) } }
      try await expectOneFile(test)
    }
  }

  /// The folder of unfinished files was cleared, or the settings name another inbox now.
  @Test("a fetched file that is not here any more is fetched again")
  func aFetchedFileThatIsNotHereAnyMoreIsFetchedAgain() async throws {
    try await TestExchange.with { test in
      _ = try await leftBehind(.fetched, test)
      try await expectOneFile(test)
      #expect(try test.names(in: test.inbox.appending(".unfinished")).isEmpty)
    }
  }

  @Test("a file that its receiver took at once is not fetched again")
  func aFileThatItsReceiverTookAtOnceIsNotFetchedAgain() async throws {
    try await TestExchange.with { test in
      let arrival = try await leftBehind(.fetched, test)
      let inbox = try await InboxFolder.open(test.inbox)
      try await inbox.begin(arrival).file.write(Array(content.utf8), at: 0)
      #expect(try await inbox.place(arrival, as: "a.csv") == .placed)
      for name in try test.names(in: test.inbox) { try test.remove(test.inbox.appending(name)) }
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.problems.isEmpty && report.bytesFetched == 0)
      #expect(try test.names(in: test.inbox).isEmpty && test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("an arrival that cannot be finished holds up no other")
  func oneThatCannotBeFinishedHoldsUpNobodyElse() async throws {
    try await TestExchange.with { test in
      _ = try await leftBehind(.handedOver, test)
      try test.write(Data("<half".utf8), to: test.incoming.appending("a.csv.metadata"))
      try test.arrive("b.csv")
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.collected.map(\.wireName) == ["b.csv"])
      #expect(Set(report.problems.map(\.code)) == [.invalidDocument])
      #expect(try test.names(in: test.incoming) == ["a.csv", "a.csv.metadata"])
    }
  }

  /// Data first, metadata after: the next file of that name may be under the old metadata for a moment.
  @Test("the next file under an old metadata is not removed in its place")
  func theNextFileUnderAnOldMetadataIsNotRemovedInItsPlace() async throws {
    try await TestExchange.with { test in
      _ = try await leftBehind(.handedOver, test)
      try test.write(Data("the next".utf8), to: test.incoming.appending("a.csv"))
      let report = try await test.reopened().exchange.collect("account")
      #expect(Set(report.problems.map(\.code)) == [.remoteDiffers])
      #expect(try test.read(test.incoming.appending("a.csv")) == Data("the next".utf8))
    }
  }

  /// Collects, and changes the platform's files once while the bytes of `a.csv` come.
  private func collect(
    _ test: TestExchange, meanwhile change: @escaping @Sendable () throws -> Void
  ) async throws -> CollectionReport {
    try test.arrive("a.csv", content, uuid: "00000000-0000-4000-8000-000000000001")
    let isDone = Locked(false)
    var options = Exchange.CollectionOptions()
    options.onProgress = { news in
      guard case .fetched = news, !isDone.withLock({ was in (was, was = true).0 }) else { return }
      do { try change() } catch { Issue.record(error) }
    }
    return await test.exchange.collect("account", options: options)
  }

  @Test("The next file, under the old metadata still, is not removed by the run that fetched the old one")
  func theNextFileThatComesWhileTheOldOneIsFetchedIsLeft() async throws {
    try await TestExchange.with { test in
      let report = try await collect(test) {
        try test.write(Data("the next".utf8), to: test.incoming.appending("a.csv"))
      }
      #expect(report.problems.map(\.code) == [.remoteDiffers])
      #expect(try test.read(test.incoming.appending("a.csv")) == Data("the next".utf8))
      #expect(try test.read(test.inbox.appending("a.csv")) == Data(content.utf8))
      try test.arrive("a.csv", "the next", uuid: "abcdef01-0000-4000-8000-000000000002")
      #expect(await test.exchange.collect("account").problems.isEmpty)
      #expect(try test.read(test.inbox.appending("a~abcdef01.csv")) == Data("the next".utf8))
      #expect(try test.names(in: test.incoming).isEmpty)
    }
  }

  @Test("A pair that takes another's place while that is fetched is not handed over under the other's id")
  func aPairThatIsReplacedWhileItIsFetched() async throws {
    try await TestExchange.with { test in
      let report = try await collect(test) {
        try test.arrive("a.csv", "9876543210", uuid: "abcdef01-0000-4000-8000-000000000002")
      }
      #expect(report.problems.map(\.code) == [.remoteDiffers] && report.collected.isEmpty)
      #expect(try test.names(in: test.inbox).isEmpty)
      let next = await test.exchange.collect("account")
      #expect(next.collected.map(\.fileTransferUUID) == ["abcdef01-0000-4000-8000-000000000002"])
      #expect(try test.read(test.inbox.appending("a.csv")) == Data("9876543210".utf8))
      let last = await test.exchange.collect("account")
      #expect(last.vanished.map(\.id) == [1], "the old one is told to be gone")
      #expect(try test.names(in: test.inbox.appending(".unfinished")).isEmpty)
    }
  }

  @Test(
    "a handed over file is only removed remotely", arguments: [ArrivalState.verified, .handedOver],
    ["both", "metadata", "nothing"])
  func aHandedOverFileIsOnlyRemovedRemotely(state: ArrivalState, left: String) async throws {
    try await TestExchange.with { test in
      let arrival = try await leftBehind(state, test)
      let inbox = try await InboxFolder.open(test.inbox)
      try await inbox.begin(arrival).file.write(Array(content.utf8), at: 0)
      #expect(try await inbox.place(arrival, as: "a.csv") == .placed)
      if left != "both" { try test.remove(test.incoming.appending("a.csv")) }
      if left == "nothing" { try test.remove(test.incoming.appending("a.csv.metadata")) }
      try await expectOneFile(test)
    }
  }

  @Test("a newer transfer of the same name is not removed in its place")
  func aNewerTransferOfTheSameNameIsNotRemovedInItsPlace() async throws {
    try await TestExchange.with { test in
      let arrival = try await leftBehind(.handedOver, test)
      let inbox = try await InboxFolder.open(test.inbox)
      try await inbox.begin(arrival).file.write(Array(content.utf8), at: 0)
      #expect(try await inbox.place(arrival, as: "a.csv") == .placed)
      try test.arrive("a.csv", "newer", uuid: "abcdef01-0000-4000-8000-000000000002")
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.problems.isEmpty)
      #expect(try test.read(test.inbox.appending("a~abcdef01.csv")) == Data("newer".utf8))
      #expect(try test.read(test.inbox.appending("a.csv")) == Data(content.utf8))
    }
  }

  @Test("a server that sends more than the announced size fills no disk")
  func aServerThatSendsMoreThanItSaidFillsNoDisk() async throws {
    try await TestExchange.with { test in
      let arrival = try await leftBehind(.fetching, test)
      let file = try await InboxFolder.open(test.inbox).begin(arrival).file
      let sink = ArrivalSink(file: file, size: arrival.size)
      try await sink.write(Array("01234567".utf8), at: 0)
      for (bytes, offset) in [("89x", UInt64(8)), ("x", 10), ("x", .max)] {
        await #expect(throws: ExchangeError.self) { try await sink.write(Array(bytes.utf8), at: offset) }
      }
      #expect(try file.status().size == 8)
    }
  }
}
