/// A document's text as UTF-8 without a byte order mark, and its places as the user sees them.
struct SourceText {
  let bytes: [UInt8]

  /// Decodes a document by the encoding that it declares.
  ///
  /// - Throws: `DocumentError` with one finding if the bytes are invalid in that encoding or contain a NUL.
  init(decoding input: [UInt8]) throws(DocumentError) {
    let decoded = try Self.decode(input)
    bytes = decoded
    if let nul = decoded.firstIndex(of: 0) {
      throw refusal(
        .nulCharacter, at: nul, found: LocalizedText("a NUL character", "et nultegn"),
        expected: LocalizedText("XML holds none", "XML har ingen"),
        remedy: LocalizedText(
          "remove it; padding at the end of a file is a sign of a broken transfer",
          "fjern det; fyld i slutningen af en fil tyder på en afbrudt overførsel"))
    }
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The place of a byte: lines end at LF, CR or both; columns count characters.
  func position(at offset: Int) -> SourcePosition {
    var line = 1
    var column = 1
    var previous: UInt8 = 0
    for byte in bytes.prefix(max(0, offset)) {
      switch byte {
      case 0x0A where previous == 0x0D: break
      case 0x0A, 0x0D:
        line += 1
        column = 1
      case 0x80...0xBF: break
      default: column += 1
      }
      previous = byte
    }
    return SourcePosition(line: line, column: column)
  }

  func refusal(
    _ code: DiagnosticCode, at offset: Int, found: LocalizedText, expected: LocalizedText, remedy: LocalizedText
  ) -> DocumentError {
    DocumentError([
      Diagnostic(code: code, position: position(at: offset), found: found, expected: expected, remedy: remedy)
    ])
  }
}

extension SourceText {
  private static func decode(_ input: [UInt8]) throws(DocumentError) -> [UInt8] {
    switch (input.first, input.dropFirst().first) {
    case (0xFE, 0xFF): return try decodeUTF16(input.dropFirst(2), as: .utf16BigEndian, hasMark: true)
    case (0xFF, 0xFE): return try decodeUTF16(input.dropFirst(2), as: .utf16LittleEndian, hasMark: true)
    case (0x00, 0x3C): return try decodeUTF16(input[...], as: .utf16BigEndian, hasMark: false)
    case (0x3C, 0x00): return try decodeUTF16(input[...], as: .utf16LittleEndian, hasMark: false)
    default: return try decodeBytes(input)
    }
  }

  private static func decodeBytes(_ input: [UInt8]) throws(DocumentError) -> [UInt8] {
    let hasMark = input.starts(with: [0xEF, 0xBB, 0xBF])
    let text = hasMark ? Array(input.dropFirst(3)) : input
    let name = XMLDeclaration.encodingName(in: text)
    let encoding = try known(name, in: text) ?? .utf8
    if encoding.isUTF16 || (hasMark && encoding != .utf8) {
      throw contradiction(
        declared: LocalizedText(name ?? ""),
        shown: hasMark
          ? LocalizedText("a UTF-8 byte order mark", "et byterækkefølgemærke for UTF-8")
          : LocalizedText("one byte per character", "en byte per tegn"))
    }
    if encoding == .utf8 {
      guard String(validating: text, as: UTF8.self) == nil else { return text }
      throw invalidUTF8(text, isDeclared: name != nil)
    }
    return try decode(text, as: encoding)
  }

  private static func decode(_ text: [UInt8], as encoding: XMLEncoding) throws(DocumentError) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count + text.count / 8)
    for byte in text {
      if byte < 0x80 {
        decoded.append(byte)
      } else if let scalar = encoding.scalar(of: byte) {
        append(scalar, to: &decoded)
      } else {
        throw SourceText(decoded).refusal(
          .encodingInvalid, at: decoded.count,
          found: LocalizedText("the byte \(shown(byte))", "byten \(shown(byte))"),
          expected: LocalizedText(
            "the declaration says \(encoding.name), which has no such character",
            "erklæringen siger \(encoding.name), som ikke har det tegn"),
          remedy: LocalizedText(
            "declare the encoding that the file was written in, best UTF-8",
            "erklær det tegnsæt, som filen er skrevet i, helst UTF-8"))
      }
    }
    return decoded
  }

  private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    if let encoded = UTF8.encode(scalar) { bytes.append(contentsOf: encoded) }
  }

  private static func decodeUTF16(
    _ input: ArraySlice<UInt8>, as encoding: XMLEncoding, hasMark: Bool
  ) throws(DocumentError) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(input.count)
    var decoder = UTF16()
    var units = UTF16Units(bytes: input, isBigEndian: encoding == .utf16BigEndian)
    decoding: while true {
      switch decoder.decode(&units) {
      case .scalarValue(let scalar): append(scalar, to: &decoded)
      case .emptyInput: break decoding
      case .error:
        throw SourceText(decoded).refusal(
          .encodingInvalid, at: decoded.count,
          found: LocalizedText("half of a surrogate pair", "det halve af et surrogatpar"),
          expected: LocalizedText(
            "UTF-16 writes characters beyond U+FFFF as two halves", "UTF-16 skriver tegn over U+FFFF som to halvdele"),
          remedy: LocalizedText("write the file as UTF-8", "skriv filen som UTF-8"))
      }
    }
    if !input.count.isMultiple(of: 2) {
      throw SourceText(decoded).refusal(
        .encodingInvalid, at: decoded.count, found: LocalizedText("an odd number of bytes", "et ulige antal byte"),
        expected: LocalizedText("UTF-16 has two per unit", "UTF-16 har to for hver enhed"),
        remedy: LocalizedText(
          "the file is likely cut short: fetch it again", "filen er sandsynligvis skåret af: hent den igen"))
    }
    let name = XMLDeclaration.encodingName(in: decoded)
    let declared = try known(name, in: decoded)
    guard declared == .utf16 || declared == encoding || (declared == nil && hasMark) else {
      throw contradiction(
        declared: name.map { LocalizedText($0) } ?? LocalizedText("nothing", "intet"),
        shown: LocalizedText(encoding.name))
    }
    return decoded
  }

  private static func known(_ name: String?, in text: [UInt8]) throws(DocumentError) -> XMLEncoding? {
    guard let name else { return nil }
    guard let encoding = XMLEncoding(declaredAs: name) else {
      throw SourceText(text).refusal(
        .encodingUnknown, at: 0,
        found: LocalizedText(
          "the declared encoding \(Quoted.text(name))", "det erklærede tegnsæt \(Quoted.danish(name))"),
        expected: LocalizedText(
          "UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, windows-1252 or US-ASCII",
          "UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, windows-1252 eller US-ASCII"),
        remedy: LocalizedText(
          "write the document as UTF-8 (contract section 2)", "skriv dokumentet som UTF-8 (kontraktens afsnit 2)"))
    }
    return encoding
  }

  private static func contradiction(declared: LocalizedText, shown: LocalizedText) -> DocumentError {
    SourceText([]).refusal(
      .encodingContradicted, at: 0,
      found: LocalizedText(
        "\(declared.en) declared as encoding, but \(shown.en) in the file",
        "\(declared.da) erklæret som tegnsæt, men \(shown.da) i filen"),
      expected: LocalizedText(
        "the declaration tells the encoding that the file is in",
        "erklæringen nævner det tegnsæt, som filen er skrevet i"),
      remedy: LocalizedText(
        "write the document as UTF-8 and declare that (contract section 2)",
        "skriv dokumentet som UTF-8, og erklær det (kontraktens afsnit 2)"))
  }

  private static func shown(_ byte: UInt8) -> String { "0x\(String(byte, radix: 16, uppercase: true))" }

  private static func invalidUTF8(_ text: [UInt8], isDeclared: Bool) -> DocumentError {
    let place = invalidPlace(in: text)
    return SourceText(Array(text[..<place])).refusal(
      .encodingInvalid, at: place,
      found: LocalizedText(
        "the byte \(shown(text[place])), which is not UTF-8 here",
        "byten \(shown(text[place])), som ikke er UTF-8 her"),
      expected: isDeclared
        ? LocalizedText("the declaration says UTF-8", "erklæringen siger UTF-8")
        : LocalizedText(
          "without a declared encoding a document is UTF-8", "uden et erklæret tegnsæt er et dokument UTF-8"),
      remedy: LocalizedText(
        "write the file as UTF-8; a file with æ, ø or å in it may be ISO-8859-1 and then has to say so",
        "skriv filen som UTF-8; en fil med æ, ø eller å kan være ISO-8859-1, og så skal den sige det"))
  }

  private static func invalidPlace(in text: [UInt8]) -> Int {
    var place = 0
    var decoder = UTF8()
    var bytes = text.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&bytes) { place += UTF8.width(scalar) }
    return min(place, text.count - 1)
  }
}

/// The 16-bit units of bytes; an odd last byte is left out.
private struct UTF16Units: IteratorProtocol {
  var bytes: ArraySlice<UInt8>
  let isBigEndian: Bool

  mutating func next() -> UInt16? {
    guard let first = bytes.popFirst(), let second = bytes.popFirst() else { return nil }
    return isBigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
  }
}

/// The declaration `<?xml … encoding="…"?>`, as far as decoding needs it; libxml2 checks its form.
private enum XMLDeclaration {
  /// The encoding's name between its quotes; `nil` when nothing is declared.
  static func encodingName(in text: some Collection<UInt8>) -> String? {
    let start = Array(text.prefix(512))
    guard start.starts(with: Array("<?xml".utf8)), start.count > 5, isSpace(start[5]) else { return nil }
    let end = start.firstIndex { $0 == UInt8(ascii: ">") } ?? start.count
    let keyword = Array("encoding".utf8)
    var at = 6
    while at + keyword.count < end {
      defer { at += 1 }
      guard isSpace(start[at - 1]) || start[at - 1] == 0x22 || start[at - 1] == 0x27 else { continue }
      guard start[at...].starts(with: keyword) else { continue }
      return quoted(in: start[(at + keyword.count)..<end])
    }
    return nil
  }

  private static func quoted(in bytes: ArraySlice<UInt8>) -> String? {
    let rest = bytes.drop(while: isSpace)
    guard rest.first == UInt8(ascii: "=") else { return nil }
    let value = rest.dropFirst().drop(while: isSpace)
    guard let quote = value.first, quote == 0x22 || quote == 0x27 else { return nil }
    guard let end = value.dropFirst().firstIndex(of: quote) else { return nil }
    return String(decoding: value[(value.startIndex + 1)..<end], as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { XMLSpace.contains(byte) }
}
