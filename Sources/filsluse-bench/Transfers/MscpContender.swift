import Glibc
import LocalPlatform
import SystemPackage

/// mscp: the parts of a large file over several connections. It copies alone: it renames, lists and removes nothing.
struct Mscp: Peer {
  /// The number of connections; by itself it takes one or two more than the machine has processors.
  private static let connections = 4

  private static let program: String? = ["/usr/bin/mscp", "/usr/local/bin/mscp"].first { path in access(path, X_OK) == 0
  }

  static var obstacle: String? {
    program == nil ? "there is no mscp in /usr/bin or /usr/local/bin (github.com/upa/mscp)" : nil
  }

  func name(for task: Job) -> String { "mscp, \(Self.connections) connections" }

  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws { throw Self.copiesAlone }

  func upload(_ file: FilePath, to path: String, _ login: Login) async throws {
    try await run([file.string, "127.0.0.1:\(path)"], login)
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    try await run(["127.0.0.1:\(path)", file.string], login)
  }

  func listing(of folder: String, _ login: Login) throws -> ToolCall { throw Self.copiesAlone }

  func collect(from folder: String, into place: FilePath, _ login: Login) async throws { throw Self.copiesAlone }

  private static let copiesAlone = ToolError(description: "mscp is measured with a large file alone")

  /// Its configuration has the form of OpenSSH's; neither the user's own nor an agent's keys count.
  private func run(_ files: [String], _ login: Login) async throws {
    guard let program = Self.program else { throw Self.copiesAlone }
    let config = login.knownHosts.removingLastComponent().appending("mscp_config")
    let lines = [
      "UserKnownHostsFile \(login.knownHosts)", "GlobalKnownHostsFile /dev/null", "StrictHostKeyChecking yes",
      "IdentityAgent none",
    ]
    try DocumentFiles.write(Array(lines.map { "\($0)\n" }.joined().utf8), config)
    let options = [
      "-F", config.string, "-i", login.user.keyFile.string, "-l", login.user.name, "-P", "\(login.port)", "-n",
      "\(Self.connections)",
    ]
    try await Tool.runSilently([program] + options + files)
  }
}
