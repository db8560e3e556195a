import FilsluseSFTP
import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@Suite struct BrokenLineTests {
  @Test("reports a refused connection when no server listens")
  func nobodyListening() async throws {
    try await withTestServer { server in
      var endpoint = try server.endpoint()
      endpoint.port = 1
      let nobody = endpoint
      let error = try #require(await sftpError { try await withSFTPClient(nobody, logger: quiet) { _ in } })
      #expect(error.code == .connectionRefused)
      #expect(error.isRetriable)
      #expect(error.description.contains("127.0.0.1:1"))
    }
  }

  @Test("says that a host's name has no address")
  func aHostWithoutAddress() async throws {
    try await withTestServer { server in
      var endpoint = try server.endpoint()
      endpoint.host = "no-such-host.invalid"
      let nowhere = endpoint
      await expectError(.nameNotResolved) { try await withSFTPClient(nowhere, logger: quiet) { _ in } }
    }
  }

  @Test("connects to a host by its name")
  func aHostByName() async throws {
    try await withTestServer { server in
      var endpoint = try server.endpoint()
      // Often IPv6 first, where no server listens: the next address counts.
      endpoint.host = "localhost"
      let named = endpoint
      #expect(await sftpError { try await withSFTPClient(named, logger: quiet) { _ in } } == nil)
    }
  }

  @Test("a line cut during an upload ends it and it can be resumed", arguments: [TCPProxy.Ending.closed, .reset])
  func aLineCutDuringAnUploadEndsItAndItCanBeResumed(ending: TCPProxy.Ending) async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      let bytes = Noise.bytes(8_000_000)
      let confirmed = Locked<UInt64>(0)
      proxy.cut(.toServer, after: 3_000_000, ending)
      let endpoint = try server.endpoint(through: proxy)
      let error = await sftpError {
        try await withSFTPClient(endpoint, logger: quiet) { client in
          _ = try await client.upload(BytesSource(bytes), to: "a") { step in confirmed.withLock { $0 = step.bytes } }
        }
      }
      #expect(error?.code == .connectionLost)
      #expect(error?.isRetriable == true)
      #expect(error?.path == "a")
      try await withSFTPClient(endpoint, logger: quiet) { client in
        try await client.upload(BytesSource(bytes), to: "a", resumeAt: confirmed.withLock { $0 })
        #expect(try await client.read("a", limit: bytes.count) == bytes)
      }
    }
  }

  @Test("every call in flight learns of the end")
  func everyCallInFlightLearnsOfTheEnd() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      try await withSFTPClient(try server.endpoint(through: proxy), logger: quiet) { client in
        proxy.stall(.toClient)
        let codes = await withTaskGroup(of: SFTPError.Code?.self) { group in
          for _ in 0..<50 { group.addTask { await sftpError { _ = try await client.list(".") }?.code } }
          try? await Task.sleep(for: .milliseconds(200))
          proxy.cutAll()
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: .connectionLost, count: 50))
      }
    }
  }

  @Test("a killed session is noticed")
  func aKilledSessionIsNoticed() async throws {
    try await withOwnServer { server, endpoint in
      let before = server.processes
      try await withSFTPClient(endpoint, logger: quiet) { client in
        try await client.write([1], to: "a")
        let sessions = server.processes.subtracting(before)
        #expect(!sessions.isEmpty)
        for process in sessions { kill(process, SIGKILL) }
        await expectError(.connectionLost) {
          for _ in 0..<100 { _ = try await client.read("a", limit: 1) }
        }
      }
    }
  }

  @Test("the server may renew keys at any time")
  func theServerMayRenewKeysAtAnyTime() async throws {
    try await withOwnServer(["RekeyLimit 1M"]) { _, endpoint in
      try await withSFTPClient(endpoint, logger: quiet) { client in
        let bytes = Noise.bytes(20_000_000)
        try await client.write(bytes, to: "a")
        #expect(try await client.read("a", limit: bytes.count) == bytes)
        async let up: Void = client.write(bytes, to: "b")
        async let down = client.read("a", limit: bytes.count)
        try await up
        #expect(try await down == bytes)
        #expect(try await client.read("b", limit: bytes.count) == bytes)
      }
    }
  }

  @Test("without a common algorithm the error names them")
  func withoutACommonAlgorithmTheErrorNamesThem() async throws {
    try await withOwnServer(["KexAlgorithms sntrup761x25519-sha512@openssh.com", "MACs umac-64@openssh.com"]) {
      _, endpoint in
      let error = await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
      #expect(error?.code == .noCommonAlgorithm)
      for part in ["the server has umac-64@openssh.com", "sntrup761x25519-sha512@openssh.com", "hmac-sha2-256"] {
        #expect(error?.description.contains(part) == true, "\(error as Any)")
      }
      #expect(error?.description.contains("aes128-ctr") == false && (error?.description.count ?? 0) < 600)
      for part in [
        "ingen fælles MAC: serveren har umac-64@openssh.com, og denne klient hmac-sha2-256", "nøgleudveksling",
      ] {
        #expect(error?.inDanish.contains(part) == true, "\(error?.inDanish ?? "")")
      }
    }
  }

  @Test("a hardened server with usual algorithms is reached")
  func aHardenedServerWithUsualAlgorithmsIsReached() async throws {
    try await withOwnServer(["Ciphers aes256-ctr", "MACs hmac-sha2-512", "KexAlgorithms curve25519-sha256"]) {
      _, endpoint in
      try await withSFTPClient(endpoint, logger: quiet) { client in _ = try await client.list(".") }
    }
  }

  @Test("two hundred connections leak nothing")
  func twoHundredConnectionsLeaveNothingBehind() async throws {
    try await withTestServer { server in
      let endpoint = try server.endpoint()
      let before = (try descriptors(), try threads())
      for _ in 0..<25 {
        try await withThrowingTaskGroup { group in
          for _ in 0..<8 {
            group.addTask { try await withSFTPClient(endpoint, logger: quiet) { _ = try await $0.list(".") } }
          }
          try await group.waitForAll()
        }
      }
      // Tests beside this one have some open; a leak would show as 200 and more.
      #expect(try descriptors() - before.0 < 100)
      #expect(try threads() - before.1 < 100)
    }
  }

  private func descriptors() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
  }

  private func threads() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
  }
}

/// Runs a test against a server of its own, with extra lines in its configuration.
func withOwnServer<Result: Sendable>(
  _ extraLines: [String] = [], hostKeys: [KeyKind] = [.ed25519], key: KeyKind = .ed25519,
  _ body: @Sendable (SSHServer, SFTPEndpoint) async throws -> Result
) async throws -> Result {
  // The slot of a shared server's test also bounds how many servers of their own run at a time.
  try await withTestServer { _ in
    try await withScratchFolder { folder in
      let server = try await SSHServer.start(
        in: folder.appending("server"), SSHServer.Options(hostKeys: hostKeys, extraLines: extraLines))
      let user = try await server.addUser("own", key: key)
      let endpoint = SFTPEndpoint(
        host: server.host, port: server.port, user: user.name,
        hostKeys: .pinned([server.fingerprint]), identity: .keyFile(user.keyFile))
      do {
        let result = try await body(server, endpoint)
        try await server.stop()
        return result
      } catch {
        try await server.stop()
        throw error
      }
    }
  }
}
