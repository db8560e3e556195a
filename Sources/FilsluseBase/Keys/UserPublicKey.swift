/// A user's public key in its wire format.
package struct UserPublicKey: Sendable, Equatable {
  /// Its type and its numbers, each with a length before it.
  package let blob: [UInt8]

  /// Creates a key from its bytes, unchecked.
  package init(blob: [UInt8]) { self.blob = blob }

  /// Reads the first key of a `.pub` file: type, base 64, comment; `nil` where it holds none.
  package init?(publicKeyFile bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.drop { $0 == "\u{FEFF}" || $0.isWhitespace } }
    guard let line = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return nil }
    let words = line.split(whereSeparator: \.isWhitespace)
    guard words.count >= 2, let blob = Base64.decode(Array(words[1].utf8)) else { return nil }
    self.init(blob: blob)
    guard let typeName, typeName.elementsEqual(words[0].utf8) else { return nil }
  }

  /// Reads the public half that a private key's file shows without a passphrase: OpenSSH's form always does, and of
  /// PEM's those of RSA and ECDSA that are not encrypted; `nil` for any other file.
  package init?(privateKeyFile file: SecretBytes) {
    let blob = KeyFileText.cleaned(file).withBytes { text -> [UInt8]? in
      guard let format = try? KeyFileFormat(text) else { return nil }
      let block = UnsafeRawBufferPointer(rebasing: text[format.block])
      switch format.form {
      case .openSSH: return OpenSSHKeyFile(block: block)?.publicKey.blob
      case .pem(let isEncrypted):
        guard !isEncrypted, let content = KeyFileText.decoded(block) else { return nil }
        return content.withBytes { PEMPublicHalf.blob(of: $0, titled: format.title) }
      }
    }
    guard let blob else { return nil }
    self.init(blob: blob)
  }

  /// The bytes of the key's type name, such as `ssh-ed25519`; `nil` if its length is invalid.
  package var typeName: [UInt8]? {
    blob.withUnsafeBytes { bytes -> [UInt8]? in
      var fields = SecretFields(bytes)
      guard let name = fields.string(), name.count <= 64 else { return nil }
      return Array(name)
    }
  }

  /// The fingerprint as `ssh-keygen -l` shows it.
  package var fingerprint: KeyFingerprint { KeyFingerprint(of: blob) }
}
