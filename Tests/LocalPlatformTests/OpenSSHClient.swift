import FoundationEssentials
import LocalPlatform
import Subprocess
import SystemPackage

/// OpenSSH's own `sftp`: the tests' client, so that our server is not judged by our client.
struct OpenSSHClient: Sendable {
  let port: UInt16
  let user: SSHUser
  private let knownHosts: FilePath
  // A copy: OpenSSH's client cannot be told of a file with a `%` in its path.
  private let key: FilePath

  init(_ server: SSHServer, user: SSHUser, scratch: FilePath) throws {
    port = server.port
    self.user = user
    knownHosts = scratch.appending("known_hosts")
    key = scratch.appending("key-of-\(user.name)")
    try Self.write(server.knownHostsLines.joined(separator: "\n") + "\n", to: knownHosts)
    try Self.write(String(contentsOfFile: user.keyFile.string, encoding: .utf8), to: key)
  }

  private static func write(_ text: String, to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
    _ = try file.closeAfter { try file.writeAll(text.utf8) }
  }

  /// The arguments `sftp` and `ssh` share.
  var options: [String] {
    [
      "-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
      "-o", "UserKnownHostsFile=\(knownHosts)", "-o", "GlobalKnownHostsFile=/dev/null", "-i", key.string,
    ]
  }

  /// Runs a batch of commands; `timeout` ends a client that hangs.
  @discardableResult
  func batch(_ commands: String...) async throws -> (succeeded: Bool, text: String) {
    let result = try await Subprocess.run(
      .name("timeout"),
      arguments: Arguments(["60", "sftp", "-b", "-", "-P", "\(port)"] + options + ["\(user.name)@127.0.0.1"]),
      input: .string(commands.joined(separator: "\n") + "\n"),
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
  }
}
