internal import FilsluseBase

/// A private key in OpenSSH's own form (PROTOCOL.key): a part in the clear, and the secret, perhaps encrypted.
struct OpenSSHKeyFile {
  /// The secret's cipher, `none` where it is not encrypted.
  let cipher: String

  /// The public half, from the part in the clear.
  let publicKey: UserPublicKey

  private let binary: SecretBytes

  var isEncrypted: Bool { cipher != "none" }

  /// The beginning of the format.
  private static let magic = Array("openssh-key-v1\0".utf8)

  /// Reads a block from its title to its end; `nil` where its lengths do not fit each other.
  init?(block: UnsafeRawBufferPointer) {
    guard let binary = Self.decoded(block) else { return nil }
    let clear = binary.withBytes { bytes -> (String, UserPublicKey)? in
      guard let fields = Fields(bytes) else { return nil }
      return (String(decoding: fields.cipher, as: UTF8.self), UserPublicKey(blob: Array(fields.publicKey)))
    }
    guard let (cipher, publicKey) = clear else { return nil }
    self.cipher = cipher
    self.publicKey = publicKey
    self.binary = binary
  }

  /// The key itself, where it is not encrypted.
  ///
  /// - Throws: ``SigningKey/Unusable``.
  func openKey() throws(SigningKey.Unusable) -> SigningKey {
    let outcome = binary.withBytes { bytes in
      Result { () throws(SigningKey.Unusable) in
        guard let fields = Fields(bytes) else { throw .damaged }
        return try SigningKey(openSSHSecret: fields.secret)
      }
    }
    return try outcome.get()
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

  private static func decoded(_ block: UnsafeRawBufferPointer) -> SecretBytes? {
    let text = KeyFileText.lines(of: block).filter { !$0.starts(with: "-----".utf8) }
    do throws(NotBase64) {
      return try SecretBytes(capacity: block.count) { room throws(NotBase64) in
        guard let count = Base64.decode(text.joined(), into: room) else { throw NotBase64() }
        return count
      }
    } catch {
      return nil
    }
  }

  private struct NotBase64: Error {}
}

/// Reads fields in place, so that no secret is copied.
struct SecretFields {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  mutating func skip(_ count: Int) -> Bool {
    guard count <= rest.count else { return false }
    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    return true
  }

  mutating func uint32() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { _ = skip(4) }
    return UInt32(bigEndian: rest.loadUnaligned(as: UInt32.self))
  }

  mutating func string() -> UnsafeRawBufferPointer? {
    guard let length = uint32(), Int(length) <= rest.count else { return nil }
    defer { _ = skip(Int(length)) }
    return UnsafeRawBufferPointer(rebasing: rest[..<Int(length)])
  }

  mutating func skipStrings(_ count: Int) -> Bool { (0..<count).allSatisfy { _ in string() != nil } }
}
