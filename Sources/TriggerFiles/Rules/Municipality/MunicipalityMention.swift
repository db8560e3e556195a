/// A place in a file name that names a municipality, by its code or by its name.
public struct MunicipalityMention: Sendable, Hashable {
  /// The municipality.
  public let municipality: Municipality
  /// The text that names it, exactly as in the name.
  public let text: String
  /// The position of the text: the number of its first character, counted from 1.
  public let position: Int
  /// True if it is probably part of a date, or the time right after one: it counts only where the rest of the name
  /// contains no municipality, and never contradicts.
  public let isDateOrTime: Bool

  /// The municipality, the text and its place: `0492 Ærø ("0492" at character 8)`.
  public var shown: LocalizedText {
    LocalizedText(
      "\(municipality.title) (\(Quoted.text(text)) at character \(position))",
      "\(municipality.title) (\(Quoted.danish(text)) ved tegn \(position))")
  }
}

extension MunicipalityMention {
  /// Finds every municipality that a file name names (contract section 5), in the order of the name.
  ///
  /// A code is a run of exactly four digits (`0751`), or of three that touch no letter (`751`) but those of a word such
  /// as `kommune` before them. A name is a word, or words with separators between them: `København`, `KOEBENHAVN`,
  /// `Kobenhavn`, `Københavns Kommune`, `Høje_Taastrup`, composed or not. UUIDs and hexadecimal digests name none.
  public static func all(in name: String) -> [MunicipalityMention] {
    let characters = NamePiece.characters(of: name)
    let pieces = NamePiece.split(characters)
    let opaque = OpaqueRanges(characters)
    let dates = NameDates(pieces: pieces)
    var found: [MunicipalityMention] = []
    var index = 0
    while index < pieces.count {
      defer { index += 1 }
      let piece = pieces[index]
      var range = piece.range
      var municipality: Municipality?
      switch piece.kind {
      case .other: continue
      case .digits:
        guard isToken(index, in: pieces), !opaque.contains(piece.range.lowerBound) else { continue }
        municipality = Municipality(code: piece.text)
      case .letters:
        if let (named, last) = MunicipalityName.longest(from: index, in: pieces) {
          (municipality, range, index) = (named, piece.range.lowerBound..<pieces[last].range.upperBound, last)
        }
      }
      guard let municipality else { continue }
      found.append(
        MunicipalityMention(
          municipality: municipality, text: String(String.UnicodeScalarView(characters[range])),
          position: range.lowerBound + 1, isDateOrTime: piece.kind == .digits && dates.covers(index)))
    }
    return found
  }

  /// Returns the mentions in a name in the server's bytes; a name that is not UTF-8 is read as ISO-8859-1.
  public static func all(in name: [UInt8]) -> [MunicipalityMention] {
    if let text = String(validating: name, as: UTF8.self) { return all(in: text) }
    return all(in: String(String.UnicodeScalarView(name.map { Unicode.Scalar($0) })))
  }

  /// Returns the numbers in a name that are written as a municipality's code (`0101` to `0860`) and are none's, such as
  /// `0715`. Dates and times do not count.
  package static func unknownCodes(in name: String) -> [String] {
    let characters = NamePiece.characters(of: name)
    let pieces = NamePiece.split(characters)
    let opaque = OpaqueRanges(characters)
    let dates = NameDates(pieces: pieces)
    return pieces.indices.filter { index in
      let piece = pieces[index]
      return piece.kind == .digits && piece.text.utf8.count == 4 && ("0101"..."0860").contains(piece.text)
        && Municipality(code: piece.text) == nil && !opaque.contains(piece.range.lowerBound) && !dates.covers(index)
    }.map { pieces[$0].text }
  }

  /// Returns the mentions that count when only the names show the municipality: those in dates and times count only if
  /// there are no others.
  public static func counted(_ mentions: [MunicipalityMention]) -> [MunicipalityMention] {
    let certain = mentions.filter { !$0.isDateOrTime }
    return certain.isEmpty ? mentions : certain
  }

  /// Returns true for a code: four digits, or three as a token of their own or after a word that announces a code:
  /// `kommune751`.
  private static func isToken(_ index: Int, in pieces: [NamePiece]) -> Bool {
    let count = pieces[index].text.utf8.count
    if count == 4 { return true }
    func isLetters(_ at: Int) -> Bool { pieces.indices.contains(at) && pieces[at].kind == .letters }
    let isBehindLetters = isLetters(index - 1) && !wordsBeforeCode.contains(pieces[index - 1].text)
    return count == 3 && !isBehindLetters && !isLetters(index + 1)
  }

  private static let wordsBeforeCode: Set<String> = ["kommune", "kommunekode", "kommunenr", "komkode"]
}

/// The ranges of UUIDs and hexadecimal digests in a name, whose digits name no municipality.
private struct OpaqueRanges {
  private var ranges: [Range<Int>] = []

  init(_ characters: [Unicode.Scalar]) {
    guard characters.count >= Self.shortestDigest else { return }
    var start = 0
    while start < characters.count {
      guard characters[start].isHexDigit, start == 0 || !characters[start - 1].isWordCharacter else {
        start += 1
        continue
      }
      let end = Self.uuidEnd(characters, start) ?? Self.digestEnd(characters, start)
      if let end { ranges.append(start..<end) }
      start = end ?? start + 1
    }
  }

  func contains(_ index: Int) -> Bool { ranges.contains { $0.contains(index) } }

  private static func uuidEnd(_ characters: [Unicode.Scalar], _ start: Int) -> Int? {
    let end = start + 36
    guard end <= characters.count, end == characters.count || !characters[end].isWordCharacter else { return nil }
    for offset in 0..<36 {
      let scalar = characters[start + offset]
      guard [8, 13, 18, 23].contains(offset) ? scalar == "-" : scalar.isHexDigit else { return nil }
    }
    return end
  }

  /// Returns the end of a digest: one word of hexadecimal digits that changes several times between digits and letters.
  private static func digestEnd(_ characters: [Unicode.Scalar], _ start: Int) -> Int? {
    var (end, turns) = (start, 0)
    while end < characters.count, characters[end].isWordCharacter {
      guard characters[end].isHexDigit else { return nil }
      if end > start, characters[end].isDigit != characters[end - 1].isDigit { turns += 1 }
      end += 1
    }
    return end - start >= shortestDigest && turns >= 4 ? end : nil
  }

  private static let shortestDigest = 16
}

extension Unicode.Scalar {
  fileprivate var isWordCharacter: Bool {
    value < 0x80 ? isDigit || (0x41...0x5A).contains(value & 0xDF) : properties.isAlphabetic
  }
}
