/// A URL to post to: http or https, a host, perhaps a port and a path, without user name or password.
struct WebAddress: Hashable {
  let text: String
  /// True for https.
  let isEncrypted: Bool
  /// True where nothing but a slash comes after the host and the port.
  let hasNoPath: Bool
  private let host: String

  /// Reads an address; `nil` for anything else.
  init?(_ text: String) {
    guard text.utf8.count <= 2000,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) })
    else { return nil }
    let rest: Substring
    if text.hasPrefix("https://") {
      rest = text.dropFirst(8)
      isEncrypted = true
    } else if text.hasPrefix("http://") {
      rest = text.dropFirst(7)
      isEncrypted = false
    } else {
      return nil
    }
    let authority = rest.prefix { !"/?#".contains($0) }
    guard !text.contains("#"), let host = Self.host(of: authority) else { return nil }
    self.host = host
    self.text = text
    let path = rest[authority.endIndex...]
    hasNoPath = path.isEmpty || path == "/"
  }

  /// True if requests to it stay on this machine.
  var isLocal: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  private static func host(of authority: Substring) -> String? {
    var host = authority
    if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
      let port = authority[authority.index(after: colon)...]
      guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(port), (1...65_535).contains(number)
      else { return nil }
      host = authority[..<colon]
    }
    if host.hasPrefix("["), host.hasSuffix("]") {
      let inner = host.dropFirst().dropLast()
      let isSound = (2...45).contains(inner.utf8.count) && inner.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
      return isSound ? String(host) : nil
    }
    let labels = Array(host.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return !host.isEmpty && host.utf8.count <= 253 && labels.allSatisfy { MailAddress.isLabel($0) } ? String(host) : nil
  }
}

/// E-mail addresses allowed in a mail's header: the plain form of RFC 5322, without characters that could end a line.
enum MailAddress {
  static func isSound(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    let parts = bytes.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard bytes.count <= 254, parts.count == 2, (1...64).contains(parts[0].count) else { return false }
    let atoms = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomCharacter) } && labels.allSatisfy(isLabel)
  }

  private static func isAtomCharacter(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || "!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)
  }

  /// One part of a host's name.
  static func isLabel(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...63).contains(bytes.count) && bytes.first != hyphen && bytes.last != hyphen
      && bytes.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}
