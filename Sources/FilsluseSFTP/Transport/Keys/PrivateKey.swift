internal import FilsluseBase
internal import SystemPackage
import Glibc

/// A user's private key, read from its file and ready for a login.
struct PrivateKey: Sendable {
  /// The library that signs, with its input.
  enum Material: Sendable {
    /// libcrypto signs with the key that was read here.
    case open(SigningKey)
    /// libssh2 decrypts the key, which is in OpenSSH's own form, and signs.
    case encrypted(SecretBytes, passphrase: Redacted<String>)
  }

  let file: FilePath
  let publicKey: UserPublicKey
  let material: Material

  /// True if a passphrase was given and the key is not encrypted.
  let ignoresPassphrase: Bool

  private static let largestFile = 64 * 1024

  /// Reads a key file that only its owner can read.
  ///
  /// - Throws: `SFTPError` with code `keyUnavailable` when the file is away, cannot be read now or is not whole,
  ///   `resourcesExhausted` when this process has too many files open, `keyUnreadable` when it holds no usable key.
  static func read(_ file: FilePath, passphrase: Redacted<String>?) async throws(SFTPError) -> PrivateKey {
    try await BlockingThreads.shared.run { () throws(SFTPError) in
      let text = KeyFileText.cleaned(try readBytes(of: file))
      let format: KeyFileFormat
      do throws(KeyFileFormat.Trouble) {
        format = try self.format(of: text)
      } catch {
        switch error {
        case .cutOff:
          throw unavailable(
            file,
            MessageText(
              "it is empty or cut off, as while it is being written",
              "den er tom eller ikke hel, som mens den bliver skrevet"))
        case .noPrivateKey: throw unreadable(file, text.withBytes { ForeignKeyFile.advice(on: $0) })
        }
      }
      let block = text.part(format.block)
      switch format.form {
      case .openSSH: return try openSSH(file, block, passphrase)
      case .pem(let isEncrypted): return try pem(file, block, passphrase, isEncrypted: isEncrypted)
      }
    }
  }

  private static func format(of text: SecretBytes) throws(KeyFileFormat.Trouble) -> KeyFileFormat {
    try text.withBytes { bytes in
      Result { () throws(KeyFileFormat.Trouble) in try KeyFileFormat(bytes) }
    }.get()
  }

  private static func pem(
    _ file: FilePath, _ block: SecretBytes, _ passphrase: Redacted<String>?, isEncrypted: Bool
  ) throws(SFTPError) -> PrivateKey {
    if isEncrypted, passphrase == nil { throw unreadable(file, passphraseMissing) }
    do throws(SigningKey.Unusable) {
      let key = try block.withBytes { bytes in
        Result { () throws(SigningKey.Unusable) in try SigningKey(pem: bytes, passphrase: passphrase?.exposed) }
      }.get()
      return PrivateKey(
        file: file, publicKey: key.publicKey, material: .open(key), ignoresPassphrase: passphrase != nil && !isEncrypted
      )
    } catch {
      throw unreadable(file, reason(error))
    }
  }

  private static func openSSH(
    _ file: FilePath, _ block: SecretBytes, _ passphrase: Redacted<String>?
  ) throws(SFTPError) -> PrivateKey {
    guard let key = block.withBytes({ OpenSSHKeyFile(block: $0) }) else { throw unreadable(file, reason(.damaged)) }
    guard isSupported(key.publicKey.type) else {
      throw unreadable(file, ForeignKeyFile.advice(onType: key.publicKey.type))
    }
    guard key.isEncrypted else {
      do throws(SigningKey.Unusable) {
        let open = try key.openKey()
        guard open.publicKey == key.publicKey else { throw .damaged }
        return PrivateKey(
          file: file, publicKey: key.publicKey, material: .open(open), ignoresPassphrase: passphrase != nil)
      } catch {
        throw unreadable(file, reason(error))
      }
    }
    guard let passphrase else { throw unreadable(file, passphraseMissing) }
    if let trouble = EncryptedKey.trouble(with: key) { throw unreadable(file, trouble) }
    return PrivateKey(
      file: file, publicKey: key.publicKey, material: .encrypted(block, passphrase: passphrase),
      ignoresPassphrase: false)
  }

  /// Returns true if keys of a type can be used for a login.
  static func isSupported(_ type: String) -> Bool {
    ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"].contains(type)
  }

  private static let passphraseMissing = KeyTrouble(
    "it is encrypted, and no passphrase is given", "den er krypteret, og der er ikke angivet en adgangskode",
    remedy: MessageText(
      "name its source: passphrase: {file: FILE} or {environment: VARIABLE}, or keep the key in ssh-agent: key: {agent: KEY.pub}",
      "angiv kilden: passphrase: {file: FIL} eller {environment: VARIABEL}, eller hav nøglen i ssh-agent: key: {agent: NØGLE.pub}"
    ))

  private static func reason(_ trouble: SigningKey.Unusable) -> KeyTrouble {
    switch trouble {
    case .damaged:
      KeyTrouble(
        "it is damaged", "den er beskadiget",
        remedy: MessageText("copy it again from where it was made", "kopiér den igen fra der, hvor den blev lavet"))
    case .notOpened: passphraseWrong
    case .unsupported:
      KeyTrouble(
        "it is of a kind or encrypted in a way that libcrypto does not offer",
        "libcrypto har ikke dens slags eller kryptering",
        remedy: MessageText("write a copy anew: ssh-keygen -p -f COPY", "skriv en kopi om: ssh-keygen -p -f KOPI"))
    case .kind("EC"):
      KeyTrouble(
        "its curve is none of nistp256, nistp384 and nistp521",
        "dens kurve er hverken nistp256, nistp384 eller nistp521",
        remedy: MessageText(
          "make a new key: ssh-keygen -t ed25519 -f KEY", "lav en ny nøgle: ssh-keygen -t ed25519 -f NØGLE"))
    case .kind(let kind): ForeignKeyFile.advice(onType: kind)
    case .tooShort(let bits):
      KeyTrouble(
        "an RSA key of \(bits) bits is too short", "en RSA-nøgle på \(bits) bit er for kort",
        remedy: MessageText("servers want 2048 or more", "servere kræver 2048 eller flere"))
    }
  }

  /// The message for a passphrase that does not open the key. A damaged secret looks the same.
  static let passphraseWrong = KeyTrouble(
    "its passphrase is wrong", "adgangskoden passer ikke",
    remedy: MessageText("if it is the right one, the file is damaged", "er den rigtig, er filen beskadiget"))

  private static func readBytes(of file: FilePath) throws(SFTPError) -> SecretBytes {
    let descriptor: FileDescriptor
    let size: Int
    do throws(SecretFileError) {
      let open = try SecretFile.open(file)
      (descriptor, size) = (open.file, open.size)
    } catch {
      if let code = error.code { throw failure(file, code.rawValue) }
      if error.isExposed, let advice = adviceOnOther(file) { throw unreadable(file, advice) }
      throw unreadable(
        file,
        KeyTrouble(
          error.reason.en, error.reason.da, remedy: error.remedy.map { MessageText($0.en, $0.da) }))
    }
    defer { close(descriptor.rawValue) }
    guard size <= largestFile else {
      throw unreadable(file, KeyTrouble("it is too large to be a key", "den er for stor til at være en nøgle"))
    }
    do throws(Errno) {
      return try SecretBytes(contentOf: descriptor, upTo: largestFile)
    } catch {
      throw failure(file, error.rawValue)
    }
  }

  /// Names the content of a file that others can read, unless it may be a private key: only of that the mode matters.
  private static func adviceOnOther(_ file: FilePath) -> KeyTrouble? {
    guard let descriptor = try? PlainFile.open(file) else { return nil }
    defer { close(descriptor.rawValue) }
    guard let raw = try? SecretBytes(contentOf: descriptor, upTo: largestFile) else { return nil }
    let text = KeyFileText.cleaned(raw)
    do throws(KeyFileFormat.Trouble) {
      _ = try format(of: text)
      return nil
    } catch {
      switch error {
      case .cutOff: return nil
      case .noPrivateKey: return text.withBytes { ForeignKeyFile.advice(on: $0) }
      }
    }
  }

  /// A failure of this machine to open or read the file, which may pass by itself.
  static func failure(_ file: FilePath, _ code: Int32) -> SFTPError {
    switch code {
    case EMFILE, ENFILE, ENOMEM:
      SFTPError(
        .resourcesExhausted,
        MessageText("the key \(file) cannot be opened now: ", "nøglen \(file) kan ikke åbnes nu: ") + systemText(code),
        operation: "log in")
    default: unavailable(file, systemText(code))
    }
  }

  /// The error for a key file that cannot be read now.
  static func unavailable(_ file: FilePath, _ reason: MessageText) -> SFTPError {
    SFTPError(
      .keyUnavailable, "the key \(file) cannot be read now: \(reason.en)",
      "nøglen \(file) kan ikke læses nu: \(reason.da)", operation: "log in")
  }

  /// The error for a key file that cannot be used.
  static func unreadable(_ file: FilePath, _ trouble: KeyTrouble) -> SFTPError {
    unreadable(key: file.description, trouble)
  }

  /// The error for a key that cannot be used.
  static func unreadable(key name: String, _ trouble: KeyTrouble, fingerprints: [KeyFingerprint] = []) -> SFTPError {
    SFTPError(
      .keyUnreadable,
      MessageText("the key \(name) cannot be used: ", "nøglen \(name) kan ikke bruges: ") + trouble.message,
      remedy: trouble.remedy, fingerprints: fingerprints, operation: "log in")
  }
}

/// The encrypted keys in OpenSSH's own form that libssh2 opens and signs with.
private enum EncryptedKey {
  /// Returns the reason why the libssh2 at hand cannot use the key, with the remedy; `nil` where it can.
  static func trouble(with key: OpenSSHKeyFile) -> KeyTrouble? {
    if !ciphers.contains(key.cipher) {
      let cipher = PrintableName.text(Array(key.cipher.utf8))
      return KeyTrouble(
        "it is encrypted with \(cipher), which libssh2 does not open",
        "den er krypteret med \(cipher), som libssh2 ikke åbner",
        remedy: MessageText(
          "encrypt a copy another way: ssh-keygen -p -Z aes256-ctr -f COPY",
          "kryptér en kopi på en anden måde: ssh-keygen -p -Z aes256-ctr -f KOPI"))
    }
    if key.publicKey.type == "ssh-rsa", !Algorithms.isLibraryRecent {
      return KeyTrouble(
        "libssh2 \(Algorithms.libraryVersion) signs with an encrypted RSA key in OpenSSH's own form by SHA-1 only",
        "libssh2 \(Algorithms.libraryVersion) skriver kun under ved SHA-1 med en krypteret RSA-nøgle på OpenSSH's egen form",
        remedy: MessageText(
          "convert a copy: ssh-keygen -p -m PEM -f COPY, or keep the key in ssh-agent, or use libssh2 1.11",
          "lav en kopi om: ssh-keygen -p -m PEM -f KOPI, hav nøglen i ssh-agent, eller brug libssh2 1.11"))
    }
    return nil
  }

  private static let ciphers = ["aes256-ctr", "aes192-ctr", "aes128-ctr", "aes256-cbc", "aes192-cbc", "aes128-cbc"]
}
