import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// Logins with several keys, as while keys are changed, and with keys that are not enough.
@Suite(.timeLimit(.minutes(25))) struct KeyOrderTests {
  /// Runs `body` with a server's endpoint, a folder, and two keys, neither of them registered.
  private func withTwoKeys(
    _ body: @Sendable (TestServer, SFTPEndpoint, _ next: FilePath, _ current: FilePath) async throws -> Void
  ) async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        let (next, current) = (folder.appending("next"), folder.appending("current"))
        try await makeKey(next)
        try await makeKey(current, ["-t", "ecdsa"])
        var endpoint = try server.endpoint()
        endpoint.identity = .inOrder([.keyFile(next), .keyFile(current)])
        try await body(server, endpoint, next, current)
      }
    }
  }

  @Test("logs in with the second key where the server refuses the first, and says so in one line of the log")
  func secondKey() async throws {
    try await withTwoKeys { server, endpoint, next, current in
      try server.letIn([try publicLine(of: current)])
      let (logger, lines) = recordingLogger()
      #expect(await loginError(endpoint, logger: logger) == nil)
      let warnings = lines.all.filter { $0.hasPrefix("warning") }
      #expect(warnings.count == 1, "\(warnings)")
      let prints = [try await fingerprint(of: next).description, try await fingerprint(of: current).description]
      for part in [next.string, current.string] + prints {
        #expect(warnings.first?.contains(part) == true, "\(warnings)")
      }
      #expect(warnings.first?.contains("does not accept the key \(next)") == true)
    }
  }

  @Test("logs in with an encrypted key after one that the server refuses and one whose passphrase is wrong")
  func encryptedKey() async throws {
    try await withTwoKeys { server, endpoint, next, current in
      for options in [["-t", "ed25519"], ["-t", "rsa", "-b", "2048", "-m", "PEM"]] {
        let key = next.removingLastComponent().appending("encrypted-\(options[1])")
        try await makeKey(key, options, passphrase: "sesam")
        try server.letIn([try publicLine(of: key)])
        var endpoint = endpoint
        endpoint.identity = .inOrder([
          .keyFile(next), .keyFile(key, passphrase: Redacted("forkert")), .keyFile(key, passphrase: Redacted("sesam")),
        ])
        let (logger, lines) = recordingLogger()
        let error = await loginError(endpoint, logger: logger)
        #expect(error == nil, "\(error as Any)")
        let warning = lines.all.first { $0.hasPrefix("warning") }
        #expect(warning?.contains("its passphrase is wrong") == true, "\(lines.all)")
        #expect(!lines.all.contains { $0.contains("forkert") || $0.contains("sesam") })
      }
    }
  }

  @Test("logs in with the first key in silence where the server takes it")
  func firstKey() async throws {
    try await withTwoKeys { server, endpoint, next, current in
      try server.letIn([try publicLine(of: next), try publicLine(of: current)])
      let (logger, lines) = recordingLogger()
      #expect(await loginError(endpoint, logger: logger) == nil)
      #expect(!lines.all.contains { $0.hasPrefix("warning") }, "\(lines.all)")
    }
  }

  @Test("logs in with the second key where the first cannot be used here", arguments: ["missing", "cut", "readable"])
  func unusableKey(how: String) async throws {
    try await withTwoKeys { server, endpoint, next, current in
      try server.letIn([try publicLine(of: current)])
      switch how {
      case "missing": try FileManager.default.removeItem(atPath: next.string)
      case "cut": try #require(truncate(next.string, 100) == 0)
      default: try #require(chmod(next.string, 0o644) == 0)
      }
      let (logger, lines) = recordingLogger()
      #expect(await loginError(endpoint, logger: logger) == nil)
      let warnings = lines.all.filter { $0.hasPrefix("warning") }
      #expect(warnings.count == 1 && warnings.first?.contains(next.string) == true, "\(warnings)")
    }
  }

  @Test("names every key with its fingerprint where the server refuses all")
  func allRefused() async throws {
    try await withTwoKeys { server, endpoint, next, current in
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .authenticationFailed && !error.isRetriable)
      #expect(error.fingerprints == [try await fingerprint(of: next), try await fingerprint(of: current)])
      let prints = [try await fingerprint(of: next).description, try await fingerprint(of: current).description]
      for part in [next.string, current.string] + prints {
        #expect(error.description.contains(part), "\(error)")
      }
    }
  }

  @Test("fails as a refused login where one key is refused and the other cannot be read")
  func refusedAndUnusable() async throws {
    try await withTwoKeys { server, endpoint, next, current in
      try FileManager.default.removeItem(atPath: next.string)
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .authenticationFailed, "\(error)")
      #expect(error.description.contains(next.string) && error.description.contains(current.string), "\(error)")
    }
  }

  @Test("waits for a key file that may come where no key can be read")
  func allUnusable() async throws {
    try await withTwoKeys { server, endpoint, next, current in
      try FileManager.default.removeItem(atPath: next.string)
      try Data("x".utf8).write(to: URL(filePath: current.string))
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .keyUnavailable && error.isRetriable, "\(error)")
      #expect(error.description.contains(next.string) && error.description.contains(current.string), "\(error)")
    }
  }

  @Test("connects again to a server that closes the connection after each refused key, and names all keys in the error")
  func hangingUp() async throws {
    try await withOwnServer(["MaxAuthTries 1"]) { server, endpoint in
      var keys: [FilePath] = []
      for number in 0..<3 { keys.append(try await server.addUser("other-\(number)").keyFile) }
      guard case .keyFile(let right, _) = endpoint.identity else { return }
      var endpoint = endpoint
      endpoint.identity = .inOrder((keys + [right]).map { .keyFile($0) })
      let failure = await loginError(endpoint)
      #expect(failure == nil, "\(failure as Any)")
      endpoint.identity = .inOrder(keys.map { .keyFile($0) })
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .authenticationFailed, "\(error)")
      for key in keys { #expect(error.description.contains(key.string), "\(error)") }
    }
  }

  @Test(
    "distinguishes a key that is known and not enough from a refused one",
    arguments: [
      (["AuthenticationMethods publickey,password", "PasswordAuthentication yes"], "password"),
      (
        ["AuthenticationMethods publickey,keyboard-interactive", "KbdInteractiveAuthentication yes"],
        "keyboard-interactive"
      ),
    ])
  func secondFactor(lines: [String], method: String) async throws {
    try await withOwnServer(lines) { server, endpoint in
      guard case .keyFile(let right, _) = endpoint.identity else { return }
      let other = try await server.addUser("other").keyFile
      var endpoint = endpoint
      for identity in [.keyFile(right), .inOrder([.keyFile(other), .keyFile(right)])] as [SFTPEndpoint.Identity] {
        endpoint.identity = identity
        let error = try #require(await loginError(endpoint))
        #expect(error.code == .secondFactorRequired && !error.isRetriable, "\(error)")
        #expect(error.description.contains("asks for \(method) as well"), "\(error)")
        #expect(error.description.contains("knows the key \(right)"), "\(error)")
      }
      endpoint.identity = .keyFile(other)
      let refused = try #require(await loginError(endpoint))
      #expect(refused.code == .authenticationFailed && !refused.description.contains("as well"), "\(refused)")
    }
  }

  @Test("logs in where the server asks for two keys and has both, and says that it knows the one where it has not")
  func twoKeysRequired() async throws {
    try await withOwnServer(["AuthenticationMethods publickey,publickey"]) { server, endpoint in
      guard case .keyFile(let right, _) = endpoint.identity else { return }
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .authenticationFailed && error.description.contains("a second key"), "\(error)")

      let second = right.removingLastComponent().appending("second")
      try await makeKey(second)
      let file = server.directory.appending("authorized_keys").appending(endpoint.user)
      try (String(contentsOfFile: file.string, encoding: .utf8) + (try publicLine(of: second)) + "\n")
        .write(toFile: file.string, atomically: true, encoding: .utf8)
      var endpoint = endpoint
      endpoint.identity = .inOrder([.keyFile(right), .keyFile(second)])
      let failure = await loginError(endpoint)
      #expect(failure == nil, "\(failure as Any)")
    }
  }

  @Test("says that a server takes no keys at all")
  func noKeysAtAll() async throws {
    try await withOwnServer(["PubkeyAuthentication no", "PasswordAuthentication yes"]) { server, endpoint in
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .authenticationFailed && error.description.contains("only password"), "\(error)")
    }
  }
}
