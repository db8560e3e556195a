/// A run of digits, of letters or of other characters in a file name. A capital after a small letter begins a new run.
struct NamePiece: Sendable {
  enum Kind: Sendable { case digits, letters, other }

  let kind: Kind
  /// The folded text: letters in lower case, `ae`, `oe` and `aa` for æ, ø and å; digits and other characters unchanged.
  private(set) var text: String
  /// The position in the name, in characters.
  private(set) var range: Range<Int>

  /// Splits a name. Invisible format characters are passed over.
  static func split(_ characters: [Unicode.Scalar]) -> [NamePiece] {
    var pieces: [NamePiece] = []
    pieces.reserveCapacity(16)
    var endsSmall = false
    for (index, scalar) in characters.enumerated() where !scalar.isInvisible {
      let kind: Kind = scalar.isDigit ? .digits : scalar.isLetter ? .letters : .other
      let isCapital = kind == .letters && scalar.isCapital
      if let last = pieces.last, last.kind == kind, !(isCapital && endsSmall) {
        pieces[pieces.count - 1].text.append(folding: scalar)
        pieces[pieces.count - 1].range = last.range.lowerBound..<(index + 1)
      } else {
        var text = ""
        text.append(folding: scalar)
        pieces.append(NamePiece(kind: kind, text: text, range: index..<(index + 1)))
      }
      endsSmall = kind == .letters && !isCapital
    }
    return pieces
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

extension String {
  /// Adds a letter in its folded form, and any other character unchanged.
  mutating func append(folding scalar: Unicode.Scalar) {
    switch scalar {
    case "A"..."Z": unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
    case "\0"..."\u{7F}": unicodeScalars.append(scalar)
    case "æ", "Æ": self += "ae"
    case "ø", "Ø": self += "oe"
    case "å", "Å", "\u{212B}": self += "aa"
    default: self += scalar.properties.lowercaseMapping
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

  /// True for an invisible character, such as a soft hyphen.
  fileprivate var isInvisible: Bool { value >= 0xAD && properties.generalCategory == .format }
}
