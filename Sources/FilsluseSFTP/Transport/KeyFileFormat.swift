/// The facts that a private key's file shows without its secret: the kind of key, and whether it is encrypted.
struct KeyFileFormat: Equatable {
  enum Kind: Equatable {
    case ed25519
    case ecdsa
    case rsa
    /// A form that does not say it up front.
    case unsaid
    case other(String)
  }

  let kind: Kind
  let isEncrypted: Bool
  /// True for OpenSSH's own format, false for PEM's.
  let isOpenSSH: Bool

  /// The beginning of OpenSSH's own format.
  static let magic = Array("openssh-key-v1\0".utf8)

  /// Reads the file's beginning; `nil` where it is no private key.
  init?(_ file: UnsafeRawBufferPointer) {
    let lines = Self.lines(of: file)
    guard let first = lines.firstIndex(where: { $0.starts(with: "-----BEGIN ".utf8) }) else { return nil }
    let title = String(decoding: lines[first].dropFirst(11).prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self)
    let isEncryptedByHeader = lines[(first + 1)...].prefix(2).contains {
      $0.starts(with: "Proc-Type: 4,ENCRYPTED".utf8)
    }
    switch title {
    case "OPENSSH PRIVATE KEY":
      self.init(openSSH: Self.body(of: lines).joined())
    case "EC PRIVATE KEY": self.init(.ecdsa, isEncrypted: isEncryptedByHeader)
    case "RSA PRIVATE KEY": self.init(.rsa, isEncrypted: isEncryptedByHeader)
    case "PRIVATE KEY": self.init(.unsaid, isEncrypted: false)
    case "ENCRYPTED PRIVATE KEY": self.init(.unsaid, isEncrypted: true)
    default: return nil
    }
  }

  /// Returns true if the file has content, and, where that begins as a key, also ends as one. A file that is replaced
  /// in place is empty for a moment, then incomplete.
  static func isWhole(_ file: UnsafeRawBufferPointer) -> Bool {
    let lines = lines(of: file)
    guard let first = lines.firstIndex(where: { $0.starts(with: "-----BEGIN ".utf8) }) else {
      let title = Array("-----BEGIN ".utf8)
      return !file.isEmpty && !title.starts(with: file.prefix(title.count))
    }
    return lines[first...].contains {
      $0.starts(with: "-----END ".utf8) && $0.count > 14 && $0.last == UInt8(ascii: "-")
    }
  }

  private init(_ kind: Kind, isEncrypted: Bool, isOpenSSH: Bool = false) {
    self.kind = kind
    self.isOpenSSH = isOpenSSH
    self.isEncrypted = isEncrypted
  }

  /// Reads the clear part of OpenSSH's own form: cipher, key derivation, and the public key with its type.
  private init?(openSSH text: some Sequence<UInt8>) {
    // So many digits reach the type of the public key, and not yet the secret.
    guard let bytes = Base64.decode(Array(text.prefix(136))), bytes.starts(with: Self.magic) else { return nil }
    var reader = PacketReader(bytes, from: Self.magic.count)
    do throws(MalformedPacket) {
      let cipher = try reader.text()
      try reader.skipString()
      try reader.skipString()
      _ = try reader.uint32()
      _ = try reader.uint32()
      self.init(Kind(keyType: try reader.text()), isEncrypted: cipher != "none", isOpenSSH: true)
    } catch {
      return nil
    }
  }

  /// All of a key in OpenSSH's own form as the bytes behind its base 64.
  static func binary(ofOpenSSH file: UnsafeRawBufferPointer) -> SecretBytes? {
    let text = body(of: lines(of: file))
    do throws(NotBase64) {
      return try SecretBytes(capacity: file.count) { room throws(NotBase64) in
        guard let count = Base64.decode(text.joined(), into: room) else { throw NotBase64() }
        return count
      }
    } catch {
      return nil
    }
  }

  private struct NotBase64: Error {}

  private typealias Line = Slice<UnsafeRawBufferPointer>

  /// The lines between title and end.
  private static func body(of lines: [Line]) -> ArraySlice<Line> {
    lines.drop { !$0.starts(with: "-----BEGIN ".utf8) }.dropFirst().prefix { !$0.starts(with: "-----END ".utf8) }
  }

  private static func lines(of file: UnsafeRawBufferPointer) -> [Line] {
    file.split(separator: UInt8(ascii: "\n")).map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }
}

extension KeyFileFormat.Kind {
  init(keyType: String) {
    switch keyType {
    case "ssh-ed25519": self = .ed25519
    case "ssh-rsa": self = .rsa
    case _ where keyType.hasPrefix("ecdsa-sha2-"): self = .ecdsa
    default: self = .other(PrintableName.text(Array(keyType.utf8)))
    }
  }
}
