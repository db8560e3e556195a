public import FilsluseBase
import Glibc
public import SystemPackage
import TriggerFiles

/// A real OpenSSH server on this machine's loopback, for tests and trials, that touches nothing of the host's.
///
/// It has its own host keys, its own configuration and its own users, all in one folder; each user has a key and starts
/// in a folder of their own. It ends with ``stop()``, with the value, and with the process, even by `kill -9`: no
/// server and no session outlives it.
///
/// A user is not locked into their folder: every session runs as the user who started the server. It is a test kit, not
/// a fortress.
public final class SSHServer: Sendable {
  /// The address it listens on, always loopback.
  public let host = Loopback.host
  /// The port it listens on.
  public let port: UInt16
  /// The server's host keys, in the order they are offered.
  public let hostKeys: [PublicKey]
  /// The folder that holds keys, configuration and log.
  public let directory: FilePath
  /// The log of sshd.
  public let log: FilePath

  private let programs: ServerPrograms
  private let users: Locked<ServerUsers>
  private let supervisor: Supervisor

  private init(
    port: UInt16, hostKeys: [PublicKey], directory: FilePath, log: FilePath, programs: ServerPrograms,
    users: ServerUsers,
    supervisor: Supervisor
  ) {
    self.port = port
    self.hostKeys = hostKeys
    self.directory = directory
    self.log = log
    self.programs = programs
    self.users = Locked(users)
    self.supervisor = supervisor
  }

  /// Starts a server; when this returns it takes connections.
  ///
  /// - Parameter directory: an absolute folder, made where it is missing; keys found there are used again.
  /// - Throws: `PlatformError`: `.missingProgram` with the Debian package to install, `.serverEnded` with sshd's own
  ///   words, `.unusableName` for a folder sshd cannot work with, `.fileTrouble` and `.systemTrouble`.
  public static func start(in directory: FilePath, _ options: Options = Options()) async throws(PlatformError)
    -> SSHServer
  {
    guard directory.isAbsolute, !directory.string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") }) else {
      throw PlatformError(
        .unusableName,
        LocalizedText(
          "sshd needs an absolute folder without quotes and control characters",
          "sshd kræver en absolut sti uden anførselstegn og styretegn"),
        remedy: LocalizedText("choose another folder", "vælg en anden mappe"), path: directory)
    }
    let programs = try await BlockingThreads.shared.run { () throws(PlatformError) in try ServerPrograms.find() }
    let version = try await programs.version()
    try await BlockingThreads.shared.run { () throws(PlatformError) in
      try WholeFile.makeFolder(directory, mode: 0o700)
    }
    var hostKeys: [PublicKey] = []
    let keyFiles = options.hostKeys.map { directory.appending("host_\($0.rawValue)_key") }
    for (kind, file) in zip(options.hostKeys, keyFiles) {
      hostKeys.append(try await programs.key(at: file, kind: kind, comment: "filsluse-platform"))
    }
    let users = try await BlockingThreads.shared.run { () throws(PlatformError) -> ServerUsers in
      if getuid() == 0 { try WholeFile.makeFolder("/run/sshd") }
      return try ServerUsers(folder: directory)
    }

    let log = directory.appending("sshd.log")
    let launch = Launch(
      programs: programs, users: users, directory: directory, log: log,
      scratch: options.removesDirectoryAtEnd ? directory : nil)
    var preferred = options.port
    var attempt = 1
    while true {
      let port = try await Loopback.freePort(preferring: preferred)
      let configuration = ServerConfiguration(
        port: port, hostKeys: keyFiles, users: users, pidFile: launch.pidFile, version: version,
        extraLines: options.extraLines, ownRoots: options.ownRoots)
      do {
        let supervisor = try await launch.start(configuration)
        return SSHServer(
          port: port, hostKeys: hostKeys, directory: directory, log: log, programs: programs, users: users,
          supervisor: supervisor)
      } catch {
        // Between our look and sshd's bind another process may take the port.
        guard error.code == .portTaken, attempt < 5 else { throw error }
        attempt += 1
        preferred = nil
      }
    }
  }

  /// Adds a user with a new key, or with the existing key in the server's folder.
  ///
  /// - Parameters:
  ///   - name: 1 to 32 of a–z, 0–9, `-` and `_`, beginning with a letter.
  ///   - folder: the folder in which the user's sessions start; made where it is missing. By default a folder
  ///     `home/<name>` of the server's own.
  ///   - key: the kind of key to make.
  ///   - passphrase: the passphrase that encrypts the key file; none leaves it plain.
  ///   - keyFile: the private key's file; by default `keys/<name>` in the server's folder.
  ///   - furtherKeys: further public keys that the user may log on with.
  /// - Throws: `PlatformError`: `.unusableName`, `.programFailed` when no key could be made, `.fileTrouble`.
  public func addUser(
    _ name: String, folder: FilePath? = nil, key kind: KeyKind = .ed25519, passphrase: Redacted<String>? = nil,
    keyFile: FilePath? = nil, furtherKeys: [PublicKey] = []
  ) async throws(PlatformError) -> SSHUser {
    let folder = folder ?? directory.appending("home").appending(name)
    try ServerUsers.check(name)
    try await BlockingThreads.shared.run { () throws(PlatformError) in try WholeFile.makeFolder(folder) }
    let keyFile = keyFile ?? directory.appending("keys").appending(name)
    let key = try await programs.key(at: keyFile, kind: kind, comment: name, passphrase: passphrase)
    try await BlockingThreads.shared.run { [users] () throws(PlatformError) in
      try users.withLock { users throws(PlatformError) in try users.add(name, home: folder, keys: [key] + furtherKeys) }
    }
    return SSHUser(name: name, folder: folder, keyFile: keyFile, publicKey: key)
  }

  /// Removes all other users: they cannot log on any more. Open sessions last until they end, and folders and keys
  /// stay.
  ///
  /// sshd looks up its users at each login, so it needs no other start and no signal.
  func removeUsers(except names: Set<String>) async throws(PlatformError) {
    try await BlockingThreads.shared.run { [users] () throws(PlatformError) in
      try users.withLock { users throws(PlatformError) in try users.removeAll(except: names) }
    }
  }

  /// The first host key's fingerprint.
  public var fingerprint: KeyFingerprint { hostKeys[0].fingerprint }

  /// A known_hosts line for each host key, with the port.
  public var knownHostsLines: [String] { hostKeys.map { "[\(host)]:\(port) \($0.line)" } }

  /// True while the listener runs.
  public var isRunning: Bool { supervisor.isRunning }

  /// The numbers of all processes of this server: its shell, listener and sessions.
  public var processes: Set<Int32> { supervisor.processes }

  /// Ends the server and its sessions, and returns when they are gone. A second call does nothing.
  ///
  /// - Throws: `PlatformError.serverEnded` when a process is left after 30 seconds.
  public func stop() async throws(PlatformError) {
    try await BlockingThreads.shared.run { [supervisor] () throws(PlatformError) in try supervisor.stop() }
  }

  /// As ``stop()``, blocking the calling thread: for the end of a process.
  ///
  /// - Throws: `PlatformError.serverEnded` when a process is left after 30 seconds.
  public func stopBlocking() throws(PlatformError) { try supervisor.stop() }
}
