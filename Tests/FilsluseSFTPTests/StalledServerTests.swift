import FilsluseBase
import Glibc
import LocalPlatform
import PlatformFixture
import Testing

@testable import FilsluseSFTP

/// No call may hang: each ends by its deadline, in spite of anything the other side does or leaves undone.
@Suite struct StalledServerTests {
  private static let short = Duration.milliseconds(700)

  /// Expects one of the codes, after the deadline and not much later.
  private func expectTimeOut(_ codes: Set<SFTPError.Code> = [.timedOut], _ body: () async throws -> Void) async {
    let start = ContinuousClock.now
    let error = await sftpError(body)
    let taken = ContinuousClock.now - start
    #expect(error.map { codes.contains($0.code) } == true, "\(error as Any)")
    #expect(error?.isRetriable == true)
    #expect(taken >= .milliseconds(500) && taken < .seconds(10))
  }

  @Test("connecting ends by its deadline")
  func connectingEndsByItsDeadline() async throws {
    let full = try FullListener()
    try await withTestServer { server in
      var endpoint = try server.endpoint(deadlines: Deadlines(connect: Self.short))
      endpoint.port = full.port
      let silent = endpoint
      await expectTimeOut([.connectTimedOut]) { try await withSFTPClient(silent, logger: quiet) { _ in } }
    }
    full.close()
  }

  @Test("a silent server ends the login")
  func aSilentServerEndsTheLogin() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      proxy.stall()
      let endpoint = try server.endpoint(through: proxy, deadlines: Deadlines(login: Self.short))
      await expectTimeOut([.connectTimedOut]) { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
    }
  }

  @Test("a server that stalls during the login ends it", arguments: [300, 1500, 2200, 2800])
  func aServerThatStallsDuringTheLoginEndsIt(bytes: Int) async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port, TCPProxy.Conditions(bytesPerSecond: bytes))
      let endpoint = try server.endpoint(through: proxy, deadlines: Deadlines(login: Self.short))
      await expectTimeOut([.connectTimedOut, .timedOut]) { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
    }
  }

  @Test("a server that does not answer ends the request")
  func aServerThatDoesNotAnswerEndsTheRequest() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      let endpoint = try server.endpoint(through: proxy, deadlines: Deadlines(reply: .seconds(2)))
      try await withSFTPClient(endpoint, logger: quiet) { client in
        _ = try await client.list(".")
        proxy.stall(.toClient)
        await expectTimeOut { _ = try await client.list(".") }
        // The connection is over, and says why at once.
        #expect(await sftpError { _ = try await client.list(".") }?.code == .timedOut)
      }
    }
  }

  @Test("a transfer without progress ends", arguments: [TCPProxy.Direction.toServer, .toClient])
  func aTransferWithoutProgressEnds(direction: TCPProxy.Direction) async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      let endpoint = try server.endpoint(through: proxy, deadlines: Deadlines(noProgress: Self.short))
      try await withSFTPClient(endpoint, logger: quiet) { client in
        await expectTimeOut {
          try await client.upload(NoiseSource(size: 1 << 30), to: "a") { step in
            if step.bytes > 2_000_000 { proxy.stall(direction) }
          }
        }
      }
    }
  }

  @Test("a slow line is no stall")
  func aSlowLineIsNoStall() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      let endpoint = try server.endpoint(
        through: proxy, deadlines: Deadlines(reply: .seconds(2), noProgress: .seconds(2)))
      try await withSFTPClient(endpoint, logger: quiet) { client in
        proxy.conditions = TCPProxy.Conditions(bytesPerSecond: 400_000)
        let bytes = Noise.bytes(1_200_000)
        try await client.write(bytes, to: "a")
        #expect(try await client.read("a", limit: bytes.count) == bytes)
      }
    }
  }

  @Test("an idle connection is pinged and a dead one noticed")
  func anIdleConnectionIsPingedAndADeadOneNoticed() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      let endpoint = try server.endpoint(
        through: proxy, deadlines: Deadlines(reply: .milliseconds(500), idlePing: .milliseconds(200)))
      try await withSFTPClient(endpoint, logger: quiet) { client in
        let before = proxy.carried(.toServer)
        try await Task.sleep(for: .seconds(1))
        #expect(proxy.carried(.toServer) > before)
        proxy.stall()
        try await Task.sleep(for: .seconds(1.5))
        #expect(await sftpError { _ = try await client.list(".") }?.code == .timedOut)
      }
    }
  }

  @Test("closing towards a silent server takes a moment")
  func closingTowardsASilentServerTakesAMoment() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      let client = try await SFTPClient.connect(try server.endpoint(through: proxy), logger: quiet)
      proxy.stall()
      let start = ContinuousClock.now
      await client.close()
      #expect(ContinuousClock.now - start < .seconds(20))
      #expect(await sftpError { _ = try await client.list(".") }?.code == .connectionClosed)
    }
  }

  @Test("a cancelled connect ends at once")
  func aCancelledConnectEndsAtOnce() async throws {
    try await withTestServer { server in
      let proxy = try TCPProxy(to: server.port)
      proxy.stall()
      let endpoint = try server.endpoint(through: proxy)
      let connecting = Task { try await SFTPClient.connect(endpoint, logger: quiet) }
      try await Task.sleep(for: .milliseconds(200))
      let start = ContinuousClock.now
      connecting.cancel()
      await expectError(.cancelled) { _ = try await connecting.value }
      #expect(ContinuousClock.now - start < .seconds(20))
    }
  }
}

/// A port whose queue of connections is full: the kernel lets further ones wait, until the listener is closed.
final class FullListener: Sendable {
  let port: UInt16
  private let sockets: [Int32]

  /// Listens at an address of this machine.
  init(on host: String = "127.0.0.1") throws {
    func address(_ port: UInt16) throws -> SocketAddress {
      try #require(try SocketAddress.lookUp(host, port: port, onlyNumeric: true).get().first)
    }
    let unbound = try address(0)
    let listener = socket(unbound.family, Int32(SOCK_STREAM.rawValue), 0)
    // The port lies at the same place in the addresses of IPv4 and IPv6.
    var bound = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let isBound = unbound.withSocketAddress { bind(listener, $0, $1) == 0 && listen(listener, 0) == 0 }
    let isNamed = withUnsafeMutablePointer(to: &bound) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) == 0 }
    }
    try #require(isBound && isNamed)
    let port = UInt16(bigEndian: bound.sin6_port)
    let itself = try address(port)
    var sockets = [listener]
    for _ in 0..<4 {
      let client = socket(itself.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      _ = itself.withSocketAddress { connect(client, $0, $1) }
      sockets.append(client)
    }
    self.port = port
    self.sockets = sockets
  }

  /// Ends it; the kernel refuses connections from then on.
  func close() { for socket in sockets { Glibc.close(socket) } }
}
