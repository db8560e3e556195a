internal import CSSHShim

/// An RSA private key, held by libcrypto and wiped by it.
final class RSAKey: @unchecked Sendable {
  // Unchecked: the key is handed to one connection's thread and used by no other.
  let pointer: OpaquePointer

  private static let fewestBits = 2048

  /// The reason why a file holds no usable RSA key.
  enum Unusable: Error {
    case notRSA
    case tooShort(Int)
  }

  private init(_ pointer: OpaquePointer?) throws(Unusable) {
    guard let pointer else { throw .notRSA }
    self.pointer = pointer
    let bits = Int(filsluse_rsa_bits(pointer))
    guard bits >= Self.fewestBits else { throw .tooShort(bits) }
  }

  deinit { filsluse_rsa_free(pointer) }

  /// Reads one of PEM's forms.
  convenience init(pem: UnsafeRawBufferPointer, passphrase: String?) throws(Unusable) {
    try self.init(filsluse_rsa_from_pem(pem.baseAddress, pem.count, passphrase))
  }

  /// Reads OpenSSH's own form, not encrypted.
  convenience init(openSSH file: UnsafeRawBufferPointer) throws(Unusable) {
    guard let binary = KeyFileFormat.binary(ofOpenSSH: file) else { throw .notRSA }
    try self.init(binary.withBytes { Self.key(inOpenSSH: $0) })
  }

  /// After the clear part with its public key come two equal numbers, the type, and the numbers of the key.
  private static func key(inOpenSSH bytes: UnsafeRawBufferPointer) -> OpaquePointer? {
    var fields = SecretFields(bytes)
    guard fields.skip(KeyFileFormat.magic.count), fields.skipStrings(3), fields.uint32() == 1, fields.skipStrings(1),
      let secret = fields.string()
    else { return nil }
    var inner = SecretFields(secret)
    guard let check = inner.uint32(), inner.uint32() == check, let type = inner.string(),
      type.elementsEqual("ssh-rsa".utf8), let n = inner.string(), let e = inner.string(), let d = inner.string()
    else { return nil }
    return filsluse_rsa_from_numbers(number(n), number(e), number(d))
  }

  private static func number(_ bytes: UnsafeRawBufferPointer) -> filsluse_bytes {
    filsluse_bytes(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
  }
}

/// Reads fields in place, so that no secret is copied.
private struct SecretFields {
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
