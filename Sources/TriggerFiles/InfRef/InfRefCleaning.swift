/// Undoes the effects of copying on any name: labels, white space, invisible characters, wrong encodings.
struct InfRefCleaning {
  private(set) var findings: [InfRefFinding] = []
  /// The name without all that.
  private(set) var name = ""

  init(_ text: String) {
    var scalars = Array(text.unicodeScalars)[...]
    scalars = withoutSurroundingSpace(scalars)
    if let rest = Self.withoutLabel(scalars) {
      add(
        .label,
        LocalizedText(
          "the form's label \(Self.shown(scalars, before: rest).en) is in front",
          "formularens ledetekst \(Self.shown(scalars, before: rest).da) står foran")
      )
      scalars = rest
    }
    // Letters first: half of one read in the wrong encoding can be an invisible character.
    let visible = withoutInvisible(withLetters(Self.withoutLineSigns(Array(scalars))))
    name = withASCIIDigits(visible)
  }

  /// The text in front of the rest, as a message shows it.
  private static func shown(_ scalars: ArraySlice<Unicode.Scalar>, before rest: ArraySlice<Unicode.Scalar>)
    -> LocalizedText
  {
    Quoted.both(InfRefSpelling.string(scalars.prefix(scalars.count - rest.count)))
  }

  private mutating func withoutSurroundingSpace(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    var inside = scalars.drop { $0.properties.isWhitespace }
    while let last = inside.last, last.properties.isWhitespace { inside.removeLast() }
    if inside.count < scalars.count, !inside.isEmpty {
      add(
        .surroundingSpace,
        LocalizedText("there is white space before or after the name", "der er mellemrum før eller efter navnet"))
    }
    return inside
  }

  private static func withoutLabel(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar>? {
    for label in ["infref", "inref"] {
      let count = label.unicodeScalars.count
      guard InfRefSpelling.lowered(InfRefSpelling.string(scalars.prefix(count))) == label else { continue }
      let rest = scalars.dropFirst(count).drop { $0.properties.isWhitespace }
      guard rest.first == "=" || rest.first == ":" else { continue }
      return rest.dropFirst().drop { $0.properties.isWhitespace }
    }
    return nil
  }

  /// Removes the traces of line breaks: a mail's quotation marks after one, and the hyphen of a number before one. A
  /// hyphen that may stand for the version's underscore stays.
  private static func withoutLineSigns(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains(where: isLineBreak) else { return scalars }
    var kept: [Unicode.Scalar] = []
    var isLineStart = false
    for (index, scalar) in scalars.enumerated() {
      if isLineStart, scalar == ">" { continue }
      if isLineBreak(scalar) {
        let isInNumber = kept.dropLast().last.map { ("0"..."9").contains($0) } ?? false
        if kept.last == "-", isInNumber, scalars[index...].contains("_") { kept.removeLast() }
        isLineStart = true
      } else if !scalar.properties.isWhitespace {
        isLineStart = false
      }
      kept.append(scalar)
    }
    return kept
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

  private mutating func withoutInvisible(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let isUnseen = { (scalar: Unicode.Scalar) in scalar == " " || !Quoted.isVisible(scalar) }
    let unseen = scalars.filter(isUnseen)
    if !unseen.isEmpty {
      let names = { (space: String) in
        unseen.prefix(5).map { $0 == " " ? space : Quoted.name(of: $0) }.joined(separator: ", ")
      }
      add(
        .invisibleCharacter,
        LocalizedText(
          "the name holds \(names("a space")), as names copied from a PDF do",
          "der står \(names("et mellemrum")) i navnet, som når det er kopieret fra en PDF"))
    }
    return scalars.filter { !isUnseen($0) }
  }

  /// Corrects the forms of `ø` left by other encodings and spellings.
  private mutating func withLetters(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var letters = scalars
    var mistake: InfRefFinding.Code?
    // Twice, since a text may have been read in the wrong encoding twice.
    for _ in 0..<2 {
      var joined: [Unicode.Scalar] = []
      for scalar in letters {
        if let last = joined.last, let known = Self.pairs[[last, scalar]] {
          joined[joined.count - 1] = known.letter
          mistake = known.mistake
        } else {
          joined.append(scalar)
        }
      }
      letters = joined
    }
    switch mistake {
    case .mojibake:
      add(
        .mojibake,
        LocalizedText(
          "the letter \u{F8} was read in the wrong encoding (it is U+00F8; the file is UTF-8)",
          "bogstavet \u{F8} er læst i forkert tegnsæt (det er U+00F8; filen er UTF-8)"))
    case .letter:
      add(
        .letter,
        LocalizedText(
          "the letter \u{F8} is made of two characters; it is the single character U+00F8",
          "bogstavet \u{F8} er sat sammen af to tegn; det er det ene tegn U+00F8"))
    default: break
    }
    return letters
  }

  /// Two characters in place of one: UTF-8 read as ISO-8859-1 or windows-1252, and `o` with a combining stroke.
  private static let pairs: [[Unicode.Scalar]: (letter: Unicode.Scalar, mistake: InfRefFinding.Code)] = [
    ["\u{C3}", "\u{B8}"]: ("\u{F8}", .mojibake), ["\u{C3}", "\u{98}"]: ("\u{D8}", .mojibake),
    ["\u{C3}", "\u{2DC}"]: ("\u{D8}", .mojibake), ["\u{C3}", "\u{83}"]: ("\u{C3}", .mojibake),
    ["\u{C3}", "\u{192}"]: ("\u{C3}", .mojibake), ["\u{C2}", "\u{B8}"]: ("\u{B8}", .mojibake),
    ["o", "\u{338}"]: ("\u{F8}", .letter), ["o", "\u{337}"]: ("\u{F8}", .letter),
  ]

  private mutating func withASCIIDigits(_ scalars: [Unicode.Scalar]) -> String {
    var digits: [Unicode.Scalar] = []
    var foreign = false
    for scalar in scalars {
      if !scalar.isASCII, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
        let digit = Unicode.Scalar(UInt32(0x30 + Int(value)))
      {
        digits.append(digit)
        foreign = true
      } else {
        digits.append(scalar)
      }
    }
    if foreign {
      add(
        .foreignDigits,
        LocalizedText("digits that look like 0 to 9 are other characters", "cifre, der ligner 0 til 9, er andre tegn"))
    }
    return InfRefSpelling.string(digits[...])
  }

  private mutating func add(_ code: InfRefFinding.Code, _ message: LocalizedText) {
    findings.append(InfRefFinding(code: code, message: message))
  }
}
