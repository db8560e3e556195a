internal import FilsluseBase
import Glibc

/// Finds a server's addresses and connects to the first that answers, on the connection's thread.
struct SSHDialler {
  let thread: ConnectionThread

  private var target: ConnectionTarget { thread.target }

  /// The time that an address has before the next one is tried beside it: the delay that RFC 8305, section 5,
  /// recommends.
  private static let headStart = Duration.milliseconds(250)

  func connect() throws(SFTPError) -> TCPSocket {
    let deadline = Deadline(
      target.deadlines.connect,
      waitingFor: MessageText("a connection to \(target.server)", "en forbindelse til \(target.server)"),
      code: .connectTimedOut)
    let addresses = try findAddresses(deadline)
    target.record.note { $0.addresses = addresses.map(\.text) }
    return try connect(to: addresses, deadline)
  }

  /// Connects to the first of these addresses that answers. Where one stays silent or refuses, the next one is tried;
  /// the silent one may still answer.
  func connect(to addresses: [SocketAddress], _ deadline: Deadline) throws(SFTPError) -> TCPSocket {
    var failure = SFTPError(.nameNotResolved, "the host name \(target.host) has no address", target.host)
    var untried = addresses[...]
    var nextTry = ContinuousClock.now
    var attempts: [Attempt] = []
    defer { for attempt in attempts { close(attempt.socket.fileDescriptor) } }
    while !untried.isEmpty || !attempts.isEmpty {
      try thread.control.checkStopped()
      try deadline.check()
      do throws(SFTPError) {
        if nextTry <= .now, let address = untried.popFirst() {
          nextTry = .now + Self.headStart
          attempts.append(Attempt(address: address, socket: try TCPSocket.begin(to: address)))
        }
        if let place = attempts.firstIndex(where: { $0.isDecided }) {
          return try finish(attempts.remove(at: place))
        }
      } catch {
        failure = error
        nextTry = .now
        continue
      }
      let limit = untried.isEmpty ? deadline.moment : min(deadline.moment, nextTry)
      try thread.wait(for: attempts.map(\.socket.fileDescriptor), toSend: true, until: limit)
    }
    throw failure
  }

  /// A connection under way to one of the addresses.
  private struct Attempt {
    let address: SocketAddress
    let socket: TCPSocket

    /// True once the outcome is known.
    var isDecided: Bool {
      var descriptor = pollfd(fd: socket.fileDescriptor, events: Int16(POLLOUT), revents: 0)
      return poll(&descriptor, 1, 0) == 1
    }
  }

  private func finish(_ attempt: Attempt) throws(SFTPError) -> TCPSocket {
    do throws(SFTPError) {
      try attempt.socket.checkConnected()
    } catch {
      close(attempt.socket.fileDescriptor)
      throw error
    }
    attempt.socket.tune(giveUpAfter: target.deadlines.noProgress)
    target.record.note { $0.address = attempt.address.text }
    return attempt.socket
  }

  private func findAddresses(_ deadline: Deadline) throws(SFTPError) -> [SocketAddress] {
    if case .success(let addresses) = SocketAddress.lookUp(target.host, port: target.port, onlyNumeric: true) {
      return addresses
    }
    let answer = SocketAddress.lookUpAside(target.host, port: target.port, wakeUp: thread.control.wakeUp)
    while true {
      if let found = answer.withLock({ $0 }) { return try found.get() }
      try thread.control.checkStopped()
      try deadline.check()
      try thread.wait(for: [], toSend: false, until: deadline.moment)
    }
  }
}
