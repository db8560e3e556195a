public import FilsluseBase
public import LocalPlatform
public import SystemPackage

/// A server as one test sees it: with a user and a folder of its own.
public struct TestServer: Sendable {
  /// The server: mostly the one that all tests of this process share.
  public let server: SSHServer
  /// This test's own user.
  public let user: SSHUser

  /// The server's address.
  public var host: String { server.host }
  /// The server's port.
  public var port: UInt16 { server.port }
  /// The first host key's fingerprint.
  public var fingerprint: KeyFingerprint { server.fingerprint }
  /// The user's folder: what a session sees first.
  public var folder: FilePath { user.folder }
  /// The user's IN.
  public var inbox: FilePath { folder.appending("IN") }
  /// The user's OUT.
  public var outbox: FilePath { folder.appending("OUT") }
}

/// Runs a test against a real SSH server, with a fresh user whose folder holds IN and OUT.
///
/// At most eight such tests run at a time; the others wait.
///
/// - Throws: `PlatformError` when the server or the user could not be had, and what `body` throws.
public func withTestServer<Result: Sendable>(
  key: KeyKind = .ed25519, passphrase: Redacted<String>? = nil,
  _ body: @Sendable (TestServer) async throws -> Result
) async throws -> Result {
  _ = await testSlots.take(heedsCancellation: false)
  defer { testSlots.giveBack() }
  let server = try await SharedServer.shared.server()
  let user = try await server.addUser("test-\(testNumbers.next())", key: key, passphrase: passphrase)
  let test = TestServer(server: server, user: user)
  try makeFolder(test.inbox)
  try makeFolder(test.outbox)
  return try await body(test)
}

/// Runs a test against a server of its own, with a fresh user whose folder holds IN and OUT.
///
/// - Parameters:
///   - hostKeys: the kinds of the server's host keys.
///   - key: the kind of the user's key.
///   - lines: further lines of the server's configuration; what they name may be put into the given folder, which is
///     removed afterwards.
///   - body: the test, which gets the same folder.
/// - Throws: `PlatformError` when the server could not be had, and what `lines` and `body` throw.
public func withOwnTestServer<Result: Sendable>(
  hostKeys: [KeyKind] = [.ed25519], key: KeyKind = .ed25519, _ lines: @Sendable (FilePath) throws -> [String],
  _ body: @Sendable (TestServer, FilePath) async throws -> Result
) async throws -> Result {
  // The slot of a shared server's test also bounds how many servers of their own run at a time.
  try await withTestServer { _ in
    try await withScratchFolder { folder in
      let options = SSHServer.Options(hostKeys: hostKeys, extraLines: try lines(folder))
      let server = try await SSHServer.start(in: folder.appending("server"), options)
      do {
        let test = TestServer(server: server, user: try await server.addUser("own", key: key))
        try makeFolder(test.inbox)
        try makeFolder(test.outbox)
        let result = try await body(test, folder)
        try await server.stop()
        return result
      } catch {
        try await server.stop()
        throw error
      }
    }
  }
}

/// Room for so many tests at a time: a machine with two cores would otherwise time out on its own load.
private let testSlots = AsyncSemaphore(8)

private let testNumbers = Numbers()

/// Numbers that are handed out once.
final class Numbers: Sendable {
  private let last = Locked(0)

  func next() -> Int {
    last.withLock {
      $0 += 1
      return $0
    }
  }
}
