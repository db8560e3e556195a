import ExchangeSettings
import FilsluseBase
import Foundation
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// With a server that ends each session after a number of requests, every file gets through in the end, in either
/// direction, and no file is suspected of ending the session.
@Suite(.timeLimit(.minutes(25))) struct SessionLimitTests {
  private static let names = (1...60).map { "0461-fil-\($0).csv" }

  /// A test's server beside another over the same folder that ends each session after so many requests.
  private func with(
    _ requests: Int,
    _ body: @Sendable (TestServer, _ adjust: @escaping @Sendable (inout ExchangeSettings) -> Void) async throws -> Void
  ) async throws {
    try await withTestServer { server in
      var ways = AsyncSSHServer.Ways()
      ways.requestsPerConnection = requests
      ways.root = server.folder.string
      try await withScratchFolder { [ways] folder in
        try await AsyncSSHServer.run(ways, in: folder) { limited in
          try await body(server) { settings in
            settings.accounts[0].port = limited.port
            settings.accounts[0].keys = [.file(limited.keyFile)]
            settings.accounts[0].hostKeys = .pinned([limited.fingerprint])
          }
        }
      }
    }
  }

  @Test("send delivers all", arguments: [60, 25])
  func sending(requests: Int) async throws {
    try await with(requests) { server, adjust in
      try await TestExchange.with(server, adjust) { test in
        let orders = try Self.names.map { DeliveryOrder(file: try test.file($0), route: "flis") }
        let reports = await test.exchange.deliver(reporting: orders, options: .init(waitForReceipts: nil))
        #expect(reports.compactMap(\.error).isEmpty, "\(reports.compactMap(\.error).first?.description ?? "")")
        #expect(try test.names(in: test.outbox).count { $0.hasSuffix(".trigger") } == Self.names.count)
        let suspects = test.exchange.suspects.all(of: "account")
        #expect(suspects.allSatisfy { !$0.isToBeReported })
      }
    }
  }

  @Test("receive collects all", arguments: [100, 40])
  func receiving(requests: Int) async throws {
    try await with(requests) { server, adjust in
      try await TestExchange.with(server, adjust) { test in
        for name in Self.names { try test.arrive(name) }
        let report = await test.exchange.collect("account")
        #expect(report.problems.isEmpty, "\(report.problems.first?.description ?? "")")
        #expect(Set(report.collected.map(\.wireName.string)) == Set(Self.names))
        #expect(try test.names(in: test.incoming).isEmpty)
        let arrivals = try await test.journal.arrivals()
        #expect(arrivals.count == Self.names.count && arrivals.allSatisfy { $0.state == .removed }, "\(arrivals)")
        #expect(try Set(test.names(in: test.inbox)).isSuperset(of: Self.names))
      }
    }
  }

  @Test("run delivers and collects all, and alerts about no file")
  func running() async throws {
    try await with(60) { server, adjust in
      try await RunningExchange.with(on: server, adjust) { running in
        let test = running.test
        for name in Self.names {
          try test.arrive(name)
          try running.put(name)
        }
        try await eventually(within: .seconds(120), "all are sent and collected") {
          let sent = try test.names(in: test.outbox).count { $0.hasSuffix(".trigger") }
          return try sent == Self.names.count && test.names(in: test.incoming).isEmpty
        }
        #expect(!running.attentions.contains { $0.kind == .losesConnection })
      }
    }
  }
}

/// The number of files that may be under way at a time after lost connections.
@Suite struct ConcurrencyLimitTests {
  @Test("halves with each loss before a file got through, down to one, and doubles as files get through")
  func halving() {
    var width = ConcurrencyLimit()
    for (underWay, limit) in [(100, 50), (50, 25), (25, 12), (12, 6), (6, 3), (3, 1), (1, 1)] {
      width.lose()
      for _ in 0..<underWay { width.count() }
      #expect(width.limit == limit)
    }
    var passes = 0
    while width.limit != nil, passes < 1000 {
      width.pass()
      passes += 1
    }
    #expect(passes == 511)
  }

  @Test("is not narrower after a loss when files got through before it")
  func progress() {
    var width = ConcurrencyLimit()
    width.pass()
    width.lose()
    for _ in 0..<50 { width.count() }
    #expect(width.limit == nil && width.pointsAtFiles)
  }
}
