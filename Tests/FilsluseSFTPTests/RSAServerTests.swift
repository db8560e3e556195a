import FilsluseBase
import Foundation
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// Servers with RSA host keys, or that take some RSA signatures alone. libssh2 1.10 cannot check an RSA host key.
@Suite(.timeLimit(.minutes(25))) struct RSAServerTests {
  private func connect(_ endpoint: SFTPEndpoint) async -> SFTPError? {
    await sftpError { try await withSFTPClient(endpoint, logger: quiet) { _ in } }
  }

  @Test("says that a pinned fingerprint may be of the RSA key, and not that the key has changed")
  func pinned() async throws {
    try await withOwnServer(hostKeys: [.ed25519, .rsa]) { server, endpoint in
      let rsa = try #require(server.hostKeys.first { $0.algorithm == "ssh-rsa" })
      var endpoint = endpoint
      endpoint.hostKeys = .pinned([rsa.fingerprint])
      let error = await connect(endpoint)
      guard !Algorithms.isLibraryRecent else {
        #expect(error == nil, "\(error as Any)")
        return
      }
      #expect(error?.code == .noCommonAlgorithm, "\(error as Any)")
      let text = "\(error as Any)"
      for part in [rsa.fingerprint.description, server.fingerprint.description, "1.11"] {
        #expect(text.contains(part), "\(text)")
      }
      let danish = error?.inDanish ?? ""
      #expect(
        danish.contains("indstillingerne forventer \(rsa.fingerprint), som kan være serverens nøgle"), "\(danish)")
      #expect(danish.contains("serveren viser også ssh-ed25519 \(server.fingerprint)"), "\(danish)")
    }
  }

  @Test("takes another key for a changed one where the server has no key of a further type")
  func changed() async throws {
    try await withOwnServer(hostKeys: [.ed25519, .ecdsa]) { _, endpoint in
      var endpoint = endpoint
      endpoint.hostKeys = .pinned([try HostKeyFingerprint("SHA256:" + String(repeating: "A", count: 43))])
      #expect(await connect(endpoint)?.code == .hostKeyMismatch)
    }
  }

  @Test("explains a server and a known_hosts with RSA host keys alone")
  func alone() async throws {
    try await withOwnServer(hostKeys: [.rsa]) { server, endpoint in
      try await withScratchFolder { folder in
        var endpoint = endpoint
        let shown = await connect(endpoint)
        let file = folder.appending("known_hosts")
        try server.knownHostsLines.joined(separator: "\n").write(toFile: file.string, atomically: true, encoding: .utf8)
        endpoint.hostKeys = .knownHosts(file)
        let known = await connect(endpoint)
        guard !Algorithms.isLibraryRecent else {
          #expect(shown == nil && known == nil)
          return
        }
        #expect(shown?.code == .noCommonAlgorithm && known?.code == .noCommonAlgorithm)
        let text = "\(shown as Any)"
        #expect(text.contains("no host key in common") && text.contains("1.11 would help"), "\(text)")
        #expect(!text.contains("cipher") && !text.contains("MAC"), "\(text)")
        #expect("\(known as Any)".contains(file.string) && "\(known as Any)".contains("ssh-rsa"), "\(known as Any)")
        let danish = (shown?.inDanish ?? "", known?.inDanish ?? "")
        #expect(danish.0.contains("ingen fælles værtsnøgle: serveren har ") && danish.0.contains("1.11 ville hjælpe"))
        #expect(danish.1.contains("\(file) har kun nøgler for ") && danish.1.contains("ssh-rsa"), "\(danish)")
      }
    }
  }

  @Test("logs in with an RSA key where the server takes one kind of signature alone", arguments: ["256", "512"])
  func signatures(bits: String) async throws {
    try await withOwnServer(["PubkeyAcceptedAlgorithms rsa-sha2-\(bits)"], key: .rsa) { server, endpoint in
      #expect(await connect(endpoint) == nil)
      let stranger = try await server.addUser("stranger", key: .rsa)
      var other = endpoint
      other.identity = .keyFile(stranger.keyFile)
      #expect(await connect(other)?.code == .authenticationFailed)
    }
  }
}
