/// The public half in the binary content of PEM's unencrypted forms, which name the public numbers beside the secret
/// ones.
enum PEMPublicHalf {
  /// Returns the public key in its wire format; `nil` if the content is neither an RSA key nor an ECDSA key on a NIST
  /// curve.
  ///
  /// - Parameter title: the title of the block. The numbers alone do not reveal the algorithm: DSA keys are written
  ///   like RSA keys.
  static func blob(of bytes: UnsafeRawBufferPointer, titled title: String) -> [UInt8]? {
    switch title {
    case "RSA PRIVATE KEY": rsa(bytes)
    case "EC PRIVATE KEY": elliptic(bytes, curve: nil)
    case "PRIVATE KEY": wrapped(bytes)
    default: nil
    }
  }

  /// PKCS#1: version, modulus, public exponent, and six secret numbers.
  private static func rsa(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var sequence = DERFields(bytes)
    guard var fields = sequence.next(0x30).map(DERFields.init), fields.next(0x02) != nil,
      let modulus = fields.next(0x02), let exponent = fields.next(0x02)
    else { return nil }
    for _ in 0..<6 { guard fields.next(0x02) != nil else { return nil } }
    return blob([Array("ssh-rsa".utf8), Array(exponent), Array(modulus)])
  }

  /// SEC 1: version, the secret number, the curve [0] and the public point [1].
  private static func elliptic(_ bytes: UnsafeRawBufferPointer, curve outer: UnsafeRawBufferPointer?) -> [UInt8]? {
    var sequence = DERFields(bytes)
    guard var fields = sequence.next(0x30).map(DERFields.init), fields.next(0x02) != nil, fields.next(0x04) != nil
    else { return nil }
    var own: UnsafeRawBufferPointer?
    if var parameters = fields.next(0xA0).map(DERFields.init) { own = parameters.next(0x06) }
    guard var point = fields.next(0xA1).map(DERFields.init), let bits = point.next(0x03), bits.first == 0,
      let curve = (own ?? outer).flatMap({ curves[Array($0)] })
    else { return nil }
    return blob([Array("ecdsa-sha2-\(curve)".utf8), Array(curve.utf8), Array(bits.dropFirst())])
  }

  /// PKCS#8: version, algorithm, and the key in one of the two forms above.
  private static func wrapped(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var sequence = DERFields(bytes)
    guard var fields = sequence.next(0x30).map(DERFields.init), fields.next(0x02) != nil,
      var algorithm = fields.next(0x30).map(DERFields.init), let identifier = algorithm.next(0x06),
      let key = fields.next(0x04)
    else { return nil }
    switch Array(identifier) {
    case rsaEncryption: return rsa(key)
    case ecPublicKey: return elliptic(key, curve: algorithm.next(0x06))
    default: return nil
    }
  }

  /// The object identifier of RSA keys, 1.2.840.113549.1.1.1 (RFC 8017).
  private static let rsaEncryption: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
  /// The object identifier of keys on elliptic curves, 1.2.840.10045.2.1 (RFC 5480).
  private static let ecPublicKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]

  /// The curves by their object identifiers.
  private static let curves: [[UInt8]: String] = [
    [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]: "nistp256", [0x2B, 0x81, 0x04, 0x00, 0x22]: "nistp384",
    [0x2B, 0x81, 0x04, 0x00, 0x23]: "nistp521",
  ]

  private static func blob(_ strings: [[UInt8]]) -> [UInt8] {
    strings.flatMap { string in
      (0..<4).map { UInt8(truncatingIfNeeded: string.count >> (24 - 8 * $0)) } + string
    }
  }
}

/// The fields of a DER structure, in their order, read in place.
private struct DERFields {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  /// The content of the next field if it has this tag; the field is then passed over.
  mutating func next(_ tag: UInt8) -> UnsafeRawBufferPointer? {
    guard rest.count >= 2, rest[0] == tag else { return nil }
    var start = 2
    var length = Int(rest[1])
    if length >= 0x80 {
      let digits = length - 0x80
      guard (1...4).contains(digits), rest.count >= start + digits else { return nil }
      length = rest[start..<start + digits].reduce(0) { $0 << 8 | Int($1) }
      start += digits
    }
    guard length <= rest.count - start else { return nil }
    let content = UnsafeRawBufferPointer(rebasing: rest[start..<start + length])
    rest = UnsafeRawBufferPointer(rebasing: rest[(start + length)...])
    return content
  }
}
