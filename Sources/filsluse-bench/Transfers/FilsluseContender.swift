import FileExchange
import FilsluseSFTP
import LocalPlatform
import Logging
import SystemPackage

/// Our own client: many requests in flight over one connection, or over several for a large file.
struct Filsluse: Contender {
  /// The connections that a large file goes over.
  var connections = 1
  /// The number of deliveries under way at a time, as in `filsluse send`.
  private static let inFlight = Exchange.DeliveryOptions().inFlight

  func name(for task: Job) -> String { connections == 1 ? "filsluse" : "filsluse, \(connections) connections" }

  func deliver(_ load: LocalLoad, into folder: String, _ login: Login) async throws {
    try await connected(login) { client in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, name) in load.names.enumerated() {
          if index >= Self.inFlight { try await group.next() }
          group.addTask { try await Self.deliver(name, of: load, into: RemotePath(folder), client) }
        }
        try await group.waitForAll()
      }
    }
  }

  /// Data under its final name, then the trigger whole under another, then its rename.
  private static func deliver(
    _ name: String, of load: LocalLoad, into folder: RemotePath, _ client: SFTPClient
  ) async throws {
    try await client.upload(from: load.data.appending(name), to: folder.appending(name))
    let temporary = folder.appending(".\(name).t")
    try await client.upload(from: load.triggers.appending("\(name).trigger"), to: temporary)
    try await client.rename(temporary, to: folder.appending("\(name).trigger"))
  }

  func upload(_ file: FilePath, to path: String, _ login: Login) async throws {
    let further = try further(login)
    try await connected(login) { client in
      _ = try await client.upload(try await LocalFileSource(file), to: RemotePath(path), over: further)
    }
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    let further = try further(login)
    try await connected(login) { client in
      _ = try await client.download(RemotePath(path), to: LocalFileSink(file), over: further)
    }
  }

  func listing(of folder: String, _ login: Login) throws -> ToolCall {
    guard let program = BuiltProducts.this else { throw ToolError(description: "this program's own file is not known") }
    return ToolCall(arguments: [
      program.string, "list-folder", folder, "--port", "\(login.port)", "--user", login.user.name, "--key",
      login.user.keyFile.string, "--fingerprint", login.fingerprint,
    ])
  }

  private func further(_ login: Login) throws -> Further? {
    connections == 1 ? nil : Further(count: connections - 1, endpoint: try endpoint(login))
  }

  private func connected(_ login: Login, _ body: @Sendable (SFTPClient) async throws -> Void) async throws {
    try await withSFTPClient(endpoint(login), logger: Self.logger, body)
  }

  private func endpoint(_ login: Login) throws -> SFTPEndpoint {
    SFTPEndpoint(
      host: "127.0.0.1", port: login.port, user: login.user.name,
      hostKeys: .pinned([try HostKeyFingerprint(login.fingerprint)]), identity: .keyFile(login.user.keyFile))
  }

  private static let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

  /// Connections that are made as they are asked for, and closed when they are given back.
  private struct Further: FurtherConnections {
    let count: Int
    let endpoint: SFTPEndpoint

    func lend() async -> SFTPClient? { try? await SFTPClient.connect(endpoint, logger: Filsluse.logger) }

    func takeBack(_ client: SFTPClient, failure: SFTPError?) {}
  }
}
