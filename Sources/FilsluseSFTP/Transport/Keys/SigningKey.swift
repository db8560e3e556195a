internal import FilsluseBase
internal import CSSHShim

/// A private key held by libcrypto and wiped by it: RSA, ECDSA on one of NIST's curves, or Ed25519.
final class SigningKey: @unchecked Sendable {
  // Unchecked: libcrypto's key is not changed after it is made, and reading it is safe from any thread.
  private let pointer: OpaquePointer

  /// The public half.
  let publicKey: UserPublicKey

  /// The reason why there is no key.
  enum Unusable: Error, Equatable {
    case damaged
    /// Encrypted, and the passphrase does not open it.
    case notOpened
    /// libcrypto offers no such kind of key or encryption.
    case unsupported
    /// A kind or curve that SSH has no name for.
    case kind(String)
    case tooShort(bits: Int)
  }

  private static let fewestRSABits = 2048

  private init(_ made: OpaquePointer?, otherwise trouble: Unusable) throws(Unusable) {
    guard let made else { throw trouble }
    pointer = made
    let blob = [UInt8](unsafeUninitializedCapacity: 8192) { room, count in
      count = filsluse_key_public(made, room.baseAddress, room.count)
    }
    publicKey = UserPublicKey(blob: blob)
    if blob.isEmpty { throw .kind(String(cString: filsluse_key_type(made))) }
    let bits = Int(filsluse_key_bits(made))
    if publicKey.type == "ssh-rsa", bits < Self.fewestRSABits { throw .tooShort(bits: bits) }
  }

  deinit { filsluse_key_free(pointer) }

  /// Reads one of PEM's forms.
  convenience init(pem: UnsafeRawBufferPointer, passphrase: String?) throws(Unusable) {
    var trouble = FILSLUSE_KEY_DAMAGED
    let made = filsluse_key_from_pem(pem.baseAddress, pem.count, passphrase, &trouble)
    let reason: Unusable =
      switch trouble {
      case FILSLUSE_KEY_NOT_OPENED: .notOpened
      case FILSLUSE_KEY_UNSUPPORTED: .unsupported
      default: .damaged
      }
    try self.init(made, otherwise: reason)
  }

  /// Reads the secret part of OpenSSH's own form, decrypted: two equal numbers, the type, and the key's fields.
  convenience init(openSSHSecret bytes: UnsafeRawBufferPointer) throws(Unusable) {
    try self.init(Self.key(inSecret: bytes), otherwise: .damaged)
  }

  private static func key(inSecret bytes: UnsafeRawBufferPointer) -> OpaquePointer? {
    var fields = SecretFields(bytes)
    guard let check = fields.uint32(), fields.uint32() == check, let type = fields.string() else { return nil }
    switch String(decoding: type, as: UTF8.self) {
    case "ssh-rsa":
      guard let n = fields.string(), let e = fields.string(), let d = fields.string() else { return nil }
      return filsluse_key_rsa(part(n), part(e), part(d))
    case "ssh-ed25519":
      // The secret is followed by the public half once more.
      guard fields.string() != nil, let secret = fields.string(), secret.count == 64 else { return nil }
      return filsluse_key_ed25519(part(UnsafeRawBufferPointer(rebasing: secret[..<32])))
    case let type where type.hasPrefix("ecdsa-sha2-"):
      guard let curve = fields.string(), let point = fields.string(), let d = fields.string() else { return nil }
      return filsluse_key_ec(String(decoding: curve, as: UTF8.self), part(point), part(d))
    default: return nil
    }
  }

  private static func part(_ bytes: UnsafeRawBufferPointer) -> filsluse_bytes {
    filsluse_bytes(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }

  /// A signature over `request`, without the name of its algorithm; `nil` where the key does not sign so.
  func signature(over request: [UInt8], by algorithm: String) -> [UInt8]? {
    let signature = [UInt8](unsafeUninitializedCapacity: 8192) { room, count in
      count = request.withUnsafeBytes {
        filsluse_key_sign(pointer, algorithm, Self.part($0), room.baseAddress, room.count)
      }
    }
    return signature.isEmpty ? nil : signature
  }
}

extension OpenSSHKeyFile {
  /// The key itself, where it is not encrypted.
  ///
  /// - Throws: ``SigningKey/Unusable``.
  func openKey() throws(SigningKey.Unusable) -> SigningKey {
    let outcome = withSecret { secret in
      Result { () throws(SigningKey.Unusable) in try SigningKey(openSSHSecret: secret) }
    }
    guard let outcome else { throw .damaged }
    return try outcome.get()
  }
}
