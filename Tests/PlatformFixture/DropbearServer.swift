public import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
public import SystemPackage

/// Debian's dropbear. It starts a program for SFTP by the user's shell, and passes on what that program writes on its
/// standard error.
public struct DropbearServer: Sendable {
  /// The server's port on loopback.
  public let port: UInt16
  /// The host key's fingerprint.
  public let fingerprint: KeyFingerprint
  /// The private key that the server lets in.
  public let keyFile: FilePath
  /// The folder in which a session starts.
  public let home: FilePath

  /// The name of the one user.
  public static let user = "flis"

  /// True where there is one.
  public static let isAvailable = prefix != nil

  /// The folder with `usr` in it that has dropbear, as Scripts/prepare unpacked it or as it is installed.
  private static let prefix: FilePath? = {
    var root = FilePath(#filePath)
    while root.lastComponent != "Tests", root.removeLastComponent() {}
    let places: [FilePath] = [root.removingLastComponent().appending(".build/neighbours/dropbear-bin"), "/"]
    return places.first { access($0.appending("usr/sbin/dropbear").string, X_OK) == 0 }
  }()

  /// Runs a server until `body` is done.
  ///
  /// - Parameters:
  ///   - program: the line of shell that runs in place of the SFTP server; `nil` for the SFTP server itself.
  ///   - place: the folder with `usr` in it that has dropbear; where it is `nil`, it is looked for.
  ///   - prepare: fills the user's folder before the server has seen it.
  /// - Throws: `ServerTrouble` when it does not start, and what `body` throws.
  public static func run<Result>(
    _ program: String? = nil, from place: FilePath? = nil, in folder: FilePath,
    prepare: (FilePath) throws -> Void = { _ in }, _ body: (DropbearServer) async throws -> Result
  ) async throws -> Result {
    guard let prefix = place ?? Self.prefix else { throw ServerTrouble(description: "there is no dropbear here") }
    let found = try ServerPrograms.find()
    let home = folder.appending("home")
    let secrets = home.appending(".ssh")
    try FileManager.default.createDirectory(
      atPath: secrets.string, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let host = try await found.key(at: folder.appending("host"), kind: .ed25519, comment: "dropbear")
    let key = try await found.key(at: folder.appending("key"), kind: .ed25519, comment: "dropbear")
    try write(key.line + "\n", to: secrets.appending("authorized_keys"))
    try await convert(folder.appending("host"), to: folder.appending("host-dropbear"), from: prefix)
    try write(
      "\(user):x:\(getuid()):\(getgid())::\(home):/bin/sh\n", to: folder.appending("passwd"))
    try write("running:x:\(getgid()):\n", to: folder.appending("group"))
    try prepare(home)
    let port = try await Loopback.freePort()
    let log = folder.appending("log")
    let command =
      [
        "/usr/bin/env", "LD_PRELOAD=\(found.nssWrapper)", "NSS_WRAPPER_PASSWD=\(folder.appending("passwd"))",
        "NSS_WRAPPER_GROUP=\(folder.appending("group"))", prefix.appending("usr/sbin/dropbear").string, "-F", "-E",
        "-s", "-j", "-k", "-p", "127.0.0.1:\(port)", "-r", folder.appending("host-dropbear").string, "-P",
        folder.appending("pid").string,
      ] + (program.map { ["-c", $0] } ?? [])
    let supervisor = try Supervisor(
      command: command,
      environment: [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(folder)", "LC_ALL=C.UTF-8", libraries(of: prefix),
      ], setpriv: found.setpriv, script: folder.appending("supervise"), log: log, removingAtEnd: nil)
    let server = DropbearServer(
      port: port, fingerprint: host.fingerprint, keyFile: folder.appending("key"), home: home)
    let result: Result
    do {
      try await waitUntilItListens(server, supervisor, log: log)
      result = try await body(server)
    } catch {
      try supervisor.stop()
      throw error
    }
    try supervisor.stop()
    return result
  }

  /// The shared libraries of an unpacked package as an environment variable.
  private static func libraries(of prefix: FilePath) -> String {
    #if arch(arm64)
    "LD_LIBRARY_PATH=\(prefix.appending("usr/lib/aarch64-linux-gnu"))"
    #else
    "LD_LIBRARY_PATH=\(prefix.appending("usr/lib/x86_64-linux-gnu"))"
    #endif
  }

  private static func write(_ text: String, to file: FilePath) throws {
    try text.write(toFile: file.string, atomically: false, encoding: .utf8)
    guard chmod(file.string, 0o600) == 0 else { throw Errno(rawValue: errno) }
  }

  /// Writes a host key in dropbear's own form.
  private static func convert(_ key: FilePath, to converted: FilePath, from prefix: FilePath) async throws {
    let outcome = try await ServerPrograms.run(
      "/usr/bin/env",
      [
        libraries(of: prefix), prefix.appending("usr/bin/dropbearconvert").string, "openssh", "dropbear", key.string,
        converted.string,
      ])
    guard outcome.succeeded else {
      throw ServerTrouble(description: "dropbear's host key could not be made: \(outcome.text)")
    }
  }

  private static func waitUntilItListens(
    _ server: DropbearServer, _ supervisor: Supervisor, log: FilePath
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while (try? RawClient(port: server.port)) == nil {
      guard supervisor.isRunning, ContinuousClock.now < deadline else {
        let words = (try? String(contentsOfFile: log.string, encoding: .utf8)) ?? ""
        throw ServerTrouble(description: "dropbear does not start: \(words.suffix(2_000))")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
