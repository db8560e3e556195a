import FilsluseSFTP
import FilsluseBase
import LocalPlatform
import PlatformFixture
import Testing

/// Cancelling ends a call at once and leaves the connection usable.
@Suite struct CancellationTests {
  @Test("a cancelled upload leaves the connection usable")
  func aCancelledUploadLeavesTheConnectionUsable() async throws {
    try await withTestClient { client, server in
      let begun = Locked(false)
      let uploading = Task {
        try await client.upload(NoiseSource(size: 1 << 32), to: "OUT/stor") { _ in begun.withLock { $0 = true } }
      }
      while !begun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
      uploading.cancel()
      await expectError(.cancelled) { _ = try await uploading.value }
      try await client.write([1, 2, 3], to: "OUT/lille")
      #expect(try await client.read("OUT/lille", limit: 3) == [1, 2, 3])
      try await server.expectClosed("stor")
    }
  }

  @Test("a cancelled download leaves the connection usable")
  func aCancelledDownloadLeavesTheConnectionUsable() async throws {
    try await withTestClient { client, server in
      try await client.upload(NoiseSource(size: 64 << 20), to: "OUT/stor")
      let begun = Locked(false)
      let downloading = Task {
        try await client.download("OUT/stor", to: Collector()) { _ in begun.withLock { $0 = true } }
      }
      while !begun.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
      downloading.cancel()
      await expectError(.cancelled) { _ = try await downloading.value }
      #expect(try await client.list("OUT").count == 1)
      try await server.expectClosed("stor")
    }
  }

  @Test("handles that come too late are closed")
  func handlesThatComeTooLateAreClosed() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      try await withSFTPClient(try server.endpoint(through: proxy), logger: quiet) { client in
        try await client.write([1], to: "OUT/sen")
        let sent = proxy.carried(.toServer)
        proxy.stall(.toClient)
        let opening = (0..<40).map { _ in Task { try await client.open("OUT/sen", .read).path } }
        while proxy.carried(.toServer) < sent + 40 * 28 { try await Task.sleep(for: .milliseconds(5)) }
        for task in opening { task.cancel() }
        for task in opening { await expectError(.cancelled) { _ = try await task.value } }
        proxy.resume()
        #expect(try await client.list("OUT").count == 1)
        try await server.expectClosed("sen")
      }
    }
  }

  @Test("a cancelled task sends no request")
  func aCancelledTaskAsksNothing() async throws {
    try await withTestClient { client, _ in
      let task = Task {
        try? await Task.sleep(for: .seconds(60))
        return try await client.list(".")
      }
      task.cancel()
      await expectError(.cancelled) { _ = try await task.value }
      _ = try await client.list(".")
    }
  }
}
