import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

@Suite struct TrustTests {
  private func connect(_ endpoint: SFTPEndpoint) async -> SFTPError? {
    await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
  }

  @Test("an unpinned key ends the connection and both fingerprints are shown")
  func anUnpinnedKeyEndsTheConnectionAndBothFingerprintsAreShown() async throws {
    try await withTestServer { server in
      var endpoint = try server.endpoint()
      let other = try HostKeyFingerprint("SHA256:" + String(repeating: "A", count: 43))
      endpoint.hostKeys = .pinned([other])
      let error = try #require(await connect(endpoint))
      #expect(error.code == .hostKeyMismatch)
      #expect(!error.isRetriable)
      #expect(error.description.contains(other.description))
      #expect(Set(error.fingerprints) == Set(server.server.hostKeys.map(\.fingerprint) + [other]))
      for key in server.server.hostKeys { #expect(error.description.contains("\(key.algorithm) \(key.fingerprint)")) }
      let halves = error.inDanish.split(separator: "; indstillingerne forventer ")
      #expect(halves.count == 2 && halves.last?.hasPrefix("\(other). ") == true, "\(error.inDanish)")
      for key in server.server.hostKeys {
        #expect(halves.first?.contains("\(key.algorithm) \(key.fingerprint)") == true)
      }
    }
  }

  @Test("a pin of any key type is found")
  func aPinOfAnyKeyTypeIsFound() async throws {
    try await withTestServer { server in
      for key in server.server.hostKeys {
        var endpoint = try server.endpoint()
        endpoint.hostKeys = .pinned([key.fingerprint])
        #expect(await connect(endpoint) == nil)
      }
    }
  }

  @Test("an empty list of pins trusts no key")
  func noPinTrustsNothing() async throws {
    try await withTestServer { server in
      var endpoint = try server.endpoint()
      endpoint.hostKeys = .pinned([])
      #expect(await connect(endpoint)?.code == .hostKeyUnknown)
    }
  }

  @Test("known hosts let the server in")
  func knownHostsLetTheServerIn() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        for line in server.server.knownHostsLines {
          let file = folder.appending("known_hosts")
          try "# comment\n\nbroken line\n\(line)\n".write(toFile: file.string, atomically: true, encoding: .utf8)
          var endpoint = try server.endpoint()
          endpoint.hostKeys = .knownHosts(file)
          #expect(await connect(endpoint) == nil)
        }
      }
    }
  }

  @Test("an unknown host is refused and its fingerprint shown")
  func anUnknownHostIsRefusedAndItsFingerprintShown() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        let file = folder.appending("known_hosts")
        let key = try #require(server.server.hostKeys.first)
        // The plain name stands for port 22, not for this one.
        try "127.0.0.1 \(key.line)\n".write(toFile: file.string, atomically: true, encoding: .utf8)
        var endpoint = try server.endpoint()
        endpoint.hostKeys = .knownHosts(file)
        let error = try #require(await connect(endpoint))
        #expect(error.code == .hostKeyUnknown)
        #expect(error.description.contains(key.fingerprint.description))
        #expect(error.description.contains("the same key") && error.description.contains("[host]:port"), "\(error)")
        for part in ["viser nøglen \(key.algorithm) \(key.fingerprint)", "den samme nøgle", "[host]:port"] {
          #expect(error.inDanish.contains(part), "\(error.inDanish)")
        }
      }
    }
  }

  @Test("names the types in known_hosts where no libssh2 can check any of them, and certificates that are left out")
  func knownKeysOfForeignTypes() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        let file = folder.appending("known_hosts")
        let name = "[127.0.0.1]:\(server.port)"
        let foreign = Base64.encode(string("ssh-dss") + string("numbers"))
        try "\(name) ssh-dss \(foreign)\n".write(toFile: file.string, atomically: true, encoding: .utf8)
        var endpoint = try server.endpoint()
        endpoint.hostKeys = .knownHosts(file)
        let error = try #require(await connect(endpoint))
        #expect(error.code == .noCommonAlgorithm)
        #expect(error.description.contains("but of type ssh-dss, which libssh2"), "\(error)")
        #expect(!error.description.contains("1.11 can") && !error.inDanish.contains("1.11 kan"), "\(error)")
        #expect(
          error.inDanish.contains("kun nøgler for 127.0.0.1:\(server.port) af typen ssh-dss,"), "\(error.inDanish)")

        let (logger, lines) = recordingLogger()
        let key = try #require(server.server.hostKeys.first)
        try "@cert-authority * \(key.line)\n".write(toFile: file.string, atomically: true, encoding: .utf8)
        let authority = endpoint
        let unknown = await sftpError { try await withSFTPClient(authority, logger: logger) { _ in } }
        #expect(unknown?.code == .hostKeyUnknown)
        #expect(lines.all.contains { $0.contains("@cert-authority is left out") }, "\(lines.all)")
      }
    }
  }

  @Test("a changed host key is refused and both fingerprints shown")
  func aChangedHostKeyIsRefusedAndBothFingerprintsShown() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        let old = try await SSHServer.start(in: folder.appending("old"))
        let oldKey = try #require(old.hostKeys.first)
        try await old.stop()
        let file = folder.appending("known_hosts")
        try "[127.0.0.1]:\(server.port) \(oldKey.line)\n".write(toFile: file.string, atomically: true, encoding: .utf8)
        var endpoint = try server.endpoint()
        endpoint.hostKeys = .knownHosts(file)
        let error = try #require(await connect(endpoint))
        #expect(error.code == .hostKeyMismatch)
        #expect(error.description.contains(oldKey.fingerprint.description))
        #expect(error.description.contains(server.fingerprint.description))
        #expect(error.fingerprints == [server.fingerprint, oldKey.fingerprint])
        let halves = error.inDanish.split(separator: "\(file) forventer ")
        #expect(halves.first?.contains(server.fingerprint.description) == true, "\(error.inDanish)")
        #expect(halves.last?.contains(oldKey.fingerprint.description) == true && halves.count == 2, "\(error.inDanish)")
      }
    }
  }

  @Test("a revoked key is refused even if known")
  func aRevokedKeyIsRefusedEvenIfKnown() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        let file = folder.appending("known_hosts")
        let lines = server.server.knownHostsLines
        try (lines + lines.map { "@revoked \($0)" }).joined(separator: "\n")
          .write(toFile: file.string, atomically: true, encoding: .utf8)
        var endpoint = try server.endpoint()
        endpoint.hostKeys = .knownHosts(file)
        let revoked = try #require(await connect(endpoint))
        #expect(revoked.code == .hostKeyRevoked)
        #expect(revoked.inDanish.contains(", som er trukket tilbage ifølge \(file)"), "\(revoked.inDanish)")
        endpoint.hostKeys = .knownHosts(folder.appending("missing"))
        let missing = try #require(await connect(endpoint))
        #expect(missing.code == .knownHostsUnreadable)
        #expect(missing.description.contains("write the server's host keys into it"), "\(missing)")
        #expect(missing.inDanish.contains("\(folder.appending("missing")): filen findes ikke"), "\(missing.inDanish)")
      }
    }
  }

  @Test("logs in with a key", arguments: [KeyKind.ed25519, .ecdsa], [nil, "sesam luk dig op"])
  func logsInWithAKey(kind: KeyKind, passphrase: String?) async throws {
    try await withTestServer(key: kind, passphrase: passphrase.map { Redacted($0) }) { server in
      let endpoint = try server.endpoint(passphrase: passphrase)
      #expect(await connect(endpoint) == nil)
      guard passphrase != nil else { return }
      for wrong in ["forkert", nil] {
        let endpoint = try server.endpoint(passphrase: wrong)
        let error = try #require(await connect(endpoint))
        #expect(error.code == .keyUnreadable, "\(error)")
      }
    }
  }

  @Test("logs in with an RSA key in every form", arguments: [nil, "PEM", "PKCS8"], ["", "sesam luk dig op"])
  func logsInWithAnRSAKeyInEveryForm(form: String?, passphrase: String) async throws {
    try await withTestServer(key: .rsa) { server in
      if form != nil || !passphrase.isEmpty {
        try rewriteKey(server.user.keyFile, form: form, passphrase: passphrase)
      }
      let endpoint = try server.endpoint(passphrase: passphrase.isEmpty ? nil : passphrase)
      let error = await connect(endpoint)
      if form == nil, !passphrase.isEmpty, !Algorithms.isLibraryRecent {
        #expect(error?.code == .keyUnreadable)
        #expect(error?.description.contains("ssh-keygen -p -m PEM") == true)
      } else {
        #expect(error == nil, "\(error as Any)")
      }
      guard !passphrase.isEmpty else { return }
      let wrong = try server.endpoint(passphrase: "forkert")
      #expect(await connect(wrong)?.code == .keyUnreadable)
    }
  }

  @Test("logs in with an ECDSA key in PEM form", arguments: ["PEM", "PKCS8"])
  func logsInWithAnECDSAKeyInPEMForm(form: String) async throws {
    try await withTestServer(key: .ecdsa) { server in
      try rewriteKey(server.user.keyFile, form: form, passphrase: "")
      let endpoint = try server.endpoint()
      let error = await connect(endpoint)
      #expect(error == nil, "\(error as Any)")
    }
  }

  /// Has `ssh-keygen` rewrite a key, in another form or with a passphrase.
  private func rewriteKey(_ file: FilePath, form: String?, passphrase: String) throws {
    let keygen = Process()
    keygen.executableURL = URL(filePath: "/usr/bin/env")
    keygen.arguments = ["ssh-keygen", "-q", "-p", "-P", "", "-N", passphrase, "-f", file.string]
    if let form { keygen.arguments? += ["-m", form] }
    keygen.standardOutput = FileHandle.nullDevice
    try keygen.run()
    keygen.waitUntilExit()
    try #require(keygen.terminationStatus == 0)
  }

  @Test("a key the server does not know is refused")
  func aKeyTheServerDoesNotKnowIsRefused() async throws {
    try await withTestServer { server in
      try await withTestServer { other in
        var endpoint = try server.endpoint()
        endpoint.identity = .keyFile(other.user.keyFile)
        let error = try #require(await connect(endpoint))
        #expect(error.code == .authenticationFailed)
        #expect(error.description.contains(server.user.name))
        #expect(!error.isRetriable)
      }
    }
  }

  @Test("a key file must exist and be private")
  func aKeyFileMustExistAndBePrivate() async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        var endpoint = try server.endpoint()
        endpoint.identity = .keyFile(folder.appending("missing"))
        #expect(await connect(endpoint)?.code == .keyUnavailable)
        let copy = folder.appending("key")
        try FileManager.default.copyItem(atPath: server.user.keyFile.string, toPath: copy.string)
        #expect(chmod(copy.string, 0o640) == 0)
        endpoint.identity = .keyFile(copy)
        let error = try #require(await connect(endpoint))
        #expect(error.code == .keyUnreadable)
        #expect(error.description.contains("chmod 600"))
        #expect(chmod(copy.string, 0o600) == 0)
        try Data("not a key".utf8).write(to: URL(filePath: copy.string))
        #expect(await connect(endpoint)?.code == .keyUnreadable)
      }
    }
  }

  @Test("A key or known_hosts file that is a pipe or a device is refused at once", arguments: ["pipe", "/dev/zero"])
  func noPlainFiles(name: String) async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        #expect(mkfifo(folder.appending("pipe").string, 0o600) == 0)
        var endpoint = try server.endpoint()
        endpoint.hostKeys = .knownHosts(folder.pushing(FilePath(name)))
        let unknown = try #require(await connect(endpoint))
        #expect(unknown.code == .knownHostsUnreadable)
        #expect(unknown.description.contains("no plain file"))
        endpoint = try server.endpoint()
        endpoint.identity = .keyFile(folder.pushing(FilePath(name)))
        #expect(await connect(endpoint)?.code == .keyUnreadable)
        await #expect(throws: SFTPError.self) { try await LocalFileSource(folder.pushing(FilePath(name))) }
        await #expect(throws: SFTPError.self) { try await LocalFileSink(folder.pushing(FilePath(name))) }
      }
    }
  }

  @Test(
    "refuses a text that is no fingerprint",
    arguments: [
      "", "SHA256:", "MD5:aa", "SHA256:" + String(repeating: "A", count: 42),
      "SHA256:" + String(repeating: "å", count: 43),
    ])
  func refusesWhatIsNoFingerprint(text: String) {
    #expect(throws: SFTPError.self) { try HostKeyFingerprint(text) }
  }
}
