import Glibc

/// One client's connection through the proxy, with its two directions.
struct ProxyConnection {
  let client: Int32
  /// The socket to the server, once the client's handshake would have reached it.
  private(set) var server: Int32?
  let opensAt: Nanoseconds
  private(set) var lines: [TCPProxy.Direction: DelayLine] = [.toServer: DelayLine(), .toClient: DelayLine()]
  private var ended: Set<TCPProxy.Direction> = []
  private var shut: Set<TCPProxy.Direction> = []
  private(set) var isOver = false
  /// The time and manner of its end, where a cut has been reached; nothing moves on it until then.
  var endsAt: (moment: Nanoseconds, ending: TCPProxy.Ending)?

  init(client: Int32, opensAt: Nanoseconds) {
    self.client = client
    self.opensAt = opensAt
  }

  /// Begins to connect to the server; the client's connection ends at once when that fails.
  mutating func open(to target: UInt16, _ conditions: TCPProxy.Conditions) {
    do {
      let socket = try Loopback.beginConnecting(to: target, buffers: conditions.socketBuffer)
      Loopback.sendAtOnce(socket)
      server = socket
    } catch {
      close(.reset)
    }
  }

  func source(of direction: TCPProxy.Direction) -> Int32? { direction == .toServer ? client : server }
  func sink(of direction: TCPProxy.Direction) -> Int32? { direction == .toServer ? server : client }

  /// Returns true if bytes that arrive for a direction are to be read from its source.
  func wantsToRead(_ direction: TCPProxy.Direction, _ conditions: TCPProxy.Conditions) -> Bool {
    server != nil && !ended.contains(direction) && (lines[direction]?.hasRoom(conditions) ?? false)
  }

  /// Takes what has arrived, up to 1 MiB a turn so that no connection holds up the others.
  mutating func read(_ direction: TCPProxy.Direction, at now: Nanoseconds, _ conditions: TCPProxy.Conditions) {
    guard let source = source(of: direction) else { return }
    for _ in 0..<16 where lines[direction]?.hasRoom(conditions) == true {
      var result = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        result = recv(source, buffer.baseAddress, buffer.count, 0)
        count = max(result, 0)
      }
      if result == 0 {
        ended.insert(direction)
        return
      }
      guard result > 0 else {
        if errno != EAGAIN && errno != EINTR { close(.reset) }
        return
      }
      lines[direction]?.append(bytes, at: now, conditions)
    }
  }

  /// Writes the bytes that are due, at most `limit`, and passes the stream's end on behind the last byte.
  ///
  /// - Returns: the number of bytes written.
  mutating func write(_ direction: TCPProxy.Direction, at now: Nanoseconds, limit: Int) -> Int {
    guard let sink = sink(of: direction),
      let result = lines[direction]?.drain(
        at: now, limit: limit,
        { bytes in
          send(sink, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        })
    else { return 0 }
    if result.failed {
      close(.reset)
    } else if ended.contains(direction), lines[direction]?.waiting == 0, shut.insert(direction).inserted {
      shutdown(sink, Int32(SHUT_WR))
      if shut.count == 2 { close(.closed) }
    }
    return result.written
  }

  /// Returns true if bytes are ready to go out, so that the thread must know when the sink takes more.
  func wantsToWrite(_ direction: TCPProxy.Direction, at now: Nanoseconds) -> Bool {
    guard server != nil, let line = lines[direction] else { return false }
    if let due = line.due { return due <= now }
    return ended.contains(direction) && !shut.contains(direction)
  }

  /// Ends the connection on both sides.
  mutating func close(_ ending: TCPProxy.Ending) {
    guard !isOver else { return }
    isOver = true
    for socket in [client, server].compactMap({ $0 }) {
      if ending == .reset {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
      }
      Glibc.close(socket)
    }
  }
}
