internal import CSSHShim

/// The algorithms offered to a server, best first. No SHA-1, no CBC, no DSS, no group 1.
///
/// Algorithms that this version of libssh2 lacks are left out. Before 1.11 it has no ETM MACs and no authenticated
/// ciphers. From 1.11 on they stand last: those of 1.11 had faults (CVE-2026-55200, -66033, -66035), and the version
/// number does not show whether a distribution has patched them. Nor are they faster: with libssh2 1.11.1 a file of 150
/// MB costs 1.5 to 2.1 s of processor time by AES-CTR with HMAC-SHA-256, 2.0 to 2.7 s by AES-GCM, and 3.7 to 4.4 s by
/// ChaCha20-Poly1305.
package enum Algorithms {
  static let keyExchange = [
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
    "diffie-hellman-group14-sha256", "diffie-hellman-group-exchange-sha256",
  ]

  static let hostKeys = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
    "rsa-sha2-256",
  ]

  static let ciphers = [
    "aes128-ctr", "aes256-ctr", "aes192-ctr", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
  ]

  static let macs = [
    "hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com",
  ]

  /// The algorithms of a class.
  static func all(_ method: filsluse_ssh_method) -> [String] {
    switch method {
    case FILSLUSE_SSH_KEX: keyExchange
    case FILSLUSE_SSH_HOST_KEY: hostKeys
    case FILSLUSE_SSH_CIPHER: ciphers
    default: macs
    }
  }

  /// Returns true if a cipher authenticates its data, so that it needs no MAC.
  static func isAuthenticating(_ cipher: String) -> Bool { cipher.contains("gcm") || cipher.contains("poly1305") }

  /// The signature algorithms that go with a type of host key.
  static func signatures(for keyType: String) -> [String] {
    keyType == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [keyType]
  }

  /// The type of key behind a signature algorithm.
  static func keyType(of signature: String) -> String {
    signature.hasPrefix("rsa-sha2-") ? "ssh-rsa" : signature
  }

  /// True if the linked libssh2 is 1.11 or later.
  static var isLibraryRecent: Bool { filsluse_ssh_is_at_least(0x010b00) != 0 }

  /// The version of the linked libssh2.
  package static var libraryVersion: String { String(cString: filsluse_ssh_version()) }
}
