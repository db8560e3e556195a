internal import FilsluseBase

extension UserPublicKey {
  /// The key's own word for its type, such as `ssh-ed25519`.
  var type: String { typeName.map(PrintableName.text) ?? "unknown" }

  /// Returns the key with another algorithm's name in its head. libssh2 takes the algorithm from there; OpenSSH's
  /// server maps that name to an RSA key.
  func renamed(_ algorithm: String) -> [UInt8] {
    var reader = PacketReader(blob)
    guard (try? reader.skipString()) != nil else { return blob }
    var writer = PacketWriter()
    writer.string(algorithm)
    return writer.bytes + blob.suffix(reader.remaining)
  }
}
