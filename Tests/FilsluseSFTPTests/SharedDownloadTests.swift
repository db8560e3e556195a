import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// One file fetched over several connections.
@Suite(.timeLimit(.minutes(25))) struct SharedDownloadTests {
  private static let content = Noise.bytes(12_000_001)

  private func put(_ bytes: [UInt8], _ server: TestServer) throws {
    try Data(bytes).write(to: URL(filePath: server.outbox.appending("a").string))
  }

  @Test("a file comes byte for byte, and each connection carries a part of it")
  func eachConnectionCarriesAPart() async throws {
    try await withTestServer { server in
      try put(Self.content, server)
      let proxy = try TCPProxy(to: server.port)
      defer { proxy.stop() }
      let further = try Further(3, server.endpoint(through: proxy))
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let heard = Locked<[UInt64]>([])
        let sink = SlowSink(Self.content.count, until: { further.lent == 3 })
        let came = try await client.download("OUT/a", to: sink, over: further) { news in
          heard.withLock { $0.append(news.bytes) }
        }
        #expect(came.size == UInt64(Self.content.count))
        #expect(sink.bytes == Self.content)
        #expect(heard.withLock { $0.max() } == UInt64(Self.content.count))
        #expect(further.lent == 3 && further.failures.isEmpty)
        #expect(proxy.carried(.toClient) > 3 * 256 << 10)
        #expect(sink.written == Self.content.count, "no byte is fetched twice")
      }
    }
  }

  @Test("ranges under way on a lost further connection come over the others", arguments: [20_000, 300_000, 900_000])
  func lostFurtherConnection(bytes: Int) async throws {
    try await withTestServer { server in
      try put(Self.content, server)
      let proxy = try TCPProxy(to: server.port)
      defer { proxy.stop() }
      proxy.cut(.toClient, after: bytes, .reset)
      let further = try Further(2, server.endpoint(through: proxy))
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let sink = SlowSink(Self.content.count)
        try await client.download("OUT/a", to: sink, over: further)
        #expect(sink.bytes == Self.content)
        #expect(!proxy.awaitsCut)
      }
    }
  }

  @Test("ranges that can no longer be requested over a further connection come over the others", arguments: 1...4)
  func closedFurtherConnection(round: Int) async throws {
    try await withTestServer { server in
      // More than both connections request at once.
      let content = Noise.bytes(24 << 20)
      try put(content, server)
      let further = try Further(1, server.endpoint())
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let sink = SlowSink(content.count, pause: .milliseconds(3))
        let hasClosed = Locked(false)
        try await client.download("OUT/a", to: sink, over: further) { _ in
          guard further.lent == 1, sink.written > round * 1_500_000,
            hasClosed.withLock({ was in
              defer { was = true }; return !was
            })
          else { return }
          Task { await further.closeAll() }
        }
        #expect(hasClosed.withLock { $0 })
        #expect(sink.bytes == content)
      }
    }
  }

  @Test("a download that breaks off has all that it has confirmed, and goes on there", arguments: [600_000, 3_500_000])
  func brokenOff(bytes: Int) async throws {
    try await withTestServer { server in
      try put(Self.content, server)
      let proxy = try TCPProxy(to: server.port)
      defer { proxy.stop() }
      let further = try Further(2, server.endpoint())
      let confirmed = Locked<UInt64>(0)
      let sink = SlowSink(Self.content.count)
      try await withSFTPClient(try server.endpoint(through: proxy), logger: quiet) { client in
        proxy.cut(.toClient, after: bytes, .reset)
        await expectError(.connectionLost) {
          try await client.download("OUT/a", to: sink, over: further) { news in
            confirmed.withLock { $0 = max($0, news.bytes) }
          }
        }
      }
      let end = confirmed.withLock { $0 }
      #expect(sink.bytes.prefix(Int(end)).elementsEqual(Self.content.prefix(Int(end))))
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let came = try await client.download("OUT/a", to: sink, resumeAt: end, over: further)
        #expect(came.bytes == UInt64(Self.content.count) - end)
      }
      #expect(sink.bytes == Self.content)
    }
  }

  @Test("a file that is replaced before the further connections open it comes as it was opened first")
  func replacedFile() async throws {
    try await withTestServer { server in
      try put(Self.content, server)
      let path = server.outbox.appending("a").string
      let isReplaced = Locked(false)
      let further = try Further(3, server.endpoint()) {
        // Three are made at once: each waits until the file is replaced.
        try isReplaced.withLock { isReplaced in
          guard !isReplaced else { return }
          try Data(Self.content.reversed()).write(to: URL(filePath: path + ".new"))
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)], ofItemAtPath: path + ".new")
          guard rename(path + ".new", path) == 0 else { throw Errno(rawValue: errno) }
          isReplaced = true
        }
      }
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let sink = SlowSink(Self.content.count, until: { further.lent == 3 })
        try await client.download("OUT/a", to: sink, over: further)
        #expect(sink.bytes == Self.content)
        #expect(further.lent == 3 && further.failures.isEmpty)
      }
    }
  }

  @Test("a sink that fails, a file that ends early or a cancelled task ends it at once")
  func endedFromThisSide() async throws {
    struct Failing: DownloadSink {
      func write(_ bytes: [UInt8], at offset: UInt64) throws { if offset > 2_000_000 { throw Errno.noSpace } }
    }
    struct Forgetful: DownloadSink {
      func write(_ bytes: [UInt8], at offset: UInt64) {}
    }
    struct Endless: DownloadSink {
      func write(_ bytes: [UInt8], at offset: UInt64) async throws {
        if offset > 2_000_000 { try await Task.sleep(for: .seconds(600)) }
      }
    }
    try await withTestServer { server in
      try put(Self.content, server)
      try await withSFTPClient(try server.endpoint(), logger: quiet) { client in
        let further = try Further(2, server.endpoint())
        await expectError(.local) { try await client.download("OUT/a", to: Failing(), over: further) }
        let hasBegun = Locked(false)
        let task = Task {
          await sftpError {
            try await client.download("OUT/a", to: Endless(), over: further) { _ in hasBegun.withLock { $0 = true } }
          }
        }
        while !hasBegun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        // So long that its end is not requested by then, whatever is in flight.
        #expect(truncate(server.outbox.appending("a").string, 64 << 20) == 0)
        let isFirst = Locked(true)
        await expectError(.sizeMismatch) {
          try await client.download("OUT/a", to: Forgetful(), over: further) { _ in
            guard
              isFirst.withLock({ was in
                defer { was = false }; return was
              })
            else { return }
            #expect(truncate(server.outbox.appending("a").string, 48 << 20) == 0)
          }
        }
        try await client.write([1], to: "OUT/c")
      }
    }
  }

  @Test("without a further connection one fetches it all")
  func noneToBeHad() async throws {
    struct None: FurtherConnections {
      let count = 3
      func lend() async -> SFTPClient? { nil }
      func takeBack(_ client: SFTPClient, failure: SFTPError?) {}
    }
    try await withTestClient { client, server in
      for size in [0, 1, 262_144, 262_145, 6_000_000] {
        let bytes = Noise.bytes(size)
        try put(bytes, server)
        let sink = SlowSink(size)
        try await client.download("OUT/a", to: sink, over: None())
        #expect(sink.bytes == bytes)
      }
    }
  }

  @Test("pieces end where the slowest connection is too far behind")
  func piecesWait() async throws {
    let size: UInt64 = 100 << 20
    let pieces = DownloadPieces(from: 100, requestedUpTo: 1000, of: size)
    var taken: [Range<UInt64>] = []
    while let piece = pieces.takeNow() { taken.append(piece) }
    #expect(taken.first?.lowerBound == 1000)
    let end = try #require(taken.last?.upperBound)
    #expect(end < size)
    for piece in taken { #expect(pieces.confirm(piece) == 100) }
    pieces.giveBack([500..<1000])
    #expect(pieces.takeNow() == 500..<1000)
    #expect(pieces.confirm(500..<1000) == 100)
    #expect(pieces.takeNow() == nil)
    #expect(pieces.confirm(100..<500) == end)
    #expect(await pieces.take()?.lowerBound == end)
    pieces.fail(.cancelled)
    #expect(await pieces.take() == nil)
  }
}

/// Keeps the bytes in memory, slowly enough for further connections to be there before the end.
private final class SlowSink: DownloadSink {
  private let state: Locked<(bytes: [UInt8], written: Int)>
  private let pause: Duration
  private let isReady: @Sendable () -> Bool

  /// - Parameter isReady: what the second half waits for; it fails where that takes more than a minute.
  init(_ size: Int, pause: Duration = .milliseconds(8), until isReady: @escaping @Sendable () -> Bool = { true }) {
    self.isReady = isReady
    state = Locked(([UInt8](repeating: 0, count: size), 0))
    self.pause = pause
  }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var written: Int { state.withLock { $0.written } }

  func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    // As often as there are requests of 32 KB in it.
    try await Task.sleep(for: pause * ((bytes.count - 1) / 32_768 + 1))
    if offset > UInt64(self.bytes.count / 2) { try await withinAMinute(isReady) }
    state.withLock { state in
      state.bytes.replaceSubrange(Int(offset)..<Int(offset) + bytes.count, with: bytes)
      state.written += bytes.count
    }
  }
}
