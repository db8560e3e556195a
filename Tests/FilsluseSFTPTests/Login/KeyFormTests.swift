import FilsluseBase
import Foundation
import Glibc
import LocalPlatform
import PlatformFixture
import SystemPackage
import Testing

@testable import FilsluseSFTP

/// Logins at a real server with keys that ssh-keygen and openssl made, in each form that people have them in.
@Suite(.timeLimit(.minutes(25))) struct KeyFormTests {
  private static let passphrase = "sesam luk dig op"

  /// Runs `body` with a server, a folder for keys, and a function that tries one of them.
  private func withKeys(
    _ body:
      @Sendable (TestServer, FilePath, @Sendable (FilePath, String?) async throws -> SFTPError?) async throws -> Void
  ) async throws {
    try await withTestServer { server in
      try await withScratchFolder { folder in
        try await body(server, folder) { key, passphrase in
          try #require(chmod(key.string, 0o600) == 0)
          var endpoint = try server.endpoint()
          endpoint.identity = .keyFile(key, passphrase: passphrase.map { Redacted($0) })
          return await loginError(endpoint)
        }
      }
    }
  }

  @Test(
    "logs in with each kind of key, in each form, encrypted or not",
    arguments: [
      ["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"], ["-t", "ecdsa", "-b", "384"], ["-t", "ecdsa", "-b", "521"],
      ["-t", "rsa", "-b", "2048"],
    ])
  func kinds(options: [String]) async throws {
    try await withKeys { server, folder, login in
      for form in ["RFC4716", "PEM", "PKCS8"] where form == "RFC4716" || options[1] != "ed25519" {
        for passphrase in [nil, Self.passphrase] {
          let key = folder.appending("\(form)-\(passphrase != nil)")
          try await makeKey(key, options + ["-m", form], passphrase: passphrase ?? "")
          try server.letIn([try publicLine(of: key)])
          let error = try await login(key, passphrase)
          if options[1] == "rsa", form == "RFC4716", passphrase != nil, !Algorithms.isLibraryRecent {
            #expect(error?.code == .keyUnreadable && error?.description.contains("ssh-keygen -p -m PEM") == true)
            #expect(error?.description.contains("ssh-agent") == true, "\(error as Any)")
          } else {
            #expect(error == nil, "\(options) \(form): \(error as Any)")
          }
        }
      }
    }
  }

  @Test("logs in with a key from openssl: a curve's parameters before it, and Ed25519 in PKCS#8")
  func opensslKeys() async throws {
    try await withKeys { server, folder, login in
      let key = folder.appending("ec")
      try await runTool(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", key.string])
      try #require(String(contentsOfFile: key.string, encoding: .utf8).contains("BEGIN EC PARAMETERS"))
      try #require(chmod(key.string, 0o600) == 0)
      try server.letIn([try await runTool(["ssh-keygen", "-y", "-f", key.string])])
      #expect(try await login(key, nil) == nil)

      let modern = folder.appending("ed25519")
      for cipher in [[], ["-aes256", "-pass", "pass:\(Self.passphrase)"]] {
        try await runTool(["openssl", "genpkey", "-algorithm", "ed25519", "-out", modern.string] + cipher)
        let passphrase = cipher.isEmpty ? nil : Redacted(Self.passphrase)
        try #require(chmod(modern.string, 0o600) == 0)
        let read = try await PrivateKey.read(modern, passphrase: passphrase)
        try server.letIn(["ssh-ed25519 " + Data(read.publicKey.blob).base64EncodedString()])
        #expect(try await login(modern, passphrase?.exposed) == nil)
      }
    }
  }

  @Test("logs in with a key file that was saved by a Windows editor or pasted", arguments: [nil, passphrase])
  func editedFiles(passphrase: String?) async throws {
    try await withKeys { server, folder, login in
      let (key, edited) = (folder.appending("key"), folder.appending("edited"))
      for options in [["-t", "ed25519"], ["-t", "ecdsa", "-m", "PEM"], ["-t", "rsa", "-b", "2048", "-m", "PEM"]] {
        try? FileManager.default.removeItem(atPath: key.string)
        try await makeKey(key, options, passphrase: passphrase ?? "")
        try server.letIn([try publicLine(of: key)])
        let text = try String(contentsOfFile: key.string, encoding: .utf8)
        let pasted = text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)  " }
        for changed in [
          "\u{FEFF}" + text.replacing("\n", with: "\r\n"), String(text.dropLast()), pasted.joined(separator: "\n"),
          "\n\n" + text + "\nright\n",
        ] {
          try changed.write(toFile: edited.string, atomically: true, encoding: .utf8)
          let error = try await login(edited, passphrase)
          #expect(error == nil, "\(options): \(error as Any)")
        }
      }
    }
  }

  @Test("distinguishes a wrong passphrase from a missing one, in each form")
  func passphrases() async throws {
    try await withKeys { server, folder, login in
      let forms: [[String]] = [
        ["-t", "ed25519"], ["-t", "ecdsa"], ["-t", "ecdsa", "-m", "PEM"], ["-t", "rsa", "-b", "2048", "-m", "PEM"],
        ["-t", "rsa", "-b", "2048", "-m", "PKCS8"],
      ]
      for (number, options) in forms.enumerated() {
        let key = folder.appending("key-\(number)")
        try await makeKey(key, options, passphrase: Self.passphrase)
        try server.letIn([try publicLine(of: key)])
        let wrong = try #require(try await login(key, "forkert"))
        #expect(wrong.code == .keyUnreadable && wrong.description.contains("its passphrase is wrong"), "\(wrong)")
        #expect(!wrong.description.contains("forkert"))
        let missing = try #require(try await login(key, nil))
        #expect(missing.code == .keyUnreadable && missing.description.contains("no passphrase is given"), "\(missing)")
      }
    }
  }

  @Test("warns of a passphrase that is given for a key without one, and logs in")
  func needlessPassphrase() async throws {
    try await withTestServer { server in
      let (logger, lines) = recordingLogger()
      #expect(await loginError(try server.endpoint(passphrase: "hemmelig"), logger: logger) == nil)
      let warning = try #require(lines.all.first { $0.contains("passphrase") })
      #expect(warning.contains(server.user.keyFile.string) && warning.contains("not encrypted"))
      #expect(!lines.all.contains { $0.contains("hemmelig") })
    }
  }

  @Test("names keys of kinds that cannot be used, and what to do")
  func otherKinds() async throws {
    try await withKeys { server, folder, login in
      let key = folder.appending("key")
      try await makeKey(key)
      try await runTool(["ssh-keygen", "-q", "-s", key.string, "-I", "id", "-n", "user", key.string + ".pub"])
      let p224 = folder.appending("p224")
      try await runTool(["openssl", "ecparam", "-name", "secp224r1", "-genkey", "-out", p224.string])
      let dsa = folder.appending("dsa")
      try await runTool(["openssl", "dsaparam", "-genkey", "-out", dsa.string, "1024"])
      let short = folder.appending("short")
      try await runTool(["openssl", "genrsa", "-out", short.string, "1024"])
      let der = folder.appending("der")
      try await runTool(["openssl", "genrsa", "-out", folder.appending("pem").string, "2048"])
      try await runTool([
        "openssl", "rsa", "-in", folder.appending("pem").string, "-outform", "DER", "-out", der.string,
      ])
      let gcm = folder.appending("gcm")
      try await makeKey(gcm, ["-t", "ed25519", "-Z", "aes256-gcm@openssh.com"], passphrase: Self.passphrase)
      let hardware = folder.appending("sk")
      try Self.securityKeyFile.write(toFile: hardware.string, atomically: true, encoding: .utf8)
      for (file, passphrase, word) in [
        (key.string + ".pub", nil, "public half"), (key.string + "-cert.pub", nil, "SSH certificate"),
        (p224.string, nil, "curve"), (dsa.string, nil, "DSA"), (short.string, nil, "1024 bits"),
        (der.string, nil, "DER"),
        (gcm.string, Self.passphrase, "aes256-gcm@openssh.com"), (hardware.string, nil, "FIDO security key"),
      ] as [(String, String?, String)] {
        let error = try #require(try await login(FilePath(file), passphrase))
        #expect(error.code == .keyUnreadable && !error.isRetriable, "\(file): \(error)")
        #expect(error.description.contains(word) && error.description.contains(file), "\(error)")
        #expect(error.inDanish.contains("nøglen \(file) kan ikke bruges: "), "\(error.inDanish)")
      }
    }
  }

  /// A key file as ssh-keygen -t ed25519-sk writes it, with made-up numbers in place of a security key's.
  private static var securityKeyFile: String {
    func string(_ bytes: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(bytes.count)] + bytes }
    func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
    let type = string("sk-ssh-ed25519@openssh.com")
    let publicKey = type + string([UInt8](repeating: 7, count: 32)) + string("ssh:")
    var secret: [UInt8] = [1, 2, 3, 4, 1, 2, 3, 4] + publicKey + [1] + string("handle") + string("") + string("test")
    var padding: UInt8 = 1
    while secret.count % 8 != 0 {
      secret.append(padding)
      padding += 1
    }
    let bytes =
      Array("openssh-key-v1\0".utf8) + string("none") + string("none") + string("") + [0, 0, 0, 1] + string(publicKey)
      + string(secret)
    let text = Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
    return "-----BEGIN OPENSSH PRIVATE KEY-----\n\(text)\n-----END OPENSSH PRIVATE KEY-----\n"
  }

  @Test("distinguishes a damaged key of each form from one with a wrong passphrase")
  func damagedKeys() async throws {
    try await withKeys { server, folder, login in
      for (number, options) in [["-t", "ed25519"], ["-t", "ecdsa", "-m", "PEM"]].enumerated() {
        let key = folder.appending("key-\(number)")
        try await makeKey(key, options)
        var lines = try String(contentsOfFile: key.string, encoding: .utf8).split(separator: "\n").map(String.init)
        lines.remove(at: 2)
        try lines.joined(separator: "\n").write(toFile: key.string, atomically: true, encoding: .utf8)
        let error = try #require(try await login(key, nil))
        #expect(error.code == .keyUnreadable && error.description.contains("it is damaged"), "\(error)")
      }
    }
  }

  @Test("logs in with an RSA key at a server that takes either of its algorithms", arguments: [256, 512])
  func algorithmsOfRSA(bits: Int) async throws {
    try await withOwnServer(["PubkeyAcceptedAlgorithms rsa-sha2-\(bits)"]) { server, endpoint in
      let user = try await server.addUser("rsa", key: .rsa)
      var endpoint = endpoint
      endpoint.user = user.name
      endpoint.identity = .keyFile(user.keyFile)
      let error = await loginError(endpoint)
      #expect(error == nil, "\(error as Any)")
    }
  }

  @Test("never signs by SHA-1, and says what to do where the server takes nothing else")
  func onlySHA1() async throws {
    try await withOwnServer(["PubkeyAcceptedAlgorithms ssh-rsa"]) { server, endpoint in
      let user = try await server.addUser("rsa", key: .rsa)
      var endpoint = endpoint
      endpoint.user = user.name
      endpoint.identity = .keyFile(user.keyFile)
      let error = try #require(await loginError(endpoint))
      #expect(error.code == .authenticationFailed && error.description.contains("Ed25519"), "\(error)")
    }
  }
}
