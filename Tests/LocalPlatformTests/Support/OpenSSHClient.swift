import FilsluseBase
import FoundationEssentials
import LocalPlatform
import SystemPackage

/// OpenSSH's own `sftp`: the tests' client, so that our server is not judged by our client.
struct OpenSSHClient: Sendable {
  private let port: UInt16
  private let userName: String
  private let knownHosts: FilePath
  // A copy: OpenSSH's client takes no path with a `%`.
  private let key: FilePath

  /// A client with what it needs to know copied to `scratch`.
  init(_ server: SSHServer, user: SSHUser, scratch: FilePath) throws {
    let lines = server.knownHostsLines.joined(separator: "\n")
    try self.init(port: server.port, knownHosts: lines, user: user, scratch: scratch)
  }

  /// A client with what it needs to know copied to `scratch`.
  init(port: UInt16, knownHosts lines: String, user: SSHUser, scratch: FilePath) throws {
    self.port = port
    userName = user.name
    knownHosts = scratch.appending("known_hosts")
    key = scratch.appending("key-of-\(userName)")
    try Self.write(lines + "\n", to: knownHosts)
    try Self.write(String(contentsOfFile: user.keyFile.string, encoding: .utf8), to: key)
  }

  private static func write(_ text: String, to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite])
    _ = try file.closeAfter { try file.writeAll(text.utf8) }
  }

  /// Logs on and does nothing until the server ends the session, for a minute at the most.
  ///
  /// By `ssh`, because `sftp` notices the end of its connection only at its next command.
  func stayLoggedOn() async throws {
    let ssh = (["ssh", "-p", "\(port)"] + options + ["-s", "\(userName)@127.0.0.1", "sftp"]).map { "'\($0)'" }
    // A named pipe opened for reading and writing never comes to its end.
    _ = await Program(
      arguments: [
        "/bin/sh", "-c", "mkfifo $0.$$; timeout 60 \(ssh.joined(separator: " ")) 0<>$0.$$", "\(key).input",
      ], timeout: .seconds(90)
    ).run()
  }

  /// Runs a command by `ssh`, where the server lets it.
  func run(_ command: String) async -> String {
    await Program(
      arguments: ["timeout", "10", "ssh", "-p", "\(port)"] + options + ["\(userName)@127.0.0.1", command],
      timeout: .seconds(60)
    ).run().output.text
  }

  private var options: [String] {
    [
      "-F", "none", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
      "-o", "UserKnownHostsFile=\(knownHosts)", "-o", "GlobalKnownHostsFile=/dev/null", "-i", key.string,
    ]
  }

  /// Runs a batch of commands; `timeout` ends a client that hangs.
  @discardableResult
  func batch(_ commands: String...) async -> (succeeded: Bool, text: String) {
    let report = await Program(
      arguments: ["timeout", "60", "sftp", "-b", "-", "-P", "\(port)"] + options + ["\(userName)@127.0.0.1"],
      input: Array((commands.joined(separator: "\n") + "\n").utf8), timeout: .seconds(90), keptOutput: 1 << 20,
      keptComplaints: 1 << 20
    ).run()
    return (report.isSuccess, report.output.text + report.complaints.text)
  }
}
