import ExchangeSettings
import FilsluseBase
import FilsluseSFTP
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// Large files over several connections of an account.
@Suite(.timeLimit(.minutes(25))) struct BulkUploadTests {
  private static let content = Data((0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
  private let notWaiting = Exchange.DeliveryOptions(waitForReceipts: nil)

  /// Sends files of a megabyte and more over three connections, slowly enough for all of them to be made.
  private static func setBulk(_ settings: inout ExchangeSettings, bytesPerSecond: UInt64 = 2_000_000) {
    settings.accounts[0].bulkConnections = 3
    settings.accounts[0].bulkFrom = 1_000_000
    settings.accounts[0].bandwidth = [Bandwidth(bytesPerSecond: bytesPerSecond)]
  }

  private func expectPair(_ test: TestExchange) throws {
    #expect(try test.names(in: test.outbox) == ["a.bin", "a.bin.trigger"])
    #expect(try test.read(test.outbox.appending("a.bin")) == Self.content)
  }

  private func withBulk(
    bytesPerSecond: UInt64 = 2_000_000,
    _ body: @Sendable (TestExchange, TCPProxy, DeliveryOrder) async throws -> Void
  ) async throws {
    try await TestExchange.with { plain in
      let proxy = try TCPProxy(to: plain.server.port)
      defer { proxy.stop() }
      let test = try await plain.reopened {
        Self.setBulk(&$0, bytesPerSecond: bytesPerSecond)
        $0.accounts[0].port = proxy.port
      }
      let file = try test.write(Self.content, to: test.folder.appending("a.bin"))
      try await body(test, proxy, DeliveryOrder(file: file, route: "flis"))
    }
  }

  @Test("a large file goes over as many connections as are set, and small ones go beside it")
  func overSeveralConnections() async throws {
    try await withBulk { test, proxy, order in
      let small = try (1...5).map { DeliveryOrder(file: try test.file("s\($0).csv"), route: "flis") }
      let reports = await test.exchange.deliver(reporting: [order] + small, options: notWaiting)
      #expect(reports.allSatisfy { $0.delivery?.state == .triggered }, "\(reports.compactMap(\.error))")
      #expect(try test.read(test.outbox.appending("a.bin")) == Self.content)
      #expect(proxy.connectionsMade == 3)
      #expect(
        try await test.journal.entries(about: .delivery(1)).map(\.state).suffix(3) == [
          "uploading", "armed", "triggered",
        ])
    }
  }

  @Test(
    "a further connection that is refused leaves the file to one, and the account as it is", arguments: [true, false])
  func refusedFurtherConnection(byAnotherHostKey: Bool) async throws {
    // Slow enough for the refusal to come before the end.
    try await withBulk(bytesPerSecond: 750_000) { test, proxy, order in
      try await withScratchFolder { folder in
        let other = try await SSHServer.start(in: folder.appending("other"))
        // The second login starts after the first is complete; by then the first has received bytes.
        let watcher = Task {
          while proxy.carried(.toClient) == 0 { try await Task.sleep(for: .milliseconds(1)) }
          proxy.target = byAnotherHostKey ? other.port : 1
        }
        let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
        watcher.cancel()
        #expect(report.delivery?.state == .triggered, "\(report.error?.description ?? "")")
        #expect(proxy.connectionsMade > 1)
        #expect(try #require(test.exchange.bulkTransfer(to: test.exchange.settings.accounts[0])).connections.isPausing)
        try expectPair(test)
        try await other.stop()
      }
    }
  }

  @Test("an upload is resumed behind what the journal has, whatever the size in OUT", arguments: [0, 1_000_000])
  func resumedBehindTheJournal(acknowledged: Int) async throws {
    try await withBulk { test, _, order in
      let staging = Staging(settings: test.exchange.settings, journal: test.journal)
      var delivery = try await staging.stage(order).delivery
      delivery.state = .uploading
      delivery.acknowledged = UInt64(acknowledged)
      delivery.acknowledgedSHA256 = SHA256.digest(of: Array(Self.content.prefix(acknowledged)))
      _ = try await test.journal.record(delivery)
      // All of its size, and nothing but its beginning and its end.
      var there = Data(count: Self.content.count)
      there.replaceSubrange(..<acknowledged, with: Self.content.prefix(acknowledged))
      there.replaceSubrange((there.count - 1000)..., with: Self.content.suffix(1000))
      try test.write(there, to: test.outbox.appending("a.bin"))
      let report = try #require(
        await test.reopened().exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.delivery?.state == .triggered, "\(report.error?.description ?? "")")
      #expect(report.bytesSent == UInt64(Self.content.count - acknowledged))
      try expectPair(test)
    }
  }

  @Test(
    "before a file is sent again from an earlier byte, the journal's progress goes back to that byte",
    arguments: [0, 500_000])
  func sentAgainFromAnEarlierByte(size: Int) async throws {
    try await withBulk { test, proxy, order in
      let staging = Staging(settings: test.exchange.settings, journal: test.journal)
      var delivery = try await staging.stage(order).delivery
      delivery.state = .uploading
      delivery.acknowledged = 1_000_000
      delivery.acknowledgedSHA256 = SHA256.digest(of: Array(Self.content.prefix(1_000_000)))
      _ = try await test.journal.record(delivery)
      // The server has lost some of what it acknowledged.
      try test.write(Self.content.prefix(size), to: test.outbox.appending("a.bin"))
      let watcher = Task {
        while proxy.carried(.toServer) < 1_000_000 { try await Task.sleep(for: .milliseconds(1)) }
        return try await test.journal.deliveries().first?.acknowledged
      }
      let report = try #require(
        await test.reopened().exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.delivery?.state == .triggered, "\(report.error?.description ?? "")")
      #expect(try await watcher.value == UInt64(size))
      try expectPair(test)
    }
  }

  @Test("the file is whole whichever connection is lost at whatever byte", arguments: 1...8)
  func lostConnections(point: Int) async throws {
    try await withBulk { test, proxy, order in
      proxy.cut(.toServer, after: point * 700_000, .reset)
      let report = try #require(await test.exchange.deliver(reporting: [order], options: notWaiting).first)
      #expect(report.delivery?.state == .triggered, "\(report.error?.description ?? "")")
      #expect(!proxy.awaitsCut)
      try expectPair(test)
    }
  }

  @Test("a file that is changed in place while it is sent, its time kept, gets no trigger")
  func changedWhileItIsSent() async throws {
    try await withBulk { test, _, order in
      let isFirst = Locked(true)
      var options = notWaiting
      options.onProgress = { news in
        guard case .sent = news,
          isFirst.withLock({ was in
            defer { was = false }; return was
          })
        else { return }
        do {
          try keepingTimes(of: order.file) {
            let file = try #require(FileHandle(forUpdatingAtPath: order.file.string))
            try file.seek(toOffset: UInt64(Self.content.count - 1))
            try file.write(contentsOf: Data([Self.content[Self.content.count - 1] ^ 1]))
            try file.close()
          }
        } catch {
          Issue.record(error)
        }
      }
      let report = try #require(await test.exchange.deliver(reporting: [order], options: options).first)
      #expect(report.error?.code == .fileChanged)
      #expect(try !test.names(in: test.outbox).contains("a.bin.trigger"))
    }
  }

  @Test("a server that takes writes in sequence only gets the file over one connection")
  func writesInSequence() async throws {
    try await withTestServer { server in
      var ways = AsyncSSHServer.Ways()
      ways.writesInSequence = true
      ways.root = server.folder.string
      try await withScratchFolder { [ways] folder in
        try await AsyncSSHServer.run(ways, in: folder) { sequential in
          try await TestExchange.with(
            server,
            { settings in
              Self.setBulk(&settings)
              settings.accounts[0].port = sequential.port
              settings.accounts[0].keys = [.file(sequential.keyFile)]
              settings.accounts[0].hostKeys = .pinned([sequential.fingerprint])
            }
          ) { test in
            let file = try test.write(Self.content, to: test.folder.appending("a.bin"))
            let order = DeliveryOrder(file: file, route: "flis")
            let staged = try await Staging(settings: test.exchange.settings, journal: test.journal).stage(order)
            let account = test.exchange.settings.accounts[0]
            // All are there before the first byte is sent.
            let shared = try await test.exchange.connect(to: account)
            let further = Locked([try await test.exchange.connect(to: account)])
            let connections = try #require(BulkConnections(account, logger: test.exchange.logger))
            var run = test.exchange.deliveryRun(over: shared, of: account)
            run.bulk = BulkTransfer(connections) { () async throws(ExchangeError) in
              guard let client = further.withLock({ $0.popLast() }) else { throw .cancelled(while: "connect") }
              return client
            }
            let delivery = try await run.takeUp(staged).now
            await shared.close()
            #expect(delivery.state == .triggered)
            #expect(further.withLock { $0.isEmpty } && connections.isPausing)
            try expectPair(test)
          }
        }
      }
    }
  }
}
