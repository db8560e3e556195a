internal import FilsluseBase
internal import SystemPackage

/// The identity of a login key, to recognise the same key in two files, or in a file and ssh-agent.
///
/// It is the fingerprint of the public half, which can be read without the passphrase from OpenSSH's format and from
/// unencrypted PEM formats of RSA and ECDSA. For other formats, both the `.pub` file beside the key and the key file's
/// content are compared.
enum KeyIdentity {
  /// The greatest size of a key file.
  private static let largest = 64 << 10

  /// The identities of a key; empty where its files cannot be read. Two keys that share one are the same key.
  static func identities(of key: AccountKey) -> Set<String> {
    switch key {
    case .agent(.fingerprint(let fingerprint), _): return [fingerprint.description]
    case .agent(.publicKey(let file), _): return Set([publicHalf(in: file)].compactMap(\.self))
    case .file(let file, _):
      guard let secret = read(file, { try SecretBytes(contentOf: $0, upTo: largest) }) else { return [] }
      if let key = UserPublicKey(privateKeyFile: secret) { return [key.fingerprint.description] }
      let beside = publicHalf(in: FilePath(file.string + ".pub"))
      return Set(["content \(digest(of: secret).hex)", beside].compactMap(\.self))
    }
  }

  /// The fingerprint of the key in a `.pub` file.
  private static func publicHalf(in file: FilePath) -> String? {
    let bytes = read(file) { try PlainFile.content(of: $0, upTo: largest) }
    return bytes.flatMap { UserPublicKey(publicKeyFile: $0) }?.fingerprint.description
  }

  /// Reads a plain file; `nil` where it cannot be read, which the login reports.
  private static func read<Content>(_ file: FilePath, _ content: (FileDescriptor) throws -> Content) -> Content? {
    guard let open = try? PlainFile.open(file) else { return nil }
    return try? open.closeAfter { try content(open) }
  }

  private static func digest(of secret: SecretBytes) -> SHA256Digest {
    secret.withBytes { bytes in
      var digest = SHA256()
      digest.update(bytes)
      return digest.finish()
    }
  }
}
