import FilsluseSFTP
import FilsluseBase
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

/// Real logins to servers that hand out names or bytes without end.
@Suite(.timeLimit(.minutes(25))) struct EndlessServerTests {
  private func withEndless(
    _ kind: EndlessServer, _ limits: ListingLimits = ListingLimits(),
    _ body: @escaping @Sendable (SFTPClient) async throws -> Void
  ) async throws {
    try await withScratchFolder { folder in
      try await withOwnServer([try kind.configuration(in: folder)]) { _, endpoint in
        var endpoint = endpoint
        endpoint.listing = limits
        try await withSFTPClient(endpoint, logger: quiet, body)
      }
    }
  }

  @Test(
    "ends a listing at the most names, and goes on using the connection",
    arguments: [EndlessServer.freshNames, .repeatedNames, .impossibleNames])
  func namesWithoutEnd(kind: EndlessServer) async throws {
    try await withEndless(kind, ListingLimits(names: 5000)) { client in
      for _ in 0..<2 {
        let error = await sftpError { _ = try await client.list("IN") }
        #expect(error?.code == .listingTooLong && error?.endsConnection == false, "\(error as Any)")
        #expect(error?.description.contains("more than 5000 names") == true, "\(error as Any)")
        #expect(error?.path == "IN")
      }
      let home = try await client.realPath(".")
      #expect(home == "/home")
    }
  }

  @Test("a listing ends at the most bytes")
  func aListingEndsAtTheMostBytes() async throws {
    try await withEndless(.freshNames, ListingLimits(bytes: 200_000)) { client in
      let error = await sftpError { _ = try await client.list("IN") }
      #expect(error?.code == .listingTooLong, "\(error as Any)")
      #expect(error?.description.contains("200000 bytes") == true, "\(error as Any)")
    }
  }

  @Test("a listing ends after the longest time")
  func aListingEndsAfterTheLongestTime() async throws {
    try await withEndless(.slowNames, ListingLimits(duration: .milliseconds(350))) { client in
      let error = await sftpError { _ = try await client.list("IN") }
      #expect(error?.code == .listingTooLong, "\(error as Any)")
      let home = try await client.realPath(".")
      #expect(home == "/home")
    }
  }

  @Test("ends a listing of pages without names with an error")
  func pagesWithoutNamesEnd() async throws {
    try await withEndless(.emptyPages) { client in
      let error = await sftpError { _ = try await client.list("IN") }
      #expect(error?.code == .listingTooLong, "\(error as Any)")
    }
  }

  @Test("refuses one answer with more than a listing may hold", arguments: [EndlessServer.largePage, .crowdedPage])
  func oneAnswerThatIsTooLong(kind: EndlessServer) async throws {
    try await withEndless(kind) { client in
      let error = await sftpError { _ = try await client.list("IN") }
      #expect(error?.code == .protocolViolation, "\(error as Any)")
    }
  }

  /// Counts the bytes it is given.
  private final class Counter: DownloadSink {
    let count = Locked(0)
    func write(_ bytes: [UInt8], at offset: UInt64) { count.withLock { $0 += bytes.count } }
  }

  @Test("reads as much as was announced, and not more", arguments: [0, 1, 32 * 1024, 1_000_000] as [UInt64])
  func dataWithoutEnd(limit: UInt64) async throws {
    try await withEndless(.endlessData) { client in
      let sink = Counter()
      let error = await sftpError { _ = try await client.download("IN/a", to: sink, limit: limit) }
      #expect(error?.code == .tooLarge && error?.endsConnection == false, "\(error as Any)")
      #expect(sink.count.withLock { $0 } <= Int(limit))
      let metadata = await sftpError { _ = try await client.read("IN/a.metadata", limit: 1000) }
      #expect(metadata?.code == .tooLarge)
      let home = try await client.realPath(".")
      #expect(home == "/home")
    }
  }

  @Test("ends answers to READ that bring nothing or too much", arguments: [EndlessServer.emptyData, .tooMuchData])
  func wrongData(kind: EndlessServer) async throws {
    try await withEndless(kind) { client in
      let error = await sftpError { _ = try await client.download("IN/a", to: Counter(), limit: 100_000) }
      #expect(error?.code == .protocolViolation, "\(error as Any)")
    }
  }

  @Test("a file that is longer than announced is not read at all")
  func aFileThatIsLongerThanAnnouncedIsNotReadAtAll() async throws {
    try await withTestClient { client, _ in
      try await client.write(Noise.bytes(100_000), to: "a")
      let sink = Counter()
      let error = await sftpError { _ = try await client.download("a", to: sink, limit: 99_999) }
      #expect(error?.code == .tooLarge)
      #expect(sink.count.withLock { $0 } == 0)
      let whole = try await client.download("a", to: sink, limit: 100_000)
      #expect(whole.size == 100_000)
    }
  }
}
