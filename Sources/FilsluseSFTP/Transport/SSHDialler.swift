internal import FilsluseBase
import Glibc

/// Finds a server's addresses and connects to the first that answers, on the connection's thread.
struct SSHDialler {
  let thread: ConnectionThread

  private var target: ConnectionTarget { thread.target }

  func connect() throws(SFTPError) -> TCPSocket {
    let deadline = deadline(target.deadlines.connect)
    let addresses = try findAddresses(deadline)
    target.record.note { $0.addresses = addresses.map(\.text) }
    return try connect(to: addresses, deadline)
  }

  /// Connects to the first of these addresses that answers.
  func connect(to addresses: [SocketAddress], _ deadline: Deadline) throws(SFTPError) -> TCPSocket {
    var failure = SFTPError(.nameNotResolved, "the host name \(target.host) has no address")
    for (index, address) in addresses.enumerated() {
      // An address that stays silent must leave time for those after it.
      let share = (deadline.moment - .now) / (addresses.count - index)
      do throws(SFTPError) {
        return try connect(to: address, self.deadline(share))
      } catch {
        try thread.control.checkStopped()
        failure = error
      }
    }
    throw deadline.isOver ? deadline.error : failure
  }

  private func deadline(_ limit: Duration) -> Deadline {
    Deadline(limit, waitingFor: "a connection to \(target.server)", code: .connectTimedOut)
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
      // A negative descriptor is not polled: only the wake-up event counts here.
      try thread.wait(for: -1, toSend: false, until: deadline.moment)
    }
  }

  private func connect(to address: SocketAddress, _ deadline: Deadline) throws(SFTPError) -> TCPSocket {
    let socket = try TCPSocket.begin(to: address)
    do throws(SFTPError) {
      while !(try isWritable(socket, until: deadline.moment)) {
        try thread.control.checkStopped()
        try deadline.check()
      }
      try socket.checkConnected()
    } catch {
      close(socket.fileDescriptor)
      throw error
    }
    socket.tune(giveUpAfter: target.deadlines.noProgress)
    target.record.note { $0.address = address.text }
    return socket
  }

  private func isWritable(_ socket: TCPSocket, until limit: ContinuousClock.Instant) throws(SFTPError) -> Bool {
    try thread.wait(for: socket.fileDescriptor, toSend: true, until: limit)
    var descriptor = pollfd(fd: socket.fileDescriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&descriptor, 1, 0) == 1
  }
}
