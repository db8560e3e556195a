import FilsluseSFTP
import FilsluseSystem
import Foundation
import PlatformFixture
import SystemPackage
import Testing

/// Transfers with a server that differs from OpenSSH where the protocol leaves it free.
@Suite(.timeLimit(.minutes(8))) struct UnusualServerTests {
  private func withServer(
    _ change: (inout AsyncSSHServer.Ways) -> Void,
    _ body: @escaping @Sendable (SFTPEndpoint, AsyncSSHServer) async throws -> Void
  ) async throws {
    var ways = AsyncSSHServer.Ways()
    change(&ways)
    try await withScratchFolder { [ways] folder in
      try await AsyncSSHServer.run(ways, in: folder) { server in
        let endpoint = SFTPEndpoint(
          host: "127.0.0.1", port: server.port, user: "flis",
          hostKeys: .pinned([try HostKeyFingerprint(server.fingerprint)]), identity: .keyFile(server.keyFile))
        try await body(endpoint, server)
      }
    }
  }

  /// A stall lasts until the idle deadline of 30 s; with one in each window the upload takes many minutes.
  @Test("uploads through a small receive window without a pause", arguments: [24 << 10, 64 << 10, 128 << 10])
  func smallWindow(bytes: Int) async throws {
    try await withServer({ $0.window = bytes }) { endpoint, server in
      let content = Noise.bytes(8 << 20)
      var endpoint = endpoint
      endpoint.deadlines.reply = .seconds(600)
      endpoint.deadlines.noProgress = .seconds(600)
      endpoint.deadlines.idlePing = .seconds(600)
      try await withSFTPClient(endpoint, logger: quiet) { client in
        _ = try await client.upload(BytesSource(content), to: "OUT/large")
      }
      let arrived = try Data(contentsOf: URL(filePath: server.folder.appending("OUT/large").string))
      #expect(arrived.elementsEqual(content))
    }
  }
}
