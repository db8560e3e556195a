internal import FilsluseSystem
internal import SystemPackage
import Glibc

/// A user's private key, read from its file and ready for a login.
struct PrivateKey: Sendable {
  /// The maker of the signature.
  enum Material: Sendable {
    /// libssh2, from the file as it is.
    case file(SecretBytes, passphrase: Redacted<String>?)
    /// libcrypto, because libssh2 1.10 signs with RSA keys by SHA-1 only.
    case rsa(RSAKey)
  }

  let file: FilePath
  let material: Material

  private static let largestFile = 64 * 1024

  /// Reads a key file that only its owner can read.
  ///
  /// - Throws: `SFTPError` with code `keyUnavailable` when the file is away, cannot be read now or is not whole,
  ///   `resourcesExhausted` when this process has too many files open, `keyUnreadable` when it holds no usable key.
  static func read(_ file: FilePath, passphrase: Redacted<String>?) async throws(SFTPError) -> PrivateKey {
    try await BlockingThreads.shared.run { () throws(SFTPError) in
      let bytes = try readBytes(of: file)
      return PrivateKey(file: file, material: try material(of: bytes, file, passphrase))
    }
  }

  /// Refuses early, and in plain words, what libssh2 would only call an error.
  private static func material(
    of bytes: SecretBytes, _ file: FilePath, _ passphrase: Redacted<String>?
  ) throws(SFTPError) -> Material {
    guard bytes.withBytes({ KeyFileFormat.isWhole($0) }) else {
      throw unavailable(file, "it is empty or cut off, as while it is being written")
    }
    guard let format = bytes.withBytes({ KeyFileFormat($0) }) else {
      throw unreadable(file, "it holds no private key in OpenSSH's or PEM form")
    }
    if format.isEncrypted, passphrase == nil {
      throw unreadable(file, "it is encrypted, and no passphrase is given")
    }
    switch format.kind {
    case .ed25519, .ecdsa: return .file(bytes, passphrase: passphrase)
    case .rsa: return .rsa(try rsaKey(of: bytes, format, file, passphrase))
    case .unsaid:
      let key = try? bytes.withBytes { bytes in Result { try RSAKey(pem: bytes, passphrase: passphrase?.exposed) } }
        .get()
      return key.map { .rsa($0) } ?? .file(bytes, passphrase: passphrase)
    case .other(let name): throw unreadable(file, "keys of type \(name) are not supported")
    }
  }

  private static func rsaKey(
    of bytes: SecretBytes, _ format: KeyFileFormat, _ file: FilePath, _ passphrase: Redacted<String>?
  ) throws(SFTPError) -> RSAKey {
    if format.isOpenSSH, format.isEncrypted {
      throw unreadable(
        file,
        "an encrypted RSA key in OpenSSH's own form cannot be read here; convert a copy: ssh-keygen -p -m PEM -f COPY")
    }
    let outcome = bytes.withBytes { bytes in
      Result { () throws(RSAKey.Unusable) in
        format.isOpenSSH ? try RSAKey(openSSH: bytes) : try RSAKey(pem: bytes, passphrase: passphrase?.exposed)
      }
    }
    do throws(RSAKey.Unusable) {
      return try outcome.get()
    } catch {
      switch error {
      case .tooShort(let bits):
        throw unreadable(file, "an RSA key of \(bits) bits is too short; servers want 2048 or more")
      case .notRSA:
        throw unreadable(file, format.isEncrypted ? "its passphrase is wrong, or it is damaged" : "it is damaged")
      }
    }
  }

  private static func readBytes(of file: FilePath) throws(SFTPError) -> SecretBytes {
    let descriptor: Int32
    let size: Int
    do throws(SecretFileError) {
      let open = try SecretFile.open(file)
      (descriptor, size) = (open.file.rawValue, open.size)
    } catch {
      if let code = error.code { throw failure(file, code.rawValue) }
      throw unreadable(file, error.description)
    }
    defer { close(descriptor) }
    guard size <= largestFile else { throw unreadable(file, "it is too large to be a key") }
    return try SecretBytes(capacity: largestFile) { room throws(SFTPError) in
      var count = 0
      while count < room.count {
        let got = Glibc.read(descriptor, room.baseAddress?.advanced(by: count), room.count - count)
        if got == 0 { break }
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { throw failure(file, errno) }
        count += got
      }
      return count
    }
  }

  /// A failure of this machine to open or read the file, which may pass by itself.
  static func failure(_ file: FilePath, _ code: Int32) -> SFTPError {
    switch code {
    case EMFILE, ENFILE, ENOMEM:
      SFTPError(
        .resourcesExhausted, "the key \(file) cannot be opened now: \(systemText(code))", operation: "log in")
    default: unavailable(file, systemText(code))
    }
  }

  /// Says why a key file cannot be read now.
  private static func unavailable(_ file: FilePath, _ reason: String) -> SFTPError {
    SFTPError(.keyUnavailable, "the key \(file) cannot be read now: \(reason)", operation: "log in")
  }

  /// Says why a key cannot be used.
  static func unreadable(_ file: FilePath, _ reason: String) -> SFTPError {
    SFTPError(.keyUnreadable, "the key \(file) cannot be used: \(reason)", operation: "log in")
  }
}
