import FileExchange
import FilsluseSFTP
import LocalPlatform
import Logging
import SystemPackage

/// Our own client: one connection, many requests in flight.
struct Filsluse: Contender {
  /// The number of deliveries under way at a time, as in `filsluse send`.
  private static let inFlight = Exchange.DeliveryOptions().inFlight

  func name(for task: Job) -> String { "filsluse" }

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
    try await connected(login) { _ = try await $0.upload(from: file, to: RemotePath(path)) }
  }

  func download(_ path: String, to file: FilePath, _ login: Login) async throws {
    try await connected(login) { _ = try await $0.download(RemotePath(path), to: LocalFileSink(file)) }
  }

  private func connected(_ login: Login, _ body: @Sendable (SFTPClient) async throws -> Void) async throws {
    let endpoint = SFTPEndpoint(
      host: "127.0.0.1", port: login.port, user: login.user.name,
      hostKeys: .pinned([try HostKeyFingerprint(login.fingerprint)]), identity: .keyFile(login.user.keyFile))
    try await withSFTPClient(endpoint, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }, body)
  }
}
