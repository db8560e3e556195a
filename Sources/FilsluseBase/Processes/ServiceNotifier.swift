import Glibc

/// Reports the state of this service to the service manager, by systemd's notification protocol: lines such as
/// `READY=1`, each message a datagram to the socket that `NOTIFY_SOCKET` names.
public struct ServiceNotifier: Sendable {
  /// The watchdog timeout: the longest time between two heartbeats before the service manager kills the service; `nil`
  /// when it does not watch.
  public let watchdog: Duration?
  private let socket: [UInt8]

  /// The service manager that the environment names; `nil` when there is none.
  ///
  /// The variables are removed, so that no program started from here speaks for the service. Call it once, before there
  /// is a second thread.
  public static func fromEnvironment() -> ServiceNotifier? {
    defer { for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) } }
    guard let path = getenv("NOTIFY_SOCKET").map({ String(cString: $0) }) else { return nil }
    let isMeant = getenv("WATCHDOG_PID").map { String(cString: $0) == String(getpid()) } ?? true
    let microseconds = getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }
    return ServiceNotifier(
      socket: path, watchdog: isMeant ? microseconds.flatMap { $0 > 0 ? .microseconds($0) : nil } : nil)
  }

  /// A service manager at a socket: an absolute path, or `@` and an abstract name; `nil` for anything else.
  public init?(socket path: String, watchdog: Duration?) {
    var name = Array(path.utf8)
    guard name.count > 1, name.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path),
      name.first == UInt8(ascii: "/") || name.first == UInt8(ascii: "@")
    else { return nil }
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    socket = name
    self.watchdog = watchdog
  }

  /// Sends a message. One that cannot be delivered is not worth ending the service for.
  ///
  /// - Returns: whether the service manager's socket took it.
  @discardableResult
  public func send(_ lines: [String]) -> Bool {
    let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket) }
    // An abstract name has no end but its length.
    let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + socket.count } ?? 0
    // A manager that does not read must not hold up the service.
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let message = Array(lines.joined(separator: "\n").utf8)
    let sent = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.count, flags, $0, socklen_t(length))
      }
    }
    return sent == message.count
  }

  /// The line that accompanies `RELOADING=1`: the time by the monotonic clock.
  public static var monotonicTime: String {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return "MONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)"
  }

  /// Turns a text into a status line: one line, without characters that would end it.
  public static func status(_ text: String) -> String {
    "STATUS=" + VisibleText.oneLine(text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
