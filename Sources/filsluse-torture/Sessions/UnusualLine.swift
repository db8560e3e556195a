import FilsluseBase
import FilsluseSFTP
import FoundationEssentials
import LocalPlatform
import PlatformFixture
import SystemPackage

/// A line or a server that is unlike others all the time, over which a session gets through all the same.
struct UnusualLine: Sendable {
  let name: String
  var conditions = TCPProxy.Conditions()
  /// Lines for OpenSSH's configuration.
  var configuration: [String] = []
  /// The receive window of a server on asyncssh in bytes; `nil` for OpenSSH.
  var window: Int?
  /// The size in bytes of the large file each way.
  var size = 20 << 20
  /// The longest that the session may take.
  var limit = Duration.seconds(60)

  static let all =
    [
      UnusualLine(name: "1 byte at a time", conditions: .init(largestPiece: 1), size: 200 << 10),
      // Such windows hold any client to some 75 KB/s: the kernel acknowledges what fills less than half of one late.
      UnusualLine(name: "socket buffers of 8 KiB", conditions: .init(socketBuffer: 8 << 10), size: 1 << 20),
      UnusualLine(name: "new keys after each MiB", configuration: ["RekeyLimit 1M"]),
    ]
    + [16, 24, 64, 128].map { UnusualLine(name: "a window of \($0) KiB", window: $0 << 10) }

  /// Goes through one session.
  func run(in folder: FilePath, _ tally: inout SessionTally) async throws {
    let (result, took) = try await session(
      in: folder.appending("unusual-\(name.filter { $0.isLetter || $0.isNumber })"))
    Note.write("\(name): \(size >> 10) KiB each way in \(Int(took / .milliseconds(1))) ms")
    tally.note(.unlike(name), result, took: took, limit: limit)
  }

  /// Starts the server and goes through the session.
  private func session(in folder: FilePath) async throws -> (Result<[String], SFTPError>, Duration) {
    if let window {
      try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
      var ways = AsyncSSHServer.Ways()
      ways.window = window
      return try await AsyncSSHServer.run(ways, in: folder) { server in
        try await session(
          folder: server.folder, port: server.port, user: "session", fingerprint: server.fingerprint,
          key: server.keyFile)
      }
    }
    let server = try await SSHServer.start(in: folder, SSHServer.Options(extraLines: configuration))
    let user = try await server.addUser("session")
    let outcome = try await session(
      folder: user.folder, port: server.port, user: user.name, fingerprint: server.fingerprint,
      key: user.keyFile)
    try await server.stop()
    return outcome
  }

  private func session(
    folder: FilePath, port: UInt16, user: String, fingerprint: KeyFingerprint, key: FilePath
  ) async throws -> (Result<[String], SFTPError>, Duration) {
    let proxy = try TCPProxy(to: port, conditions)
    let course = SessionCourse(
      folder: folder,
      endpoint: SFTPEndpoint(
        host: "127.0.0.1", port: proxy.port, user: user, hostKeys: .pinned([fingerprint]),
        identity: .keyFile(key)),
      size: size)
    try course.prepare()
    let start = ContinuousClock.now
    let result = await course.outcome()
    return (result, .now - start)
  }
}
