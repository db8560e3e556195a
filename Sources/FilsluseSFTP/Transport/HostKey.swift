public import FilsluseBase

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

  var fingerprint: KeyFingerprint { KeyFingerprint(of: blob) }
}

/// The fingerprint of a server's host key.
public typealias HostKeyFingerprint = KeyFingerprint

extension KeyFingerprint {
  /// Reads a fingerprint.
  ///
  /// - Throws: `SFTPError` with code `fingerprintMalformed` when it is not `SHA256:` and 43 characters of base 64.
  public init(_ text: String) throws(SFTPError) {
    guard let fingerprint = KeyFingerprint(text: text) else {
      throw SFTPError(
        .fingerprintMalformed,
        "“\(text)” is no host key fingerprint; ssh-keygen -l -f KEY.pub shows it: SHA256: and 43 characters",
        "der står „\(text)“")
    }
    self = fingerprint
  }
}
