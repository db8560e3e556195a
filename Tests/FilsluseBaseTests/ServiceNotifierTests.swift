import FilsluseBase
import Glibc
import Testing

@Suite struct ServiceNotifierTests {
  /// A service manager's end: a real datagram socket.
  private final class Manager {
    let descriptor: Int32
    let name: String

    init(_ name: String) throws {
      self.name = name
      descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = name.hasPrefix("@") ? [0] + Array(name.utf8.dropFirst()) : Array(name.utf8)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
      let length = socklen_t(MemoryLayout.size(ofValue: address.sun_family) + bytes.count)
      let code = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
      }
      try #require(code == 0, "\(String(cString: strerror(errno)))")
    }

    deinit {
      close(descriptor)
      unlink(name)
    }

    func receive() -> String {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
  }

  @Test(
    "reaches the socket that it is given",
    arguments: ["@filsluse-test-\(getpid())", "/tmp/filsluse-notify-\(getpid())"])
  func reachesTheSocketThatItIsGiven(name: String) throws {
    let manager = try Manager(name)
    let notifier = try #require(ServiceNotifier(socket: name, watchdog: .seconds(60)))
    #expect(notifier.send(["READY=1", ServiceNotifier.status("two\nlines æøå")]))
    #expect(manager.receive() == "READY=1\nSTATUS=two lines æøå")
    #expect(notifier.send(["WATCHDOG=1"]))
    #expect(manager.receive() == "WATCHDOG=1")
    #expect(manager.receive() == "")
  }

  /// A manager that is gone, or does not read, never holds up the service.
  @Test("a socket that takes nothing does not block")
  func aSocketThatTakesNothingIsNoHindrance() throws {
    #expect(ServiceNotifier(socket: "/tmp/filsluse-nobody-\(getpid())", watchdog: nil)?.send(["READY=1"]) == false)
    let manager = try Manager("@filsluse-deaf-\(getpid())")
    let notifier = try #require(ServiceNotifier(socket: manager.name, watchdog: nil))
    var taken = 0
    while taken < 100_000, notifier.send(["WATCHDOG=1"]) { taken += 1 }
    #expect(taken < 100_000)
  }

  @Test(
    "ignores a path that is no socket",
    arguments: ["", "/", "@", "relative/socket", "/" + String(repeating: "x", count: 120)])
  func whatIsNoSocketIsNone(name: String) {
    #expect(ServiceNotifier(socket: name, watchdog: nil) == nil)
  }
}
