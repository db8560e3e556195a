import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// One file over several connections.
@Suite(.timeLimit(.minutes(25))) struct SharedUploadTests {
  private static let content = Noise.bytes(6_000_001)

  private func content(of name: String, _ server: TestServer) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: server.outbox.appending(name).string)))
  }

  @Test("a file comes byte for byte, and each connection carries a part of it")
  func eachConnectionCarriesAPart() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port, TCPProxy.Conditions(bytesPerSecond: 4_000_000))
      defer { proxy.stop() }
      let further = try Further(3, server.endpoint(through: proxy))
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let heard = Locked<[UInt64]>([])
        let source = SlowSource(Self.content, until: { further.lent == 3 })
        let sent = try await client.upload(source, to: "OUT/a", over: further) { news in
          heard.withLock { $0.append(news.bytes) }
        }
        #expect(sent.size == UInt64(Self.content.count))
        #expect(try content(of: "a", server) == Self.content)
        #expect(heard.withLock { $0.max() } == UInt64(Self.content.count))
        #expect(further.lent == 3 && further.failures.isEmpty)
        #expect(proxy.carried(.toServer) > 3 * 256 << 10)
        #expect(source.reads == source.reads.sorted(), "each byte is read once, in order")
      }
    }
  }

  @Test("ranges under way on a lost further connection go over the others", arguments: [20_000, 300_000, 900_000])
  func lostFurtherConnection(bytes: Int) async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      defer { proxy.stop() }
      proxy.cut(.toServer, after: bytes, .reset)
      let further = try Further(2, server.endpoint(through: proxy))
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let source = SlowSource(Self.content)
        try await client.upload(source, to: "OUT/a", over: further)
        #expect(try content(of: "a", server) == Self.content)
        #expect(!proxy.awaitsCut)
        #expect(source.reads == source.reads.sorted())
      }
    }
  }

  @Test(
    "an upload that breaks off has all that it has confirmed, and goes on there",
    arguments: [100_000, 600_000, 1_500_000]
  )
  func brokenOff(bytes: Int) async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      defer { proxy.stop() }
      let further = try Further(2, server.endpoint())
      let confirmed = Locked<UInt64>(0)
      try await withSFTPClient(try server.endpoint(through: proxy), logger: quiet) { client in
        proxy.cut(.toServer, after: bytes, .reset)
        await expectError(.connectionLost) {
          try await client.upload(SlowSource(Self.content), to: "OUT/a", over: further) { news in
            confirmed.withLock { $0 = max($0, news.bytes) }
          }
        }
      }
      let end = confirmed.withLock { $0 }
      let there = try content(of: "a", server)
      #expect(there.prefix(Int(end)).elementsEqual(Self.content.prefix(Int(end))))
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let sent = try await client.upload(SlowSource(Self.content), to: "OUT/a", resumeAt: end, over: further)
        #expect(sent.bytes == UInt64(Self.content.count) - end)
      }
      #expect(try content(of: "a", server) == Self.content)
    }
  }

  @Test("a source that fails or a cancelled task ends it at once")
  func endedFromThisSide() async throws {
    struct Failing: UploadSource {
      let size: UInt64? = 9_000_000
      func read(at offset: UInt64, upTo count: Int) throws -> [UInt8] {
        guard offset < 2_000_000 else { throw Errno.ioError }
        return [UInt8](repeating: 1, count: count)
      }
    }
    struct Endless: UploadSource {
      let size: UInt64? = 9_000_000
      func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
        if offset >= 2_000_000 { try await Task.sleep(for: .seconds(600)) }
        return [UInt8](repeating: 1, count: count)
      }
    }
    try await withTestServer { server in
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let further = try Further(2, server.endpoint())
        await expectError(.local) { try await client.upload(Failing(), to: "OUT/a", over: further) }
        let hasBegun = Locked(false)
        let task = Task {
          await sftpError {
            try await client.upload(Endless(), to: "OUT/b", over: further) { _ in hasBegun.withLock { $0 = true } }
          }
        }
        while !hasBegun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        try await client.write([1], to: "OUT/c")
      }
    }
  }

  @Test("without a further connection one sends it all")
  func noneToBeHad() async throws {
    struct None: FurtherConnections {
      let count = 3
      func lend() async -> SFTPClient? { nil }
      func takeBack(_ client: SFTPClient, failure: SFTPError?) {}
    }
    try await withTestClient { client, server in
      for size in [0, 1, UploadPieces.pieceSize, UploadPieces.pieceSize + 1, 2_000_000] {
        let bytes = Noise.bytes(size)
        try await client.upload(BytesSource(bytes), to: "OUT/a", over: None())
        #expect(try content(of: "a", server) == bytes)
      }
    }
  }

  @Test("confirms only bytes without a gap before them")
  func confirmedWithoutGaps() async throws {
    let pieces = UploadPieces(from: 100)
    for _ in 0..<3 { #expect(await pieces.add([UInt8](repeating: 0, count: 10))) }
    let (first, second, third) = try (
      #require(pieces.takeNow()), #require(pieces.takeNow()), #require(pieces.takeNow())
    )
    #expect(pieces.takeNow() == nil)
    #expect(pieces.confirm(third) == 100)
    pieces.giveBack([first])
    #expect(pieces.takeNow()?.offset == 100)
    #expect(pieces.confirm(first) == 110 && pieces.confirm(second) == 130)
    #expect(!pieces.isDone)
    pieces.finishReading()
    #expect(pieces.isDone)
    #expect(await pieces.take() == nil)
  }

  @Test("reading waits where a piece stays unconfirmed for long")
  func readingWaits() async throws {
    let pieces = UploadPieces(from: 0)
    let piece = [UInt8](repeating: 0, count: UploadPieces.pieceSize)
    let reader = Task { while await pieces.add(piece) {} }
    let first = try #require(await pieces.take())
    for _ in 1..<UploadPieces.mostAhead / UInt64(piece.count) {
      let next = try #require(await pieces.take())
      #expect(pieces.confirm(next) == 0)
    }
    #expect(pieces.takeNow() == nil)
    #expect(pieces.confirm(first) == UploadPieces.mostAhead)
    #expect(await pieces.take()?.offset == UploadPieces.mostAhead)
    pieces.fail(.cancelled)
    await reader.value
  }
}

/// Connections for a test, made as they are asked for.
final class Further: FurtherConnections {
  let count: Int
  private let endpoint: SFTPEndpoint
  private let record = Locked<(clients: [SFTPClient], failures: [SFTPError])>(([], []))

  /// Done before each is made.
  private let before: @Sendable () throws -> Void

  init(_ count: Int, _ endpoint: SFTPEndpoint, before: @escaping @Sendable () throws -> Void = {}) {
    self.count = count
    self.endpoint = endpoint
    self.before = before
  }

  var lent: Int { record.withLock { $0.clients.count } }
  var failures: [SFTPError] { record.withLock { $0.failures } }

  /// Closes those that are lent, as if this machine had lost them.
  func closeAll() async {
    for client in record.withLock({ $0.clients }) { await client.close() }
  }

  func lend() async -> SFTPClient? {
    do {
      try before()
      let client = try await SFTPClient.connect(endpoint, logger: quiet)
      record.withLock { $0.clients.append(client) }
      return client
    } catch {
      return nil
    }
  }

  func takeBack(_ client: SFTPClient, failure: SFTPError?) {
    if let failure { record.withLock { $0.failures.append(failure) } }
  }
}

/// Waits for a condition.
///
/// - Throws: `NotWithinAMinute` when it does not come to hold.
func withinAMinute(_ isReached: () -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(60)
  while !isReached() {
    guard .now < end else { throw NotWithinAMinute() }
    try await Task.sleep(for: .milliseconds(5))
  }
}

struct NotWithinAMinute: Error {}

/// Bytes that come slowly enough for further connections to be there before the end.
private final class SlowSource: UploadSource {
  private let bytes: [UInt8]
  private let offsets = Locked<[UInt64]>([])
  private let isReady: @Sendable () -> Bool

  /// - Parameter isReady: what the second half waits for; it fails where that takes more than a minute.
  init(_ bytes: [UInt8], until isReady: @escaping @Sendable () -> Bool = { true }) {
    self.bytes = bytes
    self.isReady = isReady
  }

  var size: UInt64? { UInt64(bytes.count) }
  var reads: [UInt64] { offsets.withLock { $0 } }

  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
    offsets.withLock { $0.append(offset) }
    try await Task.sleep(for: .milliseconds(40))
    if offset > bytes.count / 2 { try await withinAMinute(isReady) }
    return Array(bytes[Int(offset)..<min(Int(offset) + count, bytes.count)])
  }
}
