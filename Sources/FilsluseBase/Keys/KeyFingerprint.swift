/// The SHA-256 fingerprint of an SSH key, as `ssh-keygen -l` shows it: `SHA256:` and 43 characters.
public struct KeyFingerprint: Sendable, Hashable, CustomStringConvertible {
  /// The fingerprint with its `SHA256:` in front.
  public let description: String

  /// Computes the fingerprint of a public key in its wire format.
  public init(of blob: [UInt8]) { description = Self.prefix + SHA256.digest(of: blob).unpaddedBase64 }

  /// Reads `SHA256:` and 43 characters of base 64, with or without its padding; `nil` for anything else.
  public init?(text: String) {
    let digits = Array(text.utf8.dropFirst(Self.prefix.utf8.count))
    let trimmed = digits.last == UInt8(ascii: "=") ? Array(digits.dropLast()) : digits
    guard text.hasPrefix(Self.prefix), trimmed.count == 43, trimmed.allSatisfy(Self.isBase64),
      // 43 characters carry 258 bits; the last two must be zero.
      "AEIMQUYcgkosw048".utf8.contains(trimmed[42])
    else { return nil }
    description = Self.prefix + String(decoding: trimmed, as: UTF8.self)
  }

  private static let prefix = "SHA256:"

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
    default: false
    }
  }
}
