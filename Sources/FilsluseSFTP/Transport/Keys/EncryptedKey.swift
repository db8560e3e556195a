/// The encrypted keys in OpenSSH's own form that libssh2 opens and signs with.
enum EncryptedKey {
  /// Returns the reason why the libssh2 at hand cannot use the key, with the remedy; `nil` where it can.
  static func trouble(with key: OpenSSHKeyFile) -> String? {
    if !ciphers.contains(key.cipher) {
      let cipher = PrintableName.text(Array(key.cipher.utf8))
      return "it is encrypted with \(cipher), which libssh2 does not open; "
        + "encrypt a copy another way: ssh-keygen -p -Z aes256-ctr -f COPY"
    }
    if key.publicKey.type == "ssh-rsa", !Algorithms.isLibraryRecent {
      return
        "libssh2 \(Algorithms.libraryVersion) signs with an encrypted RSA key in OpenSSH's own form by SHA-1 only; "
        + "convert a copy: ssh-keygen -p -m PEM -f COPY, or keep the key in ssh-agent, or use libssh2 1.11"
    }
    return nil
  }

  private static let ciphers = ["aes256-ctr", "aes192-ctr", "aes128-ctr", "aes256-cbc", "aes192-cbc", "aes128-cbc"]
}
