internal import CCryptoShim

/// A running SHA-256, computed by libcrypto as bytes come in.
public struct SHA256: ~Copyable {
  private let hash: OpaquePointer

  /// Starts a hash over no bytes.
  public init() {
    guard let hash = filsluse_sha256_new() else { preconditionFailure("libcrypto offers no SHA-256") }
    self.hash = hash
  }

  deinit { filsluse_sha256_free(hash) }

  /// Adds bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    let taken = filsluse_sha256_update(hash, start, bytes.count)
    precondition(taken == 1, "libcrypto refused bytes for SHA-256")
  }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Returns the digest of the bytes added since the start or the last call, and resets the hash.
  public mutating func finish() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    let written = filsluse_sha256_finish(hash, &bytes)
    precondition(written == 1, "libcrypto could not finish SHA-256")
    return SHA256Digest(bytes: bytes)
  }

  /// Returns the digest of the bytes so far; more can be added afterwards.
  public func digestSoFar() -> SHA256Digest {
    guard let copy = filsluse_sha256_copy(hash) else { preconditionFailure("libcrypto copies no SHA-256") }
    defer { filsluse_sha256_free(copy) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let written = filsluse_sha256_finish(copy, &bytes)
    precondition(written == 1, "libcrypto could not finish SHA-256")
    return SHA256Digest(bytes: bytes)
  }

  /// The digest of `bytes`.
  public static func digest(of bytes: [UInt8]) -> SHA256Digest {
    var digest = [UInt8](repeating: 0, count: 32)
    let written = filsluse_sha256_digest(bytes, bytes.count, &digest)
    precondition(written == 1, "libcrypto offers no SHA-256")
    return SHA256Digest(bytes: digest)
  }
}

/// The 32 bytes of a SHA-256.
public struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
  /// The digest's bytes, 32 of them.
  public let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Creates a digest from its 32 stored bytes; `nil` for any other number of them.
  public init?(kept bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// Reads 64 hexadecimal digits; `nil` for anything else.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(ofHexDigit: digits[index]), let low = Self.value(ofHexDigit: digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public var hex: String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
    return String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
      for (index, byte) in bytes.enumerated() {
        text[2 * index] = digit(byte >> 4)
        text[2 * index + 1] = digit(byte & 15)
      }
      return 2 * bytes.count
    }
  }

  /// The digest as OpenSSH shows it in a fingerprint: base 64 without padding, 43 characters.
  public var unpaddedBase64: String {
    String(Base64.encode(bytes).prefix { $0 != "=" })
  }

  /// The digest in hexadecimal.
  public var description: String { hex }

  private static func value(ofHexDigit digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    case 0x41...0x46: digit - 0x41 + 10
    default: nil
    }
  }
}

extension SHA256Digest: Codable {
  /// Reads 64 hexadecimal digits.
  ///
  /// - Throws: `DecodingError` for anything else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let digest = SHA256Digest(hex: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a SHA-256 has 64 hexadecimal digits")
    }
    self = digest
  }

  /// Writes the digest in hexadecimal.
  ///
  /// - Throws: the encoder's error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hex)
  }
}
