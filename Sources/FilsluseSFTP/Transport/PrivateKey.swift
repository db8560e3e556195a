internal import FilsluseSystem
internal import SystemPackage
import Glibc

/// A user's private key, read from its file and ready for libssh2.
struct PrivateKey: Sendable {
  let file: FilePath
  let bytes: SecretBytes
  let passphrase: Redacted<String>?

  private static let largestFile = 64 * 1024

  /// Reads a key file that only its owner can read.
  ///
  /// - Throws: `SFTPError` with code `keyUnreadable`.
  static func read(_ file: FilePath, passphrase: Redacted<String>?) async throws(SFTPError) -> PrivateKey {
    let bytes = try await BlockingThreads.shared.run { () throws(SFTPError) in try readBytes(of: file) }
    try checkFormat(of: bytes, file, hasPassphrase: passphrase != nil)
    return PrivateKey(file: file, bytes: bytes, passphrase: passphrase)
  }

  /// Refuses early, and in plain words, what libssh2 would only call an error.
  private static func checkFormat(of bytes: SecretBytes, _ file: FilePath, hasPassphrase: Bool) throws(SFTPError) {
    guard let format = bytes.withBytes({ KeyFileFormat($0) }) else {
      throw unreadable(file, "it holds no private key in OpenSSH's or PEM form")
    }
    switch format.kind {
    case .ed25519, .ecdsa, .unsaid: break
    case .rsa: throw unreadable(file, "RSA keys are not supported yet; make an Ed25519 key (ssh-keygen -t ed25519)")
    case .other(let name): throw unreadable(file, "keys of type \(name) are not supported")
    }
    if format.isEncrypted, !hasPassphrase {
      throw unreadable(file, "it is encrypted, and no passphrase is given")
    }
  }

  private static func readBytes(of file: FilePath) throws(SFTPError) -> SecretBytes {
    let descriptor = file.withPlatformString { openForReading($0) }
    guard descriptor >= 0 else { throw unreadable(file, systemText(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(file, systemText(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable(file, "it is not a regular file") }
    guard status.st_mode & 0o077 == 0 else {
      throw unreadable(file, "others than its owner can read it; chmod 600 it")
    }
    guard status.st_size <= largestFile else { throw unreadable(file, "it is too large to be a key") }
    return try SecretBytes(capacity: largestFile) { room throws(SFTPError) in
      var count = 0
      while count < room.count {
        let got = Glibc.read(descriptor, room.baseAddress?.advanced(by: count), room.count - count)
        if got == 0 { break }
        guard got > 0 else { throw unreadable(file, systemText(errno)) }
        count += got
      }
      return count
    }
  }

  /// Says why a key cannot be used.
  static func unreadable(_ file: FilePath, _ reason: String) -> SFTPError {
    SFTPError(.keyUnreadable, "the key \(file) cannot be used: \(reason)", operation: "log in")
  }
}
