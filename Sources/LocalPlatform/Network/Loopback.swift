internal import CSystemShim
import Glibc

/// Sockets on 127.0.0.1, the only address the platform uses; a proxy may listen on another one of the interface.
package enum Loopback {
  package static let host = "127.0.0.1"

  /// Returns a port that no server listens on; `preferred` if it is free, or becomes so within two seconds.
  ///
  /// The server of a killed process may need a moment to end.
  package static func freePort(preferring preferred: UInt16? = nil) async throws(PlatformError) -> UInt16 {
    if let preferred {
      let deadline = ContinuousClock.now + .seconds(2)
      repeat {
        if let free = try? listen(on: preferred) {
          close(free.socket)
          return preferred
        }
        try? await Task.sleep(for: .milliseconds(50))
      } while ContinuousClock.now < deadline && !Task.isCancelled
    }
    let found = try listen(on: 0)
    close(found.socket)
    return found.port
  }

  /// A listening socket on 127.0.0.`number` that does not block; port 0 lets the kernel choose.
  static func listen(
    on port: UInt16, at number: UInt8 = 1, backlog: Int32 = 256
  ) throws(PlatformError) -> (socket: Int32, port: UInt16) {
    let socket = try tcpSocket()
    var one: Int32 = 1
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    let bound = withAddress(port: port, number: number) { Glibc.bind(socket, $0, $1) }
    guard bound == 0, Glibc.listen(socket, backlog) == 0 else {
      let number = errno
      close(socket)
      throw .system(number, "bind(127.0.0.\(number):\(port))")
    }
    return (socket, try localPort(of: socket))
  }

  /// A socket that does not block and has begun to connect.
  ///
  /// - Parameter buffers: the size of its buffers in bytes; `nil` for the kernel's own choice.
  static func beginConnecting(to port: UInt16, buffers: Int? = nil) throws(PlatformError) -> Int32 {
    let socket = try tcpSocket()
    if let buffers { limitBuffers(of: socket, to: buffers) }
    let code = withAddress(port: port) { Glibc.connect(socket, $0, $1) }
    guard code == 0 || errno == EINPROGRESS else {
      let number = errno
      close(socket)
      throw .system(number, "connect(\(host):\(port))")
    }
    return socket
  }

  /// Returns true if a server listens on the port.
  package static func isListening(on port: UInt16) -> Bool {
    guard let socket = try? beginConnecting(to: port) else { return false }
    defer { close(socket) }
    // On the loopback interface the kernel answers at once.
    var waiting = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
    guard poll(&waiting, 1, 1000) == 1 else { return false }
    var (failure, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0
  }

  /// Sends small pieces at once: delays are for the proxy to make, not for Nagle.
  static func sendAtOnce(_ socket: Int32) {
    var one: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Asks the kernel for buffers of this size in bytes; it doubles it for its own needs.
  static func limitBuffers(of socket: Int32, to size: Int) {
    var size = Int32(clamping: size)
    for option in [SO_RCVBUF, SO_SNDBUF] {
      setsockopt(socket, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  private static func tcpSocket() throws(PlatformError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let socket = Glibc.socket(AF_INET, type, 0)
    guard socket >= 0 else { throw .system(errno, "socket") }
    return socket
  }

  private static func localPort(of socket: Int32) throws(PlatformError) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    guard code == 0 else { throw .system(errno, "getsockname") }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func withAddress(
    port: UInt16, number: UInt8 = 1, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (UInt32(0x7F00_0000) | UInt32(number)).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
