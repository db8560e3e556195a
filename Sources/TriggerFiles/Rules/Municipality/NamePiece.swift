/// A run of digits, of letters or of other characters in a file name. A capital after a small letter begins a new run,
/// and so does the last of several capitals before a small letter: `KMDOdense`.
struct NamePiece: Sendable {
  enum Kind: Sendable { case digits, letters, other }

  let kind: Kind
  /// The folded text: letters in lower case, `ae`, `oe` and `aa` for æ (ä), ø (ö) and å; digits and other characters
  /// unchanged.
  let text: String
  /// The position in the name, in characters.
  let range: Range<Int>

  /// Splits a name. Invisible format characters are passed over.
  static func split(_ characters: [Unicode.Scalar]) -> [NamePiece] {
    var pieces: [NamePiece] = []
    pieces.reserveCapacity(16)
    // The piece that is being read, its text in UTF-8.
    var (kind, range, text) = (Kind.other, 0..<0, [UInt8]())
    func endPiece() {
      if text.isEmpty { return }
      pieces.append(NamePiece(kind: kind, text: String(decoding: text, as: UTF8.self), range: range))
      text.removeAll(keepingCapacity: true)
    }
    var endsSmall = false
    for (index, scalar) in characters.enumerated() where !scalar.isFormatCharacter {
      let next: Kind = scalar.isDigit ? .digits : scalar.isLetter ? .letters : .other
      let isCapital = next == .letters && scalar.isCapital
      let beginsWord = isCapital && (endsSmall || isBeforeSmall(index, in: characters))
      if next != kind || beginsWord { endPiece() }
      range = (text.isEmpty ? index : range.lowerBound)..<(index + 1)
      kind = next
      text.append(folding: scalar)
      endsSmall = kind == .letters && !isCapital
    }
    endPiece()
    return pieces
  }

  private static func isBeforeSmall(_ index: Int, in characters: [Unicode.Scalar]) -> Bool {
    guard let next = characters[(index + 1)...].first(where: { !$0.isFormatCharacter }) else { return false }
    return next.isLetter && !next.isCapital
  }

  /// The characters of a name: an `a` and a combining ring are one `å`.
  static func characters(of name: String) -> [Unicode.Scalar] {
    var characters: [Unicode.Scalar] = []
    characters.reserveCapacity(name.utf8.count)
    for scalar in name.unicodeScalars {
      if scalar == "\u{30A}", let last = characters.last, last == "a" || last == "A" {
        characters[characters.count - 1] = last == "a" ? "å" : "Å"
      } else {
        characters.append(scalar)
      }
    }
    return characters
  }

  /// The value of a run of digits.
  var number: Int { text.utf8.reduce(0) { min($0 * 10 + Int($1 & 0x0F), 100_000_000) } }
}

extension [UInt8] {
  /// Adds a letter in its folded form, in UTF-8, and any other character unchanged.
  fileprivate mutating func append(folding scalar: Unicode.Scalar) {
    switch scalar {
    case "A"..."Z": append(UInt8(scalar.value) | 0x20)
    case "\0"..."\u{7F}": append(UInt8(scalar.value))
    // Keyboards without æ and ø have ä and ö.
    case "æ", "Æ", "ä", "Ä": self += "ae".utf8
    case "ø", "Ø", "ö", "Ö": self += "oe".utf8
    case "\u{308}": append(UInt8(ascii: "e"))
    case "å", "Å", "\u{212B}": self += "aa".utf8
    default: self += scalar.properties.lowercaseMapping.utf8
    }
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { (0x30...0x39).contains(value) }

  var isHexDigit: Bool { isDigit || (0x41...0x46).contains(value) || (0x61...0x66).contains(value) }

  /// A combining mark belongs to the letter before it.
  fileprivate var isLetter: Bool {
    if value < 0x80 { return (0x41...0x5A).contains(value & 0xDF) }
    return properties.isAlphabetic || (0x300...0x36F).contains(value)
  }

  fileprivate var isCapital: Bool {
    value < 0x80 ? (0x41...0x5A).contains(value) : properties.isUppercase
  }

  /// True for a soft hyphen, a joiner and the like: part of a word, and not seen in it.
  fileprivate var isFormatCharacter: Bool { value >= 0xAD && properties.generalCategory == .format }
}
