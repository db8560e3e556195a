import Glibc
import Testing

@testable import FilsluseSFTP

@Suite struct WatchdogTests {
  @Test("shuts the socket of a stuck thread down")
  func shutsTheSocketOfAStuckThreadDown() async throws {
    var sockets: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
    defer { for socket in sockets { close(socket) } }
    let watchdog = Watchdog(patience: .milliseconds(100))
    let watch = watchdog.watch(sockets[0])
    watch.rest()
    try await Task.sleep(for: .milliseconds(1200))
    #expect(!isShutDown(sockets[1]), "a thread that waits is not stuck")
    watch.work()
    for _ in 0..<100 where !isShutDown(sockets[1]) { try await Task.sleep(for: .milliseconds(50)) }
    #expect(isShutDown(sockets[1]))
    watch.end()
  }

  @Test("leaves a socket alone that is no longer its business")
  func leavesASocketAloneThatIsNoLongerItsBusiness() async throws {
    var sockets: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0)
    defer { for socket in sockets { close(socket) } }
    let watchdog = Watchdog(patience: .milliseconds(100))
    watchdog.watch(sockets[0]).end()
    try await Task.sleep(for: .milliseconds(1200))
    #expect(!isShutDown(sockets[1]))
  }

  private func isShutDown(_ socket: Int32) -> Bool {
    var byte: UInt8 = 0
    return recv(socket, &byte, 1, Int32(MSG_DONTWAIT)) == 0
  }
}
