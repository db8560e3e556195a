import SeededNumbers
import FilsluseSFTP
import FilsluseBase
import LocalPlatform
import Logging
import PlatformFixture
import SystemPackage
import Testing

/// A logger that keeps the tests' output clean.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension TestServer {
  /// The server with its pinned key and this test's user, perhaps by way of a proxy.
  func endpoint(
    through proxy: TCPProxy? = nil, passphrase: String? = nil, deadlines: Deadlines = Deadlines()
  ) throws -> SFTPEndpoint {
    SFTPEndpoint(
      host: host, port: proxy?.port ?? port, user: user.name,
      hostKeys: .pinned([fingerprint]),
      identity: .keyFile(user.keyFile, passphrase: passphrase.map { Redacted($0) }), deadlines: deadlines)
  }
}

/// Runs a test with a client of its own.
func withTestClient<Result: Sendable>(
  deadlines: Deadlines = Deadlines(), _ body: @Sendable (SFTPClient, TestServer) async throws -> Result
) async throws -> Result {
  try await withTestServer { server in
    try await withSFTPClient(try server.endpoint(deadlines: deadlines), logger: quiet) { client in
      try await body(client, server)
    }
  }
}

/// The `SFTPError` that `body` throws; `nil` where it throws none.
func sftpError(_ body: () async throws -> Void) async -> SFTPError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? SFTPError
  }
}

/// Expects that `body` fails with an `SFTPError` of this code.
func expectError(
  _ code: SFTPError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
  let error = await sftpError(body)
  #expect(error?.code == code, sourceLocation: sourceLocation)
}

/// Bytes that look random and are the same every time.
enum Noise {
  static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var noise = SeededGenerator(seed: seed)
    return [UInt8](unsafeUninitializedCapacity: count + 8) { buffer, initialized in
      for place in stride(from: 0, to: count, by: 8) {
        UnsafeMutableRawBufferPointer(buffer).storeBytes(of: noise.next(), toByteOffset: place, as: UInt64.self)
      }
      initialized = count
    }
  }
}
