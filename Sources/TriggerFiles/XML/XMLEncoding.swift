/// The encodings that documents are read in.
///
/// The list is short on purpose: a sender of hostile input would choose the most obscure decoder there is.
enum XMLEncoding: Equatable {
  case utf8
  case utf16
  case utf16LittleEndian
  case utf16BigEndian
  case ascii
  case latin1
  case latin9
  case windows1252

  /// The encoding that a declaration means; names are matched without regard to case, as XML wants.
  init?(declaredAs name: String) {
    switch String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self) {
    case "utf-8", "utf8": self = .utf8
    case "utf-16", "utf16": self = .utf16
    case "utf-16le": self = .utf16LittleEndian
    case "utf-16be": self = .utf16BigEndian
    case "us-ascii", "ascii": self = .ascii
    case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1": self = .latin1
    case "iso-8859-15", "iso8859-15", "iso_8859-15", "latin9", "latin-9": self = .latin9
    case "windows-1252", "cp1252": self = .windows1252
    default: return nil
    }
  }

  var isUTF16: Bool { self == .utf16 || self == .utf16LittleEndian || self == .utf16BigEndian }

  var name: String {
    switch self {
    case .utf8: "UTF-8"
    case .utf16: "UTF-16"
    case .utf16LittleEndian: "UTF-16LE"
    case .utf16BigEndian: "UTF-16BE"
    case .ascii: "US-ASCII"
    case .latin1: "ISO-8859-1"
    case .latin9: "ISO-8859-15"
    case .windows1252: "windows-1252"
    }
  }

  /// Returns the character of a byte in an encoding with one byte per character.
  func scalar(of byte: UInt8) -> Unicode.Scalar? {
    switch (self, byte) {
    case (.ascii, 0x80...): nil
    case (.latin9, _): Self.latin9Differences[byte] ?? Unicode.Scalar(byte)
    case (.windows1252, 0x80...0x9F): Self.windows1252Controls[Int(byte) - 0x80]
    default: Unicode.Scalar(byte)
    }
  }

  private static let latin9Differences: [UInt8: Unicode.Scalar] = [
    0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ",
  ]

  private static let windows1252Controls: [Unicode.Scalar?] = [
    "€", nil, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", nil, "Ž", nil,
    nil, "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", nil, "ž", "Ÿ",
  ]
}
