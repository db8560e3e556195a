import Glibc
import LocalPlatform
import SystemPackage

/// rclone: several connections for many files, one for a large one.
struct Rclone: Peer {
  /// The number of files under way at a time.
  private static let transfers = 8

  /// The program, installed or as Scripts/servers unpacked it; `nil` where there is none.
  private static let program: String? = {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let cache = variable("XDG_CACHE_HOME") ?? (variable("HOME") ?? "/var") + "/.cache"
    return ["/usr/bin/rclone", "\(cache)/filsluse-servers/usr/bin/rclone"].first { access($0, X_OK) == 0 }
  }()

  static var obstacle: String? { program == nil ? "there is no rclone; Scripts/servers fetches it" : nil }

  func name(for task: Job) -> String { task == .deliver ? "rclone, \(Self.transfers) files at a time" : "rclone" }

  /// The data files first and then the triggers, under their final names: one step less than the others have.
  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws {
    try await run(["copy", load.data.string, ":sftp:\(folder)"], login)
    try await run(["copy", load.triggers.string, ":sftp:\(folder)"], login)
  }

  func upload(_ file: FilePath, to path: String, _ login: Login) async throws {
    try await run(["copyto", file.string, ":sftp:\(path)"], login)
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    try await run(["copyto", ":sftp:\(path)", file.string], login)
  }

  func listing(of folder: String, _ login: Login) throws -> ToolCall { try call(["lsf", ":sftp:\(folder)"], login) }

  func collect(from folder: String, into place: FilePath, _ login: Login) async throws {
    try await run(["move", ":sftp:\(folder)", place.string], login)
  }

  private func run(_ arguments: [String], _ login: Login) async throws {
    try await Tool.runSilently(call(arguments, login).arguments)
  }

  /// Neither hashes nor times are asked for, which would cost it further requests for each file.
  private func call(_ arguments: [String], _ login: Login) throws -> ToolCall {
    guard let program = Self.program else { throw ToolError(description: "there is no rclone here") }
    let options = [
      "--config", "/dev/null", "--sftp-host", "127.0.0.1", "--sftp-port", "\(login.port)", "--sftp-user",
      login.user.name, "--sftp-key-file", login.user.keyFile.string, "--sftp-known-hosts-file",
      login.knownHosts.string, "--sftp-disable-hashcheck", "--sftp-set-modtime=false",
      "--transfers=\(Self.transfers)", "--checkers=\(Self.transfers)", "--retries=1",
    ]
    return ToolCall(arguments: [program] + arguments + options)
  }
}
