import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Large arrivals over several connections of an account.
@Suite(.timeLimit(.minutes(25))) struct BulkDownloadTests {
  private static func text(_ size: Int) -> String {
    String((0..<size / 8).reduce(into: "") { text, number in text += String(10_000_000 + number) })
  }

  /// Runs `body` with an exchange that fetches files of a megabyte and more over three connections, slowly enough for
  /// all of them to be opened, and a large file in IN that was written an hour ago.
  private func withBulk(
    size: Int = 8_000_000, seconds: Int = 3,
    _ body: @Sendable (TestExchange, TestExchange, TCPProxy, [UInt8]) async throws -> Void
  ) async throws {
    try await TestExchange.with { plain in
      let proxy = try TCPProxy(to: plain.server.port)
      defer { proxy.stop() }
      let test = try await plain.reopened {
        $0.accounts[0].bulkConnections = 3
        $0.accounts[0].bulkFrom = 1_000_000
        $0.accounts[0].bandwidth = [Bandwidth(bytesPerSecond: UInt64(size / seconds))]
        $0.accounts[0].port = proxy.port
      }
      let text = Self.text(size)
      try plain.arrive("stor.csv", text, uuid: "00000000-0000-4000-8000-000000000007")
      try Self.age(plain.incoming.appending("stor.csv"))
      try await body(plain, test, proxy, Array(text.utf8))
    }
  }

  private static func age(_ path: FilePath) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path.string)
  }

  private func expectCollected(_ report: CollectionReport, _ content: [UInt8], _ test: TestExchange) throws {
    #expect(report.problems.isEmpty, "\(report.problems)")
    let arrival = try #require(report.collected.first { $0.wireName == "stor.csv" })
    #expect(arrival.sha256 == SHA256.digest(of: content))
    #expect(try test.read(test.inbox.appending("stor.csv")) == Data(content))
    #expect(try test.names(in: test.incoming).isEmpty)
    #expect(try test.names(in: test.inbox.appending(".unfinished")).isEmpty)
  }

  @Test("a large file comes over as many connections as are set, and small ones come beside it")
  func overSeveralConnections() async throws {
    try await withBulk { _, test, proxy, content in
      for number in 1...5 { try test.arrive("s\(number).csv", "lille \(number)", uuid: UUID().uuidString.lowercased()) }
      let report = await test.exchange.collect("account")
      try expectCollected(report, content, test)
      #expect(report.collected.count == 6)
      #expect(report.collected.last?.wireName == "stor.csv", "the small ones do not wait for the large one")
      #expect(report.bytesFetched == UInt64(content.count + 5 * 7))
      #expect(proxy.connectionsMade == 3)
    }
  }

  @Test("a further connection that is refused leaves the file to one, and the account as it is")
  func refusedFurtherConnection() async throws {
    // Slow enough for the refusal to come before the end.
    try await withBulk(seconds: 8) { _, test, proxy, content in
      // The second login starts after the first is complete; by then the first has received bytes.
      let watcher = Task {
        while proxy.carried(.toClient) == 0 { try await Task.sleep(for: .milliseconds(1)) }
        proxy.target = 1
      }
      let report = await test.exchange.collect("account")
      watcher.cancel()
      try expectCollected(report, content, test)
      #expect(proxy.connectionsMade > 1)
      #expect(try #require(test.exchange.bulkTransfer(to: test.exchange.settings.accounts[0])).connections.isPausing)
    }
  }

  @Test("the file is whole whichever connection is lost at whatever byte", arguments: 1...8)
  func lostConnections(point: Int) async throws {
    try await withBulk { _, test, proxy, content in
      proxy.cut(.toClient, after: point * 900_000, .reset)
      let report = await test.exchange.collect("account")
      try expectCollected(report, content, test)
      #expect(!proxy.awaitsCut)
    }
  }

  @Test(
    "keeps the beginning of an interrupted fetch without gaps, and the next process goes on there",
    // More than a connection asks for while the journal notes the fetch.
    arguments: [9_000_000, 12_000_000])
  func keptBeginning(bytes: Int) async throws {
    try await withBulk(size: 24_000_000) { plain, test, proxy, content in
      var exchange = test.exchange
      exchange.patience.connectionAttempts = 1
      let watcher = Task {
        while proxy.carried(.toClient) < bytes { try await Task.sleep(for: .milliseconds(1)) }
        proxy.target = 1
        proxy.cutAll()
      }
      let broken = await exchange.collect("account")
      try await watcher.value
      #expect(broken.collected.isEmpty && !broken.problems.isEmpty)
      let unfinished = test.inbox.appending(".unfinished")
      let part = try #require(try test.names(in: unfinished).first { $0.hasSuffix(".part") })
      let kept = try test.read(unfinished.appending(part))
      #expect(kept.count > 0 && Array(kept) == Array(content.prefix(kept.count)))
      let report = await (try await plain.reopened()).exchange.collect("account")
      try expectCollected(report, content, test)
      #expect(report.bytesFetched == UInt64(content.count - kept.count))
    }
  }

  @Test("a file that is replaced while it is fetched never arrives mixed", arguments: 1...4)
  func replacedFile(point: Int) async throws {
    try await withBulk { _, test, proxy, content in
      let other = content.reversed() as [UInt8]
      let path = test.incoming.appending("stor.csv")
      let watcher = Task {
        while proxy.carried(.toClient) < point * 400_000 { try await Task.sleep(for: .milliseconds(1)) }
        let new = test.folder.appending("new")
        try test.write(Data(other), to: new)
        guard rename(new.string, path.string) == 0 else { throw Errno(rawValue: errno) }
      }
      _ = await test.exchange.collect("account")
      try await watcher.value
      let came = try test.read(test.inbox.appending("stor.csv"))
      #expect(came == Data(content) || came == Data(other))
    }
  }
}
