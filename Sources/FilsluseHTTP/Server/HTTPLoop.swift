internal import CSystemShim
internal import FilsluseBase
import Glibc

/// The server's thread: one poll over the listener, the wake-up event and every connection.
struct HTTPLoop {
  private let listener: HTTPListener
  private let limits: HTTPLimits
  private let mailbox: HTTPMailbox
  private let site: HTTPServer.Site
  private let clock = ContinuousClock()
  private var connections: [HTTPConnection] = []
  /// Surplus connections, which are being refused.
  private var turnedAway: [HTTPConnection] = []
  private var nextNumber: UInt64 = 0
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  /// Set when there was no descriptor left for a connection.
  private var listensAgain: ContinuousClock.Instant?
  private var stopsBy: ContinuousClock.Instant?

  init(listener: HTTPListener, limits: HTTPLimits, mailbox: HTTPMailbox, site: @escaping HTTPServer.Site) {
    self.listener = listener
    self.limits = limits
    self.mailbox = mailbox
    self.site = site
  }

  /// Serves until it is stopped, and then until all requests under way are answered.
  mutating func run() {
    while !isDone {
      let ready = wait()
      mailbox.wakeUp.clear()
      let letters = mailbox.collect()
      if letters.isStopping, stopsBy == nil { beginToStop() }
      for (number, response) in letters.answers { deliver(response, to: number) }
      serve(\.connections, ready: ready)
      serve(\.turnedAway, ready: ready)
      if ready[listener.socket] != nil { accept() }
    }
    for index in connections.indices { connections[index].close() }
    for index in turnedAway.indices { turnedAway[index].close() }
    if stopsBy == nil { close(listener.socket) }
    mailbox.end()
  }

  private var isDone: Bool {
    guard let stopsBy else { return false }
    return connections.isEmpty || clock.now >= stopsBy
  }

  /// Accepts no more connections, and closes those without a request's head.
  private mutating func beginToStop() {
    stopsBy = clock.now + limits.stopWithin
    close(listener.socket)
    for index in connections.indices where connections[index].isWithoutHead { connections[index].close() }
    connections.removeAll(where: \.isOver)
  }

  /// Waits for the next event or deadline.
  ///
  /// - Returns: the ready events by descriptor.
  private mutating func wait() -> [Int32: Int16] {
    var polled = [pollfd(fd: mailbox.wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0)]
    let now = clock.now
    var wakeAt = stopsBy ?? now + .seconds(60)
    if let again = listensAgain, again <= now { listensAgain = nil }
    if let again = listensAgain {
      wakeAt = min(wakeAt, again)
    } else if stopsBy == nil {
      polled.append(pollfd(fd: listener.socket, events: Int16(POLLIN), revents: 0))
    }
    for connection in connections + turnedAway {
      polled.append(pollfd(fd: connection.socket, events: connection.interest, revents: 0))
      wakeAt = min(wakeAt, connection.deadline)
    }
    let (seconds, attoseconds) = max(.zero, now.duration(to: wakeAt)).components
    // A nanosecond more, so that the deadline has passed when the poll ends.
    _ = filsluse_poll(&polled, nfds_t(polled.count), seconds * 1_000_000_000 + attoseconds / 1_000_000_000 + 1)
    return polled.reduce(into: [:]) { if $1.revents != 0 { $0[$1.fd] = $1.revents } }
  }

  private mutating func serve(_ some: WritableKeyPath<Self, [HTTPConnection]>, ready: [Int32: Int16]) {
    let now = clock.now
    // Moved out for the call, to avoid a copy.
    var taken = self[keyPath: some]
    self[keyPath: some] = []
    for index in taken.indices { serve(&taken[index], ready: ready, now: now) }
    taken.removeAll(where: \.isOver)
    self[keyPath: some] = taken
  }

  private mutating func serve(_ connection: inout HTTPConnection, ready: [Int32: Int16], now: ContinuousClock.Instant) {
    let events = Int32(ready[connection.socket] ?? 0)
    switch connection.phase {
    case .reading, .leaving:
      if events != 0, let request = connection.read(into: &buffer, now: now) { ask(&connection, request, now: now) }
    case .writing:
      if events & POLLERR != 0 { connection.close() } else if events != 0 { connection.continueWriting(now: now) }
    case .answering:
      if events & (POLLERR | POLLHUP | POLLNVAL) != 0 { connection.close() }
    case .over: break
    }
    if !connection.isOver, connection.deadline <= now { connection.runOut(now: now) }
  }

  private func ask(_ connection: inout HTTPConnection, _ request: HTTPRequest, now: ContinuousClock.Instant) {
    var request = request
    request.peer = HTTPPeer.address(of: connection.socket)
    let task = Task { [site, mailbox, request, number = connection.number] in
      mailbox.answer(number, await site(request))
    }
    connection.await(task, now: now)
  }

  /// Delivers an answer; one that comes too late has no connection any more.
  private mutating func deliver(_ response: HTTPResponse, to number: UInt64) {
    guard let index = connections.firstIndex(where: { $0.number == number }),
      case .answering = connections[index].phase
    else { return }
    connections[index].write(response, now: clock.now)
  }

  private mutating func accept() {
    while stopsBy == nil {
      let socket = filsluse_accept(listener.socket)
      guard socket >= 0 else {
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) { listensAgain = clock.now + .milliseconds(250) }
        return
      }
      nextNumber += 1
      let now = clock.now
      var connection = HTTPConnection(number: nextNumber, socket: socket, limits: limits, now: now)
      if connections.count < limits.connections || makeRoom(now: now) {
        connections.append(connection)
      } else if turnedAway.count < limits.turnedAway {
        connection.write(
          .plain(
            .unavailable, english: "too many connections; try again in a few seconds",
            danish: "for mange forbindelser; prøv igen om få sekunder", headers: ["Retry-After": "5"]), now: now)
        turnedAway.append(connection)
      } else {
        connection.close()
      }
    }
  }

  /// Closes the least needed connection: one that has its answer, or else the one whose request has been waited for
  /// longest. So a client that opens connections and never completes a request, head or body, does not block others.
  private mutating func makeRoom(now: ContinuousClock.Instant) -> Bool {
    if let index = connections.firstIndex(where: \.isLeaving) {
      connections[index].close()
      connections.remove(at: index)
      return true
    }
    let waiting = connections.indices.compactMap { index in
      connections[index].waitingSince.map { (index: index, since: $0) }
    }
    guard let oldest = waiting.min(by: { $0.since < $1.since }), now - oldest.since >= limits.patienceWhenFull else {
      return false
    }
    connections[oldest.index].close()
    connections.remove(at: oldest.index)
    return true
  }
}

/// The client at the other end of a connection.
private enum HTTPPeer {
  /// Returns its address; of IPv6 the network, as one client has all addresses of it; empty where it is not known.
  static func address(of socket: Int32) -> String {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(socket, $0, &length) }
    }
    guard code == 0 else { return "" }
    return withUnsafeBytes(of: &storage) { bytes in
      switch Int32(bytes.loadUnaligned(as: sa_family_t.self)) {
      case AF_INET: return bytes[4..<8].map { "\($0)" }.joined(separator: ".")
      case AF_INET6:
        let address = Array(bytes[8..<24])
        if address.dropLast().allSatisfy({ $0 == 0 }), address.last == 1 { return "::1" }
        return address.prefix(8).map { String($0, radix: 16) }.joined(separator: ".")
      default: return ""
      }
    }
  }
}
