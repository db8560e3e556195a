import ArgumentParser
import FilsluseBase
import FilsluseSFTP
import Logging
import SystemPackage

/// `filsluse-bench list-folder`: our client as a process that prints the names of a folder and ends; started by
/// `filsluse-bench transfers`.
struct ListFolder: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list-folder", abstract: "Be the process that lists a folder in a measurement.", shouldDisplay: false)

  @Argument var folder: String
  @Option var port: UInt16
  @Option var user: String
  @Option var key: String
  @Option var fingerprint: String

  func run() async throws {
    // As the command does.
    Heaps.shareFew()
    let endpoint = SFTPEndpoint(
      host: "127.0.0.1", port: port, user: user, hostKeys: .pinned([try HostKeyFingerprint(fingerprint)]),
      identity: .keyFile(FilePath(key)))
    let folder = RemotePath(folder)
    let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
    let entries = try await withSFTPClient(endpoint, logger: logger) { try await $0.list(folder) }
    guard !entries.isEmpty else { throw ToolError(description: "\(folder) is listed as empty") }
    var names: [UInt8] = []
    for entry in entries { names += entry.name + [UInt8(ascii: "\n")] }
    try FileDescriptor.standardOutput.writeAll(names)
  }
}
