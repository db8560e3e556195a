internal import FilsluseBase
import Glibc
internal import SystemPackage

/// The identity of a login key, by which two files, or a file and a key of ssh-agent, are known to hold the same one.
///
/// It is the fingerprint of the public half: OpenSSH's form shows it without the passphrase, and so do the unencrypted
/// PEM forms of RSA and ECDSA. Of other forms the `.pub` file beside it counts, and the content itself.
enum KeyIdentity {
  /// No key file has more bytes.
  private static let largest = 64 << 10

  /// The identities of a key; empty where its files cannot be read. Two keys that share one are the same key.
  static func identities(of key: AccountKey) -> Set<String> {
    switch key {
    case .agent(.fingerprint(let fingerprint), _): return [fingerprint]
    case .agent(.publicKey(let file), _): return Set([publicHalf(in: file)].compactMap(\.self))
    case .file(let file, _):
      guard var bytes = content(of: file) else { return [] }
      defer { bytes.wipe() }
      if let blob = PrivateKeyText.publicBlob(of: bytes) { return [fingerprint(of: blob)] }
      let beside = publicHalf(in: FilePath(file.string + ".pub"))
      return Set(["content \(SHA256.digest(of: bytes).hex)", beside].compactMap(\.self))
    }
  }

  /// The fingerprint of the key in a `.pub` file: type, base 64, comment.
  private static func publicHalf(in file: FilePath) -> String? {
    let words = content(of: file)?.split(maxSplits: 2) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    guard let words, words.count >= 2 else { return nil }
    return Base64.decode(words[1].filter { $0 != UInt8(ascii: "\r") }).map(fingerprint)
  }

  private static func content(of file: FilePath) -> [UInt8]? {
    guard let open = try? PlainFile.open(file) else { return nil }
    return try? open.closeAfter { try PlainFile.content(of: open, upTo: largest) }
  }

  private static func fingerprint(of blob: [UInt8]) -> String { "SHA256:" + SHA256.digest(of: blob).unpaddedBase64 }
}

/// The public half that the text of a private key's file shows without a passphrase.
private enum PrivateKeyText {
  /// The public key as it goes over the wire; `nil` where the text does not show it.
  static func publicBlob(of text: [UInt8]) -> [UInt8]? {
    let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    guard let begin = lines.firstIndex(where: { isTitle($0, "-----BEGIN ") }),
      let end = lines[begin...].firstIndex(where: { isTitle($0, "-----END ") })
    else { return nil }
    let title = String(decoding: lines[begin], as: UTF8.self)
    // An encrypted PEM key has a header with a colon, which is no base 64, or another title.
    guard var bytes = Base64.decode(lines[(begin + 1)..<end].joined().filter { $0 != UInt8(ascii: " ") }) else {
      return nil
    }
    defer { bytes.wipe() }
    switch title {
    case "-----BEGIN OPENSSH PRIVATE KEY-----": return openSSH(bytes[...])
    case "-----BEGIN RSA PRIVATE KEY-----": return rsa(bytes[...])
    case "-----BEGIN EC PRIVATE KEY-----": return elliptic(bytes[...], curve: nil)
    case "-----BEGIN PRIVATE KEY-----": return wrapped(bytes[...])
    default: return nil
    }
  }

  private static func isTitle(_ line: ArraySlice<UInt8>, _ start: String) -> Bool {
    line.starts(with: start.utf8) && line.suffix(17).elementsEqual(" PRIVATE KEY-----".utf8)
  }

  /// OpenSSH's PROTOCOL.key: a title, cipher, key derivation and its options, the number of keys, the public key.
  private static func openSSH(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    let magic = Array("openssh-key-v1\0".utf8)
    guard bytes.starts(with: magic) else { return nil }
    var rest = bytes.dropFirst(magic.count)
    func number() -> Int? {
      guard rest.count >= 4 else { return nil }
      defer { rest = rest.dropFirst(4) }
      return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }
    func string() -> ArraySlice<UInt8>? {
      guard let length = number(), length <= rest.count else { return nil }
      defer { rest = rest.dropFirst(length) }
      return rest.prefix(length)
    }
    guard string() != nil, string() != nil, string() != nil, number() == 1 else { return nil }
    return string().map(Array.init)
  }

  /// PKCS#1: version, modulus, public exponent, and the secret numbers.
  private static func rsa(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var sequence = DERFields(bytes)
    guard var fields = sequence.next(0x30).map(DERFields.init), fields.next(0x02) != nil,
      let modulus = fields.next(0x02), let exponent = fields.next(0x02)
    else { return nil }
    return blob([Array("ssh-rsa".utf8)[...], exponent, modulus])
  }

  /// SEC 1: version, the secret number, the curve [0] and the public point [1].
  private static func elliptic(_ bytes: ArraySlice<UInt8>, curve outer: ArraySlice<UInt8>?) -> [UInt8]? {
    var sequence = DERFields(bytes)
    guard var fields = sequence.next(0x30).map(DERFields.init), fields.next(0x02) != nil, fields.next(0x04) != nil
    else {
      return nil
    }
    var own: ArraySlice<UInt8>?
    if var parameters = fields.next(0xA0).map(DERFields.init) { own = parameters.next(0x06) }
    guard var point = fields.next(0xA1).map(DERFields.init), let bits = point.next(0x03), bits.first == 0,
      let curve = (own ?? outer).flatMap({ curves[Array($0)] })
    else { return nil }
    return blob([Array("ecdsa-sha2-\(curve)".utf8)[...], Array(curve.utf8)[...], bits.dropFirst()])
  }

  /// PKCS#8: version, algorithm, and the key in one of the two forms above.
  private static func wrapped(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var sequence = DERFields(bytes)
    guard var fields = sequence.next(0x30).map(DERFields.init), fields.next(0x02) != nil,
      var algorithm = fields.next(0x30).map(DERFields.init), algorithm.next(0x06) != nil, let key = fields.next(0x04)
    else { return nil }
    return rsa(key) ?? elliptic(key, curve: algorithm.next(0x06))
  }

  /// The curves by their object identifiers.
  private static let curves: [[UInt8]: String] = [
    [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]: "nistp256", [0x2B, 0x81, 0x04, 0x00, 0x22]: "nistp384",
    [0x2B, 0x81, 0x04, 0x00, 0x23]: "nistp521",
  ]

  private static func blob(_ strings: [ArraySlice<UInt8>]) -> [UInt8] {
    strings.flatMap { string in
      (0..<4).map { UInt8(truncatingIfNeeded: string.count >> (24 - 8 * $0)) } + Array(string)
    }
  }
}

/// The fields of a DER structure, in their order.
private struct DERFields {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The content of the next field if it has this tag; the field is then passed over.
  mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
    guard rest.count >= 2, rest.first == tag else { return nil }
    var after = rest.dropFirst(2)
    var length = Int(rest[rest.startIndex + 1])
    if length >= 0x80 {
      let digits = length - 0x80
      guard (1...4).contains(digits), after.count >= digits else { return nil }
      length = after.prefix(digits).reduce(0) { $0 << 8 | Int($1) }
      after = after.dropFirst(digits)
    }
    guard length <= after.count else { return nil }
    rest = after.dropFirst(length)
    return after.prefix(length)
  }
}

extension [UInt8] {
  /// Overwrites the bytes, so that no secret stays in memory.
  fileprivate mutating func wipe() {
    withUnsafeMutableBytes { bytes in
      if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    }
  }
}
