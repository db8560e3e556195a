import LocalPlatform
import SystemPackage

/// OpenSSH's `sftp` with a batch: one connection, one file at a time, 64 requests in flight within a file.
struct OpenSSH: Peer {
  /// The local platform needs OpenSSH's programs anyway.
  static var obstacle: String? { nil }

  func name(for task: Job) -> String { "OpenSSH sftp" }

  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws {
    try await batch(
      load.names.flatMap { name in
        [
          "put \(load.data)/\(name) \(folder)/\(name)",
          "put \(load.triggers)/\(name).trigger \(folder)/.\(name).t",
          "rename \(folder)/.\(name).t \(folder)/\(name).trigger",
        ]
      }, login)
  }

  func upload(_ file: FilePath, to path: String, _ login: Login) async throws {
    try await batch(["put \(file) \(path)"], login)
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    try await batch(["get \(path) \(file)"], login)
  }

  /// Unsorted, as the server gives them.
  func listing(of folder: String, _ login: Login) -> ToolCall { call(["ls -1 -f \(folder)"], login) }

  func collect(from folder: String, into place: FilePath, _ login: Login) async throws {
    try await batch(["get \(folder)/* \(place)/", "rm \(folder)/*"], login)
  }

  private func batch(_ commands: [String], _ login: Login) async throws {
    let call = call(commands, login)
    try await Tool.runSilently(call.arguments, input: call.input)
  }

  private func call(_ commands: [String], _ login: Login) -> ToolCall {
    ToolCall(
      arguments: ["sftp", "-b", "-", "-P", "\(login.port)"] + login.sshOptions + ["\(login.user.name)@127.0.0.1"],
      input: commands)
  }
}
