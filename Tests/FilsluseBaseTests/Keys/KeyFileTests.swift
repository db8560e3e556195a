import FilsluseBase
import Foundation
import Testing

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
    "finds no private key in other files",
    arguments: [
      "PuTTY-User-Key-File-3: ssh-ed25519\r\n", "ssh-ed25519 AAAAC3Nz a@b", "-----BEGIN PUBLIC KEY-----\nAAAA\n",
      "-----BEGIN CERTIFICATE-----\nAAAA\n", "not a key", "<html>",
    ])
  func otherFiles(text: String) {
    #expect(throws: KeyFileFormat.Trouble.noPrivateKey) { try format(text) }
    #expect(UserPublicKey(privateKeyFile: secret(text.utf8)) == nil)
  }

  /// An Ed25519 key whose bytes are all zero.
  private static let publicLine = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

  @Test("reads the first key of a .pub file, after comments and a byte-order mark")
  func publicFiles() throws {
    let key = try #require(UserPublicKey(publicKeyFile: Array("\u{FEFF}# a\r\n\r\n \(Self.publicLine) a@b\r\n".utf8)))
    #expect(key.blob.count == 51 && key.typeName == Array("ssh-ed25519".utf8))
  }

  @Test("takes no line whose words do not agree for a public key")
  func badPublicFiles() {
    let otherType = Self.publicLine.replacingOccurrences(of: "ssh-ed25519", with: "ssh-rsa")
    for text in ["", "# a", "ssh-ed25519", otherType, "ssh-ed25519 AAA!"] {
      #expect(UserPublicKey(publicKeyFile: Array(text.utf8)) == nil, "\(text)")
    }
  }

  @Test("shows no public half of a PEM key that is encrypted, or whose lengths exceed its content")
  func pemWithoutPublicHalf() {
    let texts = [
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
      // A sequence of 255 bytes, one whose length has five bytes, and one that ends after its version.
      "-----BEGIN RSA PRIVATE KEY-----\nMIH/AgEA\n-----END RSA PRIVATE KEY-----\n",
      "-----BEGIN PRIVATE KEY-----\nMIUBAQEBAQ==\n-----END PRIVATE KEY-----\n",
      "-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n",
    ]
    for text in texts { #expect(UserPublicKey(privateKeyFile: secret(text.utf8)) == nil, "\(text)") }
  }

  /// The numbers of a DSA key of 1024 bits in openssl's own form, which are written like those of an RSA key.
  private static let dsaNumbers = """
    MIIBygIBAAKBgQDjlgp5uNiRnzRyToKKlt/xg2ck03/nzIfmQ/nnsFXWwAEWdYhm
    QK2a9FjeMCo95TiRMv+NCPPwuctUqaiuH6CGodINRmotAfk3dQb9pYMUos24bevD
    Pie3aDtK7am0f4nxE+Fipjvb5PUQfwE6LudbMURXgj+y/r3UQcVIQdNcIQIdAIwM
    uBhlRXzhsF2asLAiWRYkYpltgY6NMQSJEYkCgYAimF0wCZOqKjGi6z51h7If5Axv
    Es654DWAMnq8Fh2d2u3RujJ78LO/cp42fioqvJPO9DZRWp3jkirrgHuX1bby3mft
    AX5fKmQF79TObbSTWHbXzDl48W4eWTB6s6mmRelnHmXpUss+i0rDUZDIoAMFCJ+a
    /btcXA0xRf1uOmRixwKBgFNILqyq4BLIYYrywCWc29i/C0k8s5+JtU3CIsvn+Gpk
    1s4lw7Ee5DHZdfrIOIDfNzeVttQqyAqE8pQyMmI/lwe2p5H3OMGEbn0jxWldDUTj
    CkyBgTV1ZvVQRb/D1jzNCJZUHNUHK2G80/onRvijZi/yfxYlikc6Fm/0sx34i6SE
    AhwCTL5YzuuKpcUt8vm+nJOl0lSYdQpbuBq1jKo3
    """

  /// The same key in PKCS#8, with its algorithm.
  private static let wrappedDSA = """
    MIIBWgIBADCCATMGByqGSM44BAEwggEmAoGBAOOWCnm42JGfNHJOgoqW3/GDZyTT
    f+fMh+ZD+eewVdbAARZ1iGZArZr0WN4wKj3lOJEy/40I8/C5y1SpqK4foIah0g1G
    ai0B+Td1Bv2lgxSizbht68M+J7doO0rtqbR/ifET4WKmO9vk9RB/ATou51sxRFeC
    P7L+vdRBxUhB01whAh0AjAy4GGVFfOGwXZqwsCJZFiRimW2Bjo0xBIkRiQKBgCKY
    XTAJk6oqMaLrPnWHsh/kDG8SzrngNYAyerwWHZ3a7dG6Mnvws79ynjZ+Kiq8k870
    NlFaneOSKuuAe5fVtvLeZ+0Bfl8qZAXv1M5ttJNYdtfMOXjxbh5ZMHqzqaZF6Wce
    ZelSyz6LSsNRkMigAwUIn5r9u1xcDTFF/W46ZGLHBB4CHAJMvljO64qlxS3y+b6c
    k6XSVJh1Clu4GrWMqjc=
    """

  @Test(
    "shows no public half of a DSA key, whatever its title says",
    arguments: [
      ("DSA PRIVATE KEY", Self.dsaNumbers), ("PRIVATE KEY", Self.wrappedDSA), ("RSA PRIVATE KEY", Self.dsaNumbers),
      ("EC PRIVATE KEY", Self.dsaNumbers), ("PRIVATE KEY", Self.dsaNumbers), ("RSA PRIVATE KEY", Self.wrappedDSA),
    ])
  func dsa(title: String, numbers: String) {
    let text = "-----BEGIN \(title)-----\n\(numbers)\n-----END \(title)-----\n"
    #expect(UserPublicKey(privateKeyFile: secret(text.utf8)) == nil)
  }
}
