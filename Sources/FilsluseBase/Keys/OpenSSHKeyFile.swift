/// A private key in OpenSSH's own form (PROTOCOL.key): a part in the clear, and the secret, perhaps encrypted.
package struct OpenSSHKeyFile {
  /// The secret's cipher, `none` where it is not encrypted.
  package let cipher: String

  /// The public half, from the part in the clear.
  package let publicKey: UserPublicKey

  private let binary: SecretBytes

  /// True if the secret is encrypted.
  package var isEncrypted: Bool { cipher != "none" }

  /// The beginning of the format.
  private static let magic = Array("openssh-key-v1\0".utf8)

  /// Reads a block from its title to its end; `nil` where its lengths do not fit each other.
  package init?(block: UnsafeRawBufferPointer) {
    guard let binary = KeyFileText.decoded(block) else { return nil }
    let clear = binary.withBytes { bytes -> (String, UserPublicKey)? in
      guard let fields = Fields(bytes) else { return nil }
      return (String(decoding: fields.cipher, as: UTF8.self), UserPublicKey(blob: Array(fields.publicKey)))
    }
    guard let (cipher, publicKey) = clear else { return nil }
    self.cipher = cipher
    self.publicKey = publicKey
    self.binary = binary
  }

  /// Runs `body` with the secret as the file has it, perhaps encrypted.
  package func withSecret<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
    binary.withBytes { bytes in Fields(bytes).map { body($0.secret) } }
  }

  private struct Fields {
    let cipher: UnsafeRawBufferPointer
    let publicKey: UnsafeRawBufferPointer
    let secret: UnsafeRawBufferPointer

    init?(_ bytes: UnsafeRawBufferPointer) {
      var fields = SecretFields(bytes)
      guard bytes.starts(with: OpenSSHKeyFile.magic), fields.skip(OpenSSHKeyFile.magic.count),
        let cipher = fields.string(), fields.skipStrings(2), fields.uint32() == 1, let publicKey = fields.string(),
        let secret = fields.string(), secret.count >= 16, secret.count.isMultiple(of: 8)
      else { return nil }
      (self.cipher, self.publicKey, self.secret) = (cipher, publicKey, secret)
    }
  }
}

/// Reads fields in place, so that no secret is copied.
package struct SecretFields {
  private var rest: UnsafeRawBufferPointer

  package init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  mutating func skip(_ count: Int) -> Bool {
    guard count <= rest.count else { return false }
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    return true
  }

  /// Four bytes as a number, the highest first.
  package mutating func uint32() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { _ = skip(4) }
    return UInt32(bigEndian: rest.loadUnaligned(as: UInt32.self))
  }

  /// A length and that many bytes.
  package mutating func string() -> UnsafeRawBufferPointer? {
    guard let length = uint32(), Int(length) <= rest.count else { return nil }
    defer { _ = skip(Int(length)) }
    return UnsafeRawBufferPointer(rebasing: rest[..<Int(length)])
  }

  mutating func skipStrings(_ count: Int) -> Bool { (0..<count).allSatisfy { _ in string() != nil } }
}
