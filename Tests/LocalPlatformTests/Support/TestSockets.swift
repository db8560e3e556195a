import FilsluseBase
import Glibc

struct TestSocketError: Error {
  let call: String
  let number: Int32
}

/// A server that sends back what it reads, a thread per connection.
final class EchoServer: Sendable {
  let port: UInt16
  private let listener: Int32

  init() throws {
    let socket = try makeSocket()
    listener = socket
    port = try bindToFreePort(socket)
    guard listen(socket, 16) == 0 else { throw TestSocketError(call: "listen", number: errno) }
    BlockingThreads.startThread(named: "echo-listener") {
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return }
        BlockingThreads.startThread(named: "echo") { Self.echo(connection) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  static func portNobodyListensOn() throws -> UInt16 {
    let socket = try makeSocket()
    defer { close(socket) }
    return try bindToFreePort(socket)
  }

  private static func echo(_ connection: Int32) {
    var buffer = [UInt8](repeating: 0, count: 262_144)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0, sendAll(connection, buffer[..<count]) else { break }
    }
    close(connection)
  }
}

/// A plain TCP client; what blocks, blocks on a thread of its own.
final class Client: Sendable {
  private let socket: Int32

  init(port: UInt16) throws {
    socket = try makeSocket()
    guard withLoopback(port: port, { connect(socket, $0, $1) }) == 0 else {
      // `deinit` closes the socket, also after a throw from here.
      throw TestSocketError(call: "connect", number: errno)
    }
  }

  deinit { close(socket) }

  /// Sends bytes and reads as many back; none when the connection ended.
  func exchange(_ bytes: [UInt8]) async throws -> [UInt8] {
    try await onOwnThread { [self] in
      guard sendAll(socket, bytes[...]) else { return [] }
      var answer: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while answer.count < bytes.count {
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return [] }
        answer += buffer[..<count]
      }
      return answer
    }
  }

  /// Sends so many bytes, then the end of the stream, and counts what comes back until the other end closes.
  func sendAndCount(_ count: Int) async throws -> Int {
    async let sent: Void = onOwnThread { [self] in
      let block = [UInt8](repeating: 7, count: 262_144)
      var left = count
      while left > 0, sendAll(socket, block[..<min(left, block.count)]) { left -= min(left, block.count) }
      shutdown(socket, Int32(SHUT_WR))
    }
    async let received = onOwnThread { [self] in
      var buffer = [UInt8](repeating: 0, count: 262_144)
      var total = 0
      while true {
        let count = recv(socket, &buffer, buffer.count, 0)
        guard count > 0 else { return total }
        total += count
      }
    }
    try await sent
    return try await received
  }

  private func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async throws -> Result {
    await withCheckedContinuation { continuation in
      BlockingThreads.startThread(named: "test-client") { continuation.resume(returning: body()) }
    }
  }
}

private func makeSocket() throws -> Int32 {
  let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  guard socket >= 0 else { throw TestSocketError(call: "socket", number: errno) }
  return socket
}

private func bindToFreePort(_ socket: Int32) throws -> UInt16 {
  guard withLoopback(port: 0, { bind(socket, $0, $1) }) == 0 else { throw TestSocketError(call: "bind", number: errno) }
  var address = sockaddr_in()
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  _ = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
  }
  return UInt16(bigEndian: address.sin_port)
}

private func withLoopback(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
  }
}

private func sendAll(_ socket: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
  var sent = 0
  while sent < bytes.count {
    let count = bytes.withUnsafeBytes {
      send(socket, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return false }
    sent += count
  }
  return true
}
