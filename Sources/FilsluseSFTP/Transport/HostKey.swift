internal import FilsluseBase

/// A server's public key as it came over the wire.
struct HostKey: Sendable, Hashable {
  let blob: [UInt8]

  /// The key's own word for its type, such as `ssh-ed25519`.
  var type: String {
    guard blob.count >= 4 else { return "unknown" }
    let length = blob[0..<4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= 64, length <= blob.count - 4 else { return "unknown" }
    return PrintableName.text(Array(blob[4..<4 + length]))
  }

  var fingerprint: HostKeyFingerprint { HostKeyFingerprint(of: blob) }
}

/// The SHA-256 fingerprint of a host key, as `ssh-keygen -l` shows it: `SHA256:` and 43 characters.
public struct HostKeyFingerprint: Sendable, Hashable, CustomStringConvertible {
  /// The fingerprint with its `SHA256:` in front.
  public let description: String

  /// Reads a fingerprint.
  ///
  /// - Throws: `SFTPError` with code `fingerprintMalformed` when it is not `SHA256:` and 43 characters of base 64.
  public init(_ text: String) throws(SFTPError) {
    let prefix = "SHA256:"
    let digits = Array(text.utf8.dropFirst(prefix.utf8.count))
    let trimmed = digits.last == UInt8(ascii: "=") ? Array(digits.dropLast()) : digits
    guard text.hasPrefix(prefix), trimmed.count == 43, trimmed.allSatisfy(Self.isBase64) else {
      throw SFTPError(
        .fingerprintMalformed,
        "“\(text)” is no host key fingerprint; ssh-keygen -l -f KEY.pub shows it: SHA256: and 43 characters",
        "der står „\(text)“")
    }
    description = prefix + String(decoding: trimmed, as: UTF8.self)
  }

  init(of blob: [UInt8]) { description = "SHA256:" + SHA256.digest(of: blob).unpaddedBase64 }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"): true
    default: false
    }
  }
}
