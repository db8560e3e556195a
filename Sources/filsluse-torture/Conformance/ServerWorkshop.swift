import FilsluseBase
import FilsluseSFTP
import FoundationEssentials
import Glibc
import LocalPlatform
import Logging
import SystemPackage

/// Starts a server in a folder of its own, with new keys, on a free port of 127.0.0.1 and as the running user; it and
/// all its descendants end when its use is over, however this process ends.
struct ServerWorkshop {
  typealias Body = (ServerUnderTest) async throws -> Void

  let folder: FilePath
  /// A folder with `usr` in it, where programs lie that are not installed.
  let programs: FilePath

  /// The name of the one user, on servers that ask for one.
  static let user = "flis"
  private static let startLimit = Duration.seconds(30)

  /// The folder in which a session starts.
  var home: FilePath { folder.appending("home") }

  /// The folder with `usr` in it that has the file.
  func prefix(of file: String, package: String) throws -> FilePath {
    for prefix in [programs, "/"] where access(prefix.appending(file).string, R_OK) == 0 { return prefix }
    throw ServerMissing(package: package)
  }

  /// A folder's shared libraries as an environment variable.
  func libraries(of prefix: FilePath) -> String {
    #if arch(arm64)
    "LD_LIBRARY_PATH=\(prefix.appending("usr/lib/aarch64-linux-gnu"))"
    #else
    "LD_LIBRARY_PATH=\(prefix.appending("usr/lib/x86_64-linux-gnu"))"
    #endif
  }

  /// The host key and the user's key, made here.
  func makeKeys() async throws -> (host: PublicKey, user: PublicKey, found: ServerPrograms) {
    let found = try ServerPrograms.find()
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    let host = try await found.key(at: folder.appending("host"), kind: .ed25519, comment: "conformance")
    let user = try await found.key(at: folder.appending("key"), kind: .ed25519, comment: "conformance")
    return (host, user, found)
  }

  func write(_ text: String, to name: String) throws -> FilePath {
    let file = folder.appending(name)
    try Data(text.utf8).write(to: URL(filePath: file.string))
    guard chmod(file.string, 0o600) == 0 else { throw Errno(rawValue: errno) }
    return file
  }

  /// The user's line in a passwd file: the running user under another name.
  func writePasswd() throws -> FilePath {
    try write("\(Self.user):x:\(getuid()):\(getgid())::\(home):/bin/sh\n", to: "passwd")
  }

  /// Runs a server's program until `body` is done.
  ///
  /// - Parameter command: the program and its arguments for a port.
  func run(
    environment: [String] = [], writeBack: Duration = .zero, prepare: (FilePath) throws -> Void, body: Body,
    command: (UInt16, ServerPrograms, PublicKey) throws -> [String]
  ) async throws {
    let keys = try await makeKeys()
    try FileManager.default.createDirectory(atPath: home.string, withIntermediateDirectories: true)
    try prepare(home)
    let port = try await Loopback.freePort()
    let log = folder.appending("log")
    let supervisor = try Supervisor(
      command: try command(port, keys.found, keys.user),
      environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(folder)", "LC_ALL=C.UTF-8"] + environment,
      setpriv: keys.found.setpriv, script: folder.appending("supervise"), log: log, removingAtEnd: nil)
    let server = ServerUnderTest(
      port: port, fingerprint: keys.host.fingerprint, user: Self.user, keyFile: folder.appending("key"),
      home: home,
      writeBack: writeBack)
    do {
      try await waitUntilReady(server, supervisor)
      try await body(server)
    } catch {
      try supervisor.stop()
      throw error
    }
    try supervisor.stop()
  }

  /// Waits until a client can log in.
  private func waitUntilReady(_ server: ServerUnderTest, _ supervisor: Supervisor) async throws {
    let deadline = ContinuousClock.now + Self.startLimit
    let quiet = Logger(label: "conformance") { _ in SwiftLogNoOpLogHandler() }
    while true {
      do {
        try await withSFTPClient(server.endpoint(), logger: quiet) { _ in }
        return
      } catch let error as SFTPError {
        guard error.code == .connectionRefused, supervisor.isRunning, ContinuousClock.now < deadline else {
          let words = (try? String(contentsOf: URL(filePath: folder.appending("log").string), encoding: .utf8)) ?? ""
          throw Trouble("the server did not start: \(error)\n\(words.suffix(2_000))")
        }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }
}
