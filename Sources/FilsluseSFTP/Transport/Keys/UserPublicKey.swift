internal import FilsluseBase

/// A user's public key as it goes over the wire.
struct UserPublicKey: Sendable, Equatable {
  let blob: [UInt8]

  init(blob: [UInt8]) { self.blob = blob }

  /// Reads the line of a `.pub` file: type, base 64, comment; `nil` where it is none.
  init?(line: String) {
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count >= 2, let blob = Base64.decode(Array(words[1].utf8)) else { return nil }
    self.init(blob: blob)
    guard type == words[0] else { return nil }
  }

  /// The key's own word for its type, such as `ssh-ed25519`.
  var type: String {
    var reader = PacketReader(blob)
    guard let type = try? reader.string(), type.count <= 64 else { return "unknown" }
    return PrintableName.text(type)
  }

  /// The fingerprint as `ssh-keygen -l` shows it.
  var fingerprint: String { "SHA256:" + SHA256.digest(of: blob).unpaddedBase64 }

  /// The same key under another algorithm's name in its head. libssh2 takes the algorithm from there; OpenSSH's server
  /// maps that name to an RSA key.
  func renamed(_ algorithm: String) -> [UInt8] {
    var reader = PacketReader(blob)
    guard (try? reader.skipString()) != nil else { return blob }
    var writer = PacketWriter()
    writer.string(algorithm)
    return writer.bytes + blob.suffix(reader.remaining)
  }
}
