import Glibc
import LocalPlatform
import SystemPackage

/// curl: one connection, one file at a time. It renames nothing, and has no command for a whole folder.
struct Curl: Peer {
  static var obstacle: String? {
    access("/usr/bin/curl", X_OK) == 0 ? nil : "there is no /usr/bin/curl; Scripts/prepare installs it"
  }

  func name(for task: Job) -> String { "curl" }

  /// The data files first and then the triggers, under their final names: one step less than the others have.
  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws {
    let data = load.names.flatMap { uploadLines(load.data.appending($0), to: "\(folder)/\($0)", login) }
    let triggers = load.names.map { "\($0).trigger" }
      .flatMap { uploadLines(load.triggers.appending($0), to: "\(folder)/\($0)", login) }
    try await run(data + triggers, login)
  }

  func upload(_ file: FilePath, to path: String, _ login: Login) async throws {
    try await run(uploadLines(file, to: path, login), login)
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    try await run(downloadLines(path, to: file, login), login)
  }

  func listing(of folder: String, _ login: Login) -> ToolCall { call(listingLines(folder, login), login) }

  /// Three runs: the listing, the files, and their removal.
  func collect(from folder: String, into place: FilePath, _ login: Login) async throws {
    let names = try await names(in: folder, login)
    try await run(names.flatMap { downloadLines("\(folder)/\($0)", to: place.appending($0), login) }, login)
    let removals = names.map { "quote = \"rm \(folder)/\($0)\"" }
    try await run(removals + ["url = \"\(address(of: "", login))\""], login)
  }

  private func names(in folder: String, _ login: Login) async throws -> [String] {
    try await run(listingLines(folder, login), login)
      .split(separator: "\n").map(String.init).filter { $0 != "." && $0 != ".." }
  }

  private func listingLines(_ folder: String, _ login: Login) -> [String] {
    ["list-only", "url = \"\(address(of: "\(folder)/", login))\""]
  }

  private func uploadLines(_ file: FilePath, to path: String, _ login: Login) -> [String] {
    ["upload-file = \"\(file)\"", "url = \"\(address(of: path, login))\""]
  }

  private func downloadLines(_ path: String, to file: FilePath, _ login: Login) -> [String] {
    ["output = \"\(file)\"", "url = \"\(address(of: path, login))\""]
  }

  /// The address of a path below the user's folder.
  private func address(of path: String, _ login: Login) -> String {
    let plain = path.utf8.map { byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789/._-".unicodeScalars.contains(scalar))
      return isPlain ? String(scalar) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return "sftp://127.0.0.1:\(login.port)/~/" + plain.joined()
  }

  @discardableResult
  private func run(_ lines: [String], _ login: Login) async throws -> String {
    let call = call(lines, login)
    return try await Tool.run(call.arguments, input: call.input)
  }

  private func call(_ lines: [String], _ login: Login) -> ToolCall {
    let settings = [
      "silent", "show-error", "user = \"\(login.user.name):\"", "key = \"\(login.user.keyFile)\"",
      "hostpubsha256 = \"\(login.fingerprint.dropFirst("SHA256:".count))\"",
    ]
    return ToolCall(arguments: ["curl", "--disable", "--config", "-"], input: settings + lines)
  }
}
