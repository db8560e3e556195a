internal import CSystemShim
import FilsluseBase
import Glibc

/// The proxy's thread: one poll over the listener, the wake-up event and every connection.
struct ProxyLoop {
  let listener: Int32
  let controls: ProxyControls
  private var connections: [ProxyConnection] = []

  init(listener: Int32, controls: ProxyControls) {
    self.listener = listener
    self.controls = controls
  }

  /// Carries bytes until the proxy is stopped.
  mutating func run() {
    while true {
      let orders = controls.read { $0 }
      if orders.stopped { break }
      wait(orders)
      controls.wakeUp.clear()
      obeyCutAll()
      accept(orders.conditions)
      carry(controls.read { $0 })
      connections.removeAll(where: \.isOver)
      controls.note { $0.connectionsOpen = connections.count }
    }
    for index in connections.indices { connections[index].close(.reset) }
    close(listener)
  }

  private func wait(_ orders: ProxyControls.State) {
    let now = Nanoseconds.now
    var wakeAt = Nanoseconds.max
    var polled = [
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
      pollfd(fd: controls.wakeUp.fileDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    for connection in connections {
      if let end = connection.endsAt {
        wakeAt = min(wakeAt, end.moment)
        continue
      }
      if connection.server == nil { wakeAt = min(wakeAt, connection.opensAt) }
      for direction in TCPProxy.Direction.allCases where !orders.stalled.contains(direction) {
        if connection.wantsToRead(direction, orders.conditions), let source = connection.source(of: direction) {
          polled.append(pollfd(fd: source, events: Int16(POLLIN), revents: 0))
        }
        if connection.wantsToWrite(direction, at: now) {
          if let sink = connection.sink(of: direction) {
            polled.append(pollfd(fd: sink, events: Int16(POLLOUT), revents: 0))
          }
        } else if connection.server != nil, let due = connection.lines[direction]?.due {
          wakeAt = min(wakeAt, due)
        }
      }
    }
    let patience = wakeAt == .max ? -1 : max(0, wakeAt - now)
    _ = filsluse_poll(&polled, nfds_t(polled.count), patience)
  }

  private mutating func accept(_ conditions: TCPProxy.Conditions) {
    while true {
      let client = filsluse_accept(listener)
      guard client >= 0 else { return }
      Loopback.sendAtOnce(client)
      if let size = conditions.socketBuffer { Loopback.limitBuffers(of: client, to: size) }
      connections.append(ProxyConnection(client: client, opensAt: .now + 3 * Nanoseconds(conditions.delay)))
      controls.note { $0.connectionsMade += 1 }
    }
  }

  private mutating func obeyCutAll() {
    let ending = controls.note { state in
      defer { state.cutAll = nil }
      return state.cutAll
    }
    guard let ending else { return }
    for index in connections.indices { connections[index].close(ending) }
  }

  private mutating func carry(_ orders: ProxyControls.State) {
    for index in connections.indices where !connections[index].isOver {
      if let end = connections[index].endsAt {
        if end.moment <= .now { connections[index].close(end.ending) }
        continue
      }
      if connections[index].server == nil, connections[index].opensAt <= .now {
        connections[index].open(to: orders.target, orders.conditions)
      }
      for direction in TCPProxy.Direction.allCases where !orders.stalled.contains(direction) {
        guard !connections[index].isOver, connections[index].endsAt == nil else { break }
        if connections[index].wantsToRead(direction, orders.conditions) {
          connections[index].read(direction, at: .now, orders.conditions)
        }
        if !connections[index].isOver {
          write(connections[index].sink(of: direction) == nil ? nil : index, direction, orders.conditions)
        }
      }
    }
  }

  /// Writes bytes, and cuts at the ordered position.
  private mutating func write(_ index: Int?, _ direction: TCPProxy.Direction, _ conditions: TCPProxy.Conditions) {
    guard let index else { return }
    let cut = controls.read(\.cut)
    let limit = min(cut?.direction == direction ? cut?.remaining ?? .max : .max, conditions.largestPiece ?? .max)
    let written = connections[index].write(direction, at: .now, limit: limit)
    let reached = controls.note { state -> ProxyControls.Cut? in
      state.carried[direction, default: 0] += written
      guard let ordered = state.cut, ordered.direction == direction else { return nil }
      state.cut?.remaining -= written
      guard ordered.remaining <= written, connections[index].lines[direction]?.waiting ?? 0 > 0 || written > 0 else {
        return nil
      }
      state.cut = nil
      return ordered
    }
    guard let reached else { return }
    if reached.pause > .zero {
      connections[index].endsAt = (.now + Nanoseconds(reached.pause), reached.ending)
    } else {
      connections[index].close(reached.ending)
    }
  }
}
