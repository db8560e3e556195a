import SeededNumbers
import Testing

@testable import FilsluseSFTP

@Suite struct KeyFileTests {
  private func secret(_ bytes: some Collection<UInt8>) -> SecretBytes {
    SecretBytes(capacity: bytes.count) { room in
      room.copyBytes(from: bytes)
      return bytes.count
    }
  }

  private func cleaned(_ bytes: some Collection<UInt8>) -> String {
    KeyFileText.cleaned(secret(bytes)).withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// The form that the text shows, and its block.
  private func format(_ text: String) throws(KeyFileFormat.Trouble) -> (KeyFileFormat.Form, block: String) {
    try KeyFileText.cleaned(secret(text.utf8)).withBytes { bytes in
      Result { () throws(KeyFileFormat.Trouble) in
        let format = try KeyFileFormat(bytes)
        return (format.form, String(decoding: bytes[format.block], as: UTF8.self))
      }
    }.get()
  }

  @Test("removes a byte-order mark, carriage returns and blanks around lines, and nothing else")
  func cleaning() {
    #expect(cleaned([0xEF, 0xBB, 0xBF] + Array("  a b\t\r\n\r\n c \rd".utf8)) == "a b\n\nc\nd\n")
    #expect(cleaned([]) == "")
    #expect(cleaned("a\n".utf8) == "a\n")
  }

  @Test(
    "recognises PEM's forms by their title",
    arguments: [
      ("EC PRIVATE KEY", false), ("RSA PRIVATE KEY", false), ("PRIVATE KEY", false), ("ENCRYPTED PRIVATE KEY", true),
    ])
  func titles(title: String, isEncrypted: Bool) throws {
    let found = try format("-----BEGIN \(title)-----\r\nAAAA\r\n-----END \(title)-----\r\n")
    #expect(found.0 == .pem(isEncrypted: isEncrypted))
  }

  @Test("sees by its header that a PEM key is encrypted")
  func encryptedByHeader() throws {
    let key = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
    #expect(try format(key + "-----END RSA PRIVATE KEY-----").0 == .pem(isEncrypted: true))
  }

  @Test("passes over what stands before and after the private key")
  func otherBlocks() throws {
    let key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n"
    let text =
      "-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n\(key)-----BEGIN CERTIFICATE-----\nA\n"
    #expect(try format(text).block == key)
  }

  @Test(
    "takes a file that ends early for one that is being written",
    arguments: [
      "", "\n", "--", "-----BEGIN ", "-----BEGIN OPENSSH PRIV", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
      "-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n",
      "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KE",
    ])
  func cutOff(text: String) {
    #expect(throws: KeyFileFormat.Trouble.cutOff) { try format(text) }
  }

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
    #expect(throws: KeyFileFormat.Trouble.noPrivateKey) { try format(text) }
    let advice = Array(text.utf8).withUnsafeBytes { ForeignKeyFile.advice(on: $0) }
    #expect(advice.contains(word), "\(advice)")
  }

  @Test("names binary files by their first bytes")
  func binaryFiles() {
    for (bytes, word) in [([0x30, 0x82, 4, 0xA4, 2], "DER"), ([0xFF, 0xFE, 0x2D, 0], "UTF-16")] as [([UInt8], String)] {
      let advice = bytes.withUnsafeBytes { ForeignKeyFile.advice(on: $0) }
      #expect(advice.contains(word), "\(advice)")
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
