import FilsluseBase

/// A TCP line with faults, on loopback: between a client and a server it delays, stalls, slows down and cuts.
///
/// It listens on a free port of 127.0.0.1 and carries every connection to one port there. A thread of its own moves the
/// bytes; at 10 ms each way it carries well over 100 MB/s. The TCP handshake takes its time too: the server sees a
/// connection one and a half round trips after the client made it.
public final class TCPProxy: Sendable {
  /// The properties of the line.
  public struct Conditions: Sendable, Hashable {
    /// The delay of a byte in each direction: half the round trip.
    public var delay: Duration
    /// The rate of the line in each direction of each connection; `nil` sets no limit.
    public var bytesPerSecond: Int?
    /// The largest number of bytes that go out at a time, each in a segment of its own; `nil` sets no limit.
    public var largestPiece: Int?
    /// The size in bytes that the proxy asks of the kernel for the buffers of its sockets, for connections made from
    /// then on; `nil` for the kernel's own choice.
    public var socketBuffer: Int?

    /// A line's conditions; by default a line as fast as the machine.
    public init(
      delay: Duration = .zero, bytesPerSecond: Int? = nil, largestPiece: Int? = nil, socketBuffer: Int? = nil
    ) {
      self.delay = delay
      self.bytesPerSecond = bytesPerSecond
      self.largestPiece = largestPiece
      self.socketBuffer = socketBuffer
    }
  }

  /// The way bytes go.
  public enum Direction: Sendable, Hashable, CaseIterable {
    /// From the client to the server.
    case toServer
    /// From the server to the client.
    case toClient
  }

  /// The manner in which a connection is cut.
  public enum Ending: Sendable, Hashable {
    /// Both sides read the end of the stream after what was carried.
    case closed
    /// Both sides get a reset; what they have not read yet may be lost to them.
    case reset
  }

  /// The port the proxy listens on.
  public let port: UInt16
  private let controls: ProxyControls

  /// Opens a line to a port of 127.0.0.1.
  ///
  /// - Throws: `PlatformError.systemTrouble` when there is no socket to be had.
  public init(to target: UInt16, _ conditions: Conditions = Conditions()) throws(PlatformError) {
    controls = try ProxyControls(conditions, target: target)
    port = try Self.start(controls, at: 1)
  }

  /// Opens a line that listens on 127.0.0.`number`, to a port of 127.0.0.1.
  ///
  /// - Throws: `PlatformError.systemTrouble` when there is no socket to be had.
  package init(to target: UInt16, at number: UInt8) throws(PlatformError) {
    controls = try ProxyControls(Conditions(), target: target)
    port = try Self.start(controls, at: number)
  }

  /// Starts the thread that moves the bytes; returns the port that it listens on.
  private static func start(_ controls: ProxyControls, at number: UInt8) throws(PlatformError) -> UInt16 {
    let listener = try Loopback.listen(on: 0, at: number)
    BlockingThreads.startThread(named: "filsluse-proxy") {
      var loop = ProxyLoop(listener: listener.socket, controls: controls)
      loop.run()
    }
    return listener.port
  }

  deinit { stop() }

  /// The present properties of the line; a change applies to bytes that enter from then on.
  public var conditions: Conditions {
    get { controls.read(\.conditions) }
    set { controls.change { $0.conditions = newValue } }
  }

  /// The port of 127.0.0.1 that the line leads to; a change concerns the connections that are made from then on.
  public var target: UInt16 {
    get { controls.read(\.target) }
    set { controls.change { $0.target = newValue } }
  }

  /// Stops all bytes, in one direction or both; connections stay open.
  public func stall(_ direction: Direction? = nil) {
    controls.change { orders in
      for stalled in direction.map({ [$0] }) ?? Direction.allCases { orders.stalled.insert(stalled) }
    }
  }

  /// Passes all bytes again.
  public func resume() { controls.change { $0.stalled = [] } }

  /// Cuts the connection that carries the byte after the next `bytes` in a direction, once; all connections count
  /// together.
  ///
  /// The connections that come after it are carried undisturbed: a client that tries again succeeds.
  ///
  /// - Parameters:
  ///   - direction: whose bytes are counted.
  ///   - bytes: how many go before the cut.
  ///   - ending: how the connection ends.
  ///   - pause: how long nothing moves on it in either direction before it ends, so that both sides are waiting then.
  public func cut(
    _ direction: Direction, after bytes: Int, _ ending: Ending = .closed, pause: Duration = .zero
  ) {
    controls.change {
      $0.cut = ProxyControls.Cut(direction: direction, remaining: bytes, ending: ending, pause: pause)
    }
  }

  /// True if an ordered cut has not come yet.
  public var awaitsCut: Bool { controls.read { $0.cut != nil } }

  /// Takes an ordered cut back.
  public func forgetCut() { controls.change { $0.cut = nil } }

  /// Cuts every connection there is now.
  public func cutAll(_ ending: Ending = .reset) { controls.change { $0.cutAll = ending } }

  /// The bytes carried in a direction since the start.
  public func carried(_ direction: Direction) -> Int { controls.read { $0.carried[direction] ?? 0 } }

  /// The number of connections made since the start.
  public var connectionsMade: Int { controls.read(\.connectionsMade) }

  /// The number of open connections.
  public var connectionsOpen: Int { controls.read(\.connectionsOpen) }

  /// Closes the port and every connection; the thread ends within a moment. A second call does nothing.
  public func stop() { controls.change { $0.stopped = true } }
}

/// The state shared between the proxy's thread and its users.
final class ProxyControls: Sendable {
  struct Cut {
    let direction: TCPProxy.Direction
    var remaining: Int
    let ending: TCPProxy.Ending
    let pause: Duration
  }

  struct State {
    var conditions: TCPProxy.Conditions
    var target: UInt16
    var stalled: Set<TCPProxy.Direction> = []
    var cut: Cut?
    var cutAll: TCPProxy.Ending?
    var stopped = false
    var carried: [TCPProxy.Direction: Int] = [:]
    var connectionsMade = 0
    var connectionsOpen = 0
  }

  let wakeUp: EventFD
  private let state: Locked<State>

  init(_ conditions: TCPProxy.Conditions, target: UInt16) throws(PlatformError) {
    do {
      wakeUp = try EventFD()
    } catch {
      throw .system(error.code, "eventfd")
    }
    state = Locked(State(conditions: conditions, target: target))
  }

  func read<Value>(_ body: (State) -> Value) -> Value { state.withLock { body($0) } }

  /// Changes the state from outside the proxy's thread, and wakes that thread.
  func change(_ body: (inout State) -> Void) {
    state.withLock { body(&$0) }
    wakeUp.signal()
  }

  /// A change by the proxy's thread itself.
  func note<Value>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }
}
