import FilsluseBase
import Glibc
public import LocalPlatform
import SystemPackage

/// The one SSH server of this test process, started by the first test that needs it.
///
/// It ends with the process, whatever ends that: in order at exit, by its own supervisor after a crash or `kill -9`.
public actor SharedServer {
  /// The server of this process.
  public static let shared = SharedServer()

  private var starting: Task<SSHServer, any Error>?

  /// The server, running.
  ///
  /// - Throws: `PlatformError` when it could not be started; every test then says why.
  public func server() async throws -> SSHServer {
    if let starting { return try await starting.value }
    let task = Task {
      let folder = try scratchFolder(named: "server")
      let server = try await SSHServer.start(
        in: folder, SSHServer.Options(hostKeys: [.ed25519, .ecdsa], removesDirectoryAtEnd: true))
      Self.endAtExit(server)
      return server
    }
    starting = task
    return try await task.value
  }

  private static let running = Locked<SSHServer?>(nil)

  private static func endAtExit(_ server: SSHServer) {
    running.withLock { $0 = server }
    atexit {
      do {
        try SharedServer.running.withLock { $0 }?.stopBlocking()
      } catch {
        let text = Array("\(error)\n".utf8)
        _ = write(STDERR_FILENO, text, text.count)
      }
    }
  }
}
