import LocalPlatform
import SystemPackage

/// A tool that moves files by SFTP. Each call connects, logs on, does its work and leaves.
protocol Contender: Sendable {
  /// The tool's name, and how it was set, for a task.
  func name(for task: Job) -> String

  /// Uploads every file of `data` and then, or each behind its data file, every file of `triggers` into a folder of the
  /// server.
  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws
  /// Uploads one file.
  func upload(_ file: FilePath, to path: String, _ login: Login) async throws
  /// Downloads one file.
  func download(_ path: String, to file: FilePath, _ login: Login) async throws
  /// The process that lists the names of a folder, which is measured from outside.
  func listing(of folder: String, _ login: Login) throws -> ToolCall
}

/// Another program that moves files by SFTP, and can collect as well.
protocol Peer: Contender {
  /// The obstacle to measuring it on this machine; `nil` where there is none.
  static var obstacle: String? { get }

  /// Downloads every file of a folder of the server and removes it there.
  func collect(from folder: String, into place: FilePath, _ login: Login) async throws
}

/// The credentials for logging on.
struct Login: Sendable {
  let port: UInt16
  let user: SSHUser
  let fingerprint: String
  /// A known_hosts file that has the server under this port.
  let knownHosts: FilePath

  /// The options OpenSSH's programs need to log on with nothing of the user's own configuration.
  var sshOptions: [String] {
    [
      "-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
      "-o", "UserKnownHostsFile=\(knownHosts)", "-o", "GlobalKnownHostsFile=/dev/null", "-i", user.keyFile.string,
    ]
  }
}

/// The files to be delivered.
struct LocalLoad: Sendable {
  /// The folder with the data files.
  let data: FilePath
  /// The folder with the triggers, each named as it shall be on the server.
  let triggers: FilePath
  /// The data files' names.
  let names: [String]
}
