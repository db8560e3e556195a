import ExchangeSettings
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A server that acknowledges every write, and says only at CLOSE that it could not keep them.
@Suite(.timeLimit(.minutes(25))) struct RefusedCloseTests {
  @Test(
    "a file that the server refuses to close is sent again from its first byte",
    arguments: [(1_000, 1), (3_000_000, 1), (6_000_000, 3)])
  func sentAgain(size: Int, connections: Int) async throws {
    try await withTestServer { server in
      var ways = AsyncSSHServer.Ways()
      ways.refusedCloses = connections
      ways.root = server.folder.string
      try await withScratchFolder { [ways] folder in
        try await AsyncSSHServer.run(ways, in: folder) { forgetful in
          try await TestExchange.with(
            server,
            { settings in
              settings.accounts[0].port = forgetful.port
              settings.accounts[0].keys = [.file(forgetful.keyFile)]
              settings.accounts[0].hostKeys = .pinned([forgetful.fingerprint])
              if connections > 1 {
                settings.accounts[0].bulkConnections = connections
                settings.accounts[0].bulkFrom = 1_000_000
                settings.accounts[0].bandwidth = [Bandwidth(bytesPerSecond: 4_000_000)]
              }
            }
          ) { test in
            let content = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ 1) })
            let order = DeliveryOrder(file: try test.write(content, to: test.folder.appending("a.bin")), route: "flis")
            var refusals = 0
            for _ in 0...connections {
              let report = try #require(
                await test.exchange.deliver(reporting: [order], options: .init(waitForReceipts: nil)).first)
              if report.delivery?.state == .triggered { break }
              refusals += 1
              #expect(try !test.names(in: test.outbox).contains("a.bin.trigger"))
              #expect(
                try await test.journal.deliveries().first?.acknowledged == 0, "\(report.error?.description ?? "")")
            }
            #expect(refusals > 0 || connections > 1)
            #expect(try test.names(in: test.outbox) == ["a.bin", "a.bin.trigger"])
            #expect(try test.read(test.outbox.appending("a.bin")) == content)
          }
        }
      }
    }
  }
}
