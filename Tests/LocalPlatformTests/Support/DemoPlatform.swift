import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

/// Runs a platform with the demo's plan; a scratch folder beside it is the test's own.
func withDemoPlatform(
  _ options: LocalPlatform.Options = LocalPlatform.Options(),
  _ body: @escaping @Sendable (LocalPlatform, FilePath) async throws -> Void
) async throws {
  try await withScratchFolder { folder in
    try await withScratchFolder { scratch in
      try await withLocalPlatform(at: folder, plan: .demo, options: options, logger: .silent) { platform in
        try await body(platform, scratch)
      }
    }
  }
}

extension LocalPlatform {
  /// Puts a pair into a system's OUT as a client would, the trigger last.
  func deliver(_ name: String, _ data: String, _ trigger: HandWrittenTrigger, from system: String) throws {
    try outFolder(of: system).appending(name).write(data)
    try outFolder(of: system).appending(name + ".trigger").write(trigger.text)
  }

  /// Waits for the receipt of a file.
  @discardableResult
  func expectReceipt(
    _ name: String, of system: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> FilePath {
    let file = inFolder(of: system).appending(name + ".sftpreceipt")
    try #require(try await eventually { file.exists }, "no receipt for \(name)", sourceLocation: sourceLocation)
    return file
  }
}

extension OpenSSHClient {
  /// A client that logs on as one of the platform's systems.
  init(_ platform: LocalPlatform, system: String, scratch: FilePath) throws {
    let user = try #require(platform.user(of: system))
    try self.init(port: platform.port, knownHosts: platform.knownHostsLine, user: user, scratch: scratch)
  }
}
