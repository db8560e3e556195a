import Glibc

/// A non-blocking TCP socket that connects to a server.
struct TCPSocket {
  let fileDescriptor: Int32

  /// Begins to connect; the socket becomes writable once the outcome is known.
  static func begin(to address: SocketAddress) throws(SFTPError) -> TCPSocket {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else {
      throw SFTPError(.resourcesExhausted, MessageText("no socket to be had: ", "ingen sokkel: ") + systemText(errno))
    }
    let code = address.withSocketAddress { connect(descriptor, $0, $1) }
    guard code == 0 || errno == EINPROGRESS || errno == EINTR else {
      let error = failure(errno)
      close(descriptor)
      throw error
    }
    return TCPSocket(fileDescriptor: descriptor)
  }

  /// Throws the reason why connecting failed, once the socket is writable.
  func checkConnected() throws(SFTPError) {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(fileDescriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { throw Self.failure(errno) }
    guard code == 0 else { throw Self.failure(code) }
  }

  /// Small packets at once, and a peer that has gone silent is noticed by the kernel too.
  func tune(giveUpAfter limit: Duration) {
    set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
    set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 15)
    set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5)
    set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    let milliseconds = limit / .milliseconds(1)
    set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, Int32(min(max(milliseconds, 1), 3_600_000)))
  }

  /// Sets an option and ignores failures: the options only tighten what the deadlines here ensure anyway.
  private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    _ = setsockopt(fileDescriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func failure(_ code: Int32) -> SFTPError {
    switch code {
    case ECONNREFUSED: SFTPError(.connectionRefused, "the server refuses the connection", nil)
    case ETIMEDOUT: SFTPError(.connectTimedOut, "the server does not answer", nil)
    case EMFILE, ENFILE, ENOBUFS, ENOMEM: SFTPError(.resourcesExhausted, systemText(code))
    default: SFTPError(.unreachable, systemText(code))
    }
  }
}
