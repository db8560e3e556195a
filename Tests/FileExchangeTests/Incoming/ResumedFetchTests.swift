import ExchangeSettings
import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FileExchange

/// A fetch that is cut goes on where it stopped, if the file in IN is proven to be the same, and else from its first
/// byte.
@Suite(.timeLimit(.minutes(25))) struct ResumedFetchTests {
  private static let size = 24 << 20
  private static let id = "00000000-0000-4000-8000-000000000007"

  /// Something in IN that was written an hour ago, or so many seconds later.
  private func put(_ letter: String, later: Double = 0, in test: TestExchange) throws -> Data {
    let text = String(repeating: letter + "123456789abcdef", count: Self.size / 16)
    try test.arrive("stor.csv", text, uuid: Self.id)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600 + later)],
      ofItemAtPath: test.incoming.appending("stor.csv").string)
    return Data(text.utf8)
  }

  /// An exchange behind a line that is cut once, after 10 MB.
  private func withCut(
    attempts: Int, _ body: @Sendable (TestExchange, Exchange, TCPProxy) async throws -> Void
  ) async throws {
    try await TestExchange.with { test in
      let proxy = try TCPProxy(to: test.server.port)
      defer { proxy.stop() }
      var exchange = try await test.reopened { $0.accounts[0].port = proxy.port }.exchange
      exchange.patience.connectionAttempts = attempts
      proxy.cut(.toClient, after: 10_000_000, .reset)
      try await body(test, exchange, proxy)
    }
  }

  private func left(_ test: TestExchange) throws -> [String] {
    try test.names(in: test.inbox.appending(".unfinished")).map { String($0.suffix(5)) }
  }

  @Test("fetches what is missing over the next connection, and hashes the whole")
  func overTheNextConnection() async throws {
    try await withCut(attempts: 2) { test, exchange, proxy in
      let content = try put("a", in: test)
      let report = await exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.count == 1, "\(report.problems)")
      #expect(report.collected.first?.sha256 == SHA256.digest(of: [UInt8](content)))
      #expect(try test.read(test.inbox.appending("stor.csv")) == content)
      #expect(report.bytesFetched == UInt64(Self.size), "\(report.bytesFetched)")
      #expect(proxy.carried(.toClient) < Self.size + (8 << 20), "\(proxy.carried(.toClient))")
      #expect(try left(test).isEmpty)
    }
  }

  @Test(
    "goes on in another process only from what is proven",
    arguments: ["nothing", "the file in IN", "its beginning here", "both, with the size kept"])
  func inAnotherProcess(changed: String) async throws {
    try await withCut(attempts: 1) { test, exchange, _ in
      var content = try put("a", in: test)
      let cut = await exchange.collect("account")
      #expect(cut.collected.isEmpty && !cut.problems.isEmpty)
      let parts = try left(test)
      #expect(parts.sorted() == [".part", "begun"], "\(parts)")
      if changed != "nothing", changed != "its beginning here" { content = try put("b", later: 60, in: test) }
      if changed.contains("both") || changed.contains("beginning") {
        let folder = test.inbox.appending(".unfinished")
        let part = try #require(try test.names(in: folder).first { $0.hasSuffix(".part") })
        let handle = try FileHandle(forWritingTo: URL(filePath: folder.appending(part).string))
        try handle.write(contentsOf: Data("x".utf8))
        try handle.close()
      }
      let second = try await test.reopened()
      let report = await second.exchange.collect("account")
      #expect(report.problems.isEmpty && report.collected.count == 1, "\(report.problems)")
      #expect(try test.read(test.inbox.appending("stor.csv")) == content)
      #expect(report.collected.first?.sha256 == SHA256.digest(of: [UInt8](content)))
      #expect((report.bytesFetched < UInt64(Self.size)) == (changed == "nothing"), "\(report.bytesFetched)")
      #expect(try left(test).isEmpty)
    }
  }

  @Test("removes the kept part of a file that is gone from IN")
  func vanished() async throws {
    try await withCut(attempts: 1) { test, exchange, _ in
      _ = try put("a", in: test)
      _ = await exchange.collect("account")
      #expect(try left(test).count == 2)
      for name in try test.names(in: test.incoming) { try test.remove(test.incoming.appending(name)) }
      let report = try await test.reopened().exchange.collect("account")
      #expect(report.vanished.count == 1)
      #expect(try left(test).isEmpty)
    }
  }
}
