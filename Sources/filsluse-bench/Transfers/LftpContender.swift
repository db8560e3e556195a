import Glibc
import LocalPlatform
import SystemPackage

/// lftp over OpenSSH's `ssh`: several connections where it can use them, which is all but the upload of one file.
struct Lftp: Peer {
  /// The number of connections for many files.
  private static let connections = 8
  /// The number of connections for parts of one file.
  private static let parts = 4

  static var obstacle: String? {
    access("/usr/bin/lftp", X_OK) == 0 ? nil : "there is no /usr/bin/lftp; Scripts/prepare --bench installs it"
  }

  func name(for task: Job) -> String {
    switch task {
    case .deliver: "lftp, \(Self.connections) connections"
    case .upload: "lftp"
    case .download: "lftp, \(Self.parts) connections"
    case .list: "lftp"
    }
  }

  /// The data files first and then the triggers, under their final names: one step less than the others have.
  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws {
    let mirror = "mirror --reverse --parallel=\(Self.connections) --no-perms"
    try await script(["\(mirror) \(load.data) \(folder)", "\(mirror) \(load.triggers) \(folder)"], login)
  }

  func upload(_ file: FilePath, to path: String, _ login: Login) async throws {
    try await script(["put \(file) -o \(path)"], login)
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    try await script(["pget -n \(Self.parts) \(path) -o \(file)"], login)
  }

  func listing(of folder: String, _ login: Login) -> ToolCall { call(["cls -1 \(folder) > /dev/null"], login) }

  func collect(from folder: String, into place: FilePath, _ login: Login) async throws {
    try await script(
      ["mirror --parallel=\(Self.connections) --no-perms --Remove-source-files \(folder) \(place)"], login)
  }

  private func script(_ commands: [String], _ login: Login) async throws {
    let call = call(commands, login)
    try await Tool.run(call.arguments, input: call.input)
  }

  private func call(_ commands: [String], _ login: Login) -> ToolCall {
    let ssh = (["ssh", "-a", "-x"] + login.sshOptions).joined(separator: " ")
    let settings = [
      "set sftp:connect-program \"\(ssh)\"", "set net:max-retries 1", "set net:timeout 60", "set cmd:fail-exit yes",
      "open -u \(login.user.name), sftp://127.0.0.1:\(login.port)",
    ]
    return ToolCall(arguments: ["lftp", "--norc", "-f", "/dev/stdin"], input: settings + commands)
  }
}
