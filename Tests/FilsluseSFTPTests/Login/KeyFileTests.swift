import FilsluseBase
import Foundation
import Glibc
import PlatformFixture
import SeededNumbers
import SystemPackage
import Testing

@testable import FilsluseSFTP

@Suite struct KeyFileTests {
  @Test(
    "names what is no private key, and what to do",
    arguments: [
      ("PuTTY-User-Key-File-3: ssh-ed25519\r\n", "puttygen"), ("ssh-ed25519 AAAAC3Nz a@b", "public half"),
      ("ecdsa-sha2-nistp256 AAAA", "public half"), ("-----BEGIN PUBLIC KEY-----\nAAAA\n", "public half"),
      ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n", "public half"),
      ("ssh-ed25519-cert-v01@openssh.com AAAA a", "SSH certificate"),
      ("-----BEGIN CERTIFICATE-----\nAAAA\n", "X.509 certificate"),
      ("-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n", "DSA"),
      ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n", "ssh-keygen -i"),
      ("SSH PRIVATE KEY FILE FORMAT 1.1\n", "SSH version 1"),
      ("-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "PGP"),
      ("not a key", "no private key in OpenSSH's or PEM form"), ("<html>", "no private key"),
    ])
  func foreignFiles(text: String, word: String) {
    let trouble = Array(text.utf8).withUnsafeBytes { ForeignKeyFile.advice(on: $0) }
    let advice = PrivateKey.unreadable("key", trouble).text
    #expect(advice.en.contains(word), "\(advice)")
    // The command lines are the same in Danish, but for the words for the files.
    let command = /puttygen|ssh-keygen -./
    let (danish, english) = (advice.da.firstMatch(of: command), advice.en.firstMatch(of: command))
    #expect(advice.da != advice.en && danish?.output == english?.output, "\(advice)")
  }

  @Test("says of a file that others can read what it is, unless it may be a private key")
  func readableFiles() async throws {
    try await withScratchFolder { folder in
      let cases = [
        ("ssh-ed25519 AAAAC3Nz a@b\n", "public half"), ("PuTTY-User-Key-File-3: ssh-ed25519\r\n", "puttygen"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA a\n", "SSH certificate"),
        // As an editor leaves it.
        ("\u{FEFF}  PuTTY-User-Key-File-3: ssh-ed25519\r\n", "puttygen"),
        ("\u{FEFF}\r\n  ssh-ed25519 AAAAC3Nz a@b\r\n", "public half"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----\n", "chmod 600"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n", "chmod 600"),
      ]
      for (text, word) in cases {
        let file = folder.appending("key")
        try text.write(toFile: file.string, atomically: true, encoding: .utf8)
        try #require(chmod(file.string, 0o644) == 0)
        let error = await sftpError { _ = try await PrivateKey.read(file, passphrase: nil) }
        #expect(error?.code == .keyUnreadable && error?.description.contains(word) == true, "\(error as Any)")
      }
    }
  }

  @Test("keeps message and remedy apart where the file's name holds a semicolon")
  func nameWithSemicolon() {
    let file = FilePath("/keys/a; b")
    let error = PrivateKey.unreadable(
      file, Array("PuTTY-User-Key-File-3".utf8).withUnsafeBytes { ForeignKeyFile.advice(on: $0) })
    #expect(error.message == "the key /keys/a; b cannot be used: it is PuTTY's .ppk form")
    #expect(error.remedy == "convert it: puttygen FILE -O private-openssh -o KEY")
    #expect(error.reason == "\(error.message); \(error.remedy ?? "")")
    #expect(error.remedyInDanish == "lav den om: puttygen FIL -O private-openssh -o NØGLE")
  }

  @Test("names binary files by their first bytes")
  func binaryFiles() {
    for (bytes, word) in [([0x30, 0x82, 4, 0xA4, 2], "DER"), ([0xFF, 0xFE, 0x2D, 0], "UTF-16")] as [([UInt8], String)] {
      let trouble = bytes.withUnsafeBytes { ForeignKeyFile.advice(on: $0) }
      let advice = PrivateKey.unreadable("key", trouble).text
      #expect(advice.en.contains(word) && advice.da.contains(word), "\(advice)")
    }
  }

  @Test("survives damaged keys of each form")
  func damagedKeys() {
    var noise = SeededGenerator(seed: 5)
    let start = Array(
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAA".utf8)
    for round in 0..<2000 {
      let digits = (0..<round % 200).map { _ in Array("ABCDEFgh0123+/AAAA\n".utf8).randomElement(using: &noise) ?? 0x41
      }
      (start + digits).withUnsafeBytes { file in
        if let key = OpenSSHKeyFile(block: file) {
          #expect(throws: SigningKey.Unusable.self) { try key.openKey() }
        }
        #expect(throws: SigningKey.Unusable.self) { try SigningKey(pem: file, passphrase: nil) }
        #expect(throws: SigningKey.Unusable.self) { try SigningKey(openSSHSecret: file) }
      }
    }
  }
}
