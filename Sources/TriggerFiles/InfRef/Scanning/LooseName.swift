/// A name in the middle of a text: the run of bytes around an anchor that can belong to one.
struct LooseName {
  let name: FoundName

  /// A longer run is data, not a name.
  private static let longest = 256

  /// Finds the name around an anchor; `nil` if the run of characters there is too long for one.
  init?(in bytes: UnsafeRawBufferPointer, around anchor: Int) {
    var run = Run(bytes, start: anchor, end: anchor)
    guard run.growBack(upTo: Self.longest), run.grow(upTo: Self.longest) else { return nil }
    let found = FoundName(bytes, run.start..<run.end)
    if found.isSpeltAsShown {
      name = found
      return
    }
    let end = NameBreak.end(of: run.start..<run.end, in: bytes, mayBreakAtBlank: false)
    let isBroken = end > run.end
    run.end = end
    var name = Self.trimmed(isBroken ? FoundName(bytes, run.start..<run.end) : found)
    name.isFileName = run.isFollowedByEnding
    name.isPattern = run.isFollowedByFillIn
    self.name = name
  }

  /// Returns the name without surrounding quotes, dashes and blanks; with such signs inside, the longest piece.
  private static func trimmed(_ found: FoundName) -> FoundName {
    if isWhole(found.text) { return found }
    let pieces = found.text.unicodeScalars.split { $0.value > 0x2011 && isSign($0) }
    guard var piece = pieces.max(by: { $0.count < $1.count }) else { return found }
    while let first = piece.first, isSign(first) { piece.removeFirst() }
    while let last = piece.last, isSign(last) { piece.removeLast() }
    let before = found.text.unicodeScalars[..<piece.startIndex]
    var text = String.UnicodeScalarView()
    text.append(contentsOf: piece)
    // Only character references make the text shorter than its bytes, and then nothing precedes the name.
    let start = found.range.lowerBound + before.reduce(0) { $0 + UTF8.width($1) }
    return FoundName(text: String(text), range: min(start, found.range.upperBound)..<found.range.upperBound)
  }

  /// Returns true if a name has only letters, digits and underscores, with hyphens inside at most, as nearly every one
  /// has.
  private static func isWhole(_ name: String) -> Bool {
    let (dash, bytes) = (UInt8(ascii: "-"), name.utf8)
    guard bytes.first != dash, bytes.last != dash else { return false }
    // C3 begins the letters from U+00C0 to U+00FF; U+00D7 and U+00F7 among them are signs.
    return bytes.allSatisfy { byte in
      byte < 0x80 ? byte != UInt8(ascii: "?") : byte != 0xC2 && byte < 0xC4 && byte != 0x97 && byte != 0xB7
    }
  }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "_" { return false }
    switch scalar.properties.generalCategory {
    case .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation, .connectorPunctuation, .spaceSeparator, .mathSymbol, .otherSymbol:
      return true
    default: return false
    }
  }
}

/// Grows from an anchor to both sides.
private struct Run {
  let bytes: UnsafeRawBufferPointer
  var start: Int
  var end: Int

  init(_ bytes: UnsafeRawBufferPointer, start: Int, end: Int) {
    self.bytes = bytes
    self.start = start
    self.end = end
  }

  mutating func growBack(upTo limit: Int) -> Bool {
    let first = start
    while start > 0, first - start <= limit {
      let byte = bytes[start - 1]
      if LabelledName.isNameByte(byte) || isLostLetter(start - 1) {
        start -= 1
      } else if byte == UInt8(ascii: ";"), let reference = CharacterReference.start(in: bytes, endingAt: start - 1) {
        start = reference
      } else {
        break
      }
    }
    if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
    return first - start <= limit
  }

  mutating func grow(upTo limit: Int) -> Bool {
    let first = end
    while end < bytes.count, end - first <= limit {
      if LabelledName.isNameByte(bytes[end]) || isLostLetter(end) {
        end += 1
      } else if let length = CharacterReference.length(in: bytes, at: end) {
        end += length
      } else {
        break
      }
    }
    return end - first <= limit
  }

  /// Returns true for `?` between letters, as programs write characters that their encoding lacks.
  private func isLostLetter(_ index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "?"), index > 0, index + 1 < bytes.count else { return false }
    return isLetter(bytes[index - 1]) && isLetter(bytes[index + 1])
  }

  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// True if a part to be filled in follows where a number or a version belongs: `GDPR<number>`, `_<version>`.
  var isFollowedByFillIn: Bool {
    guard end > start, FillIn.length(in: bytes, at: end) != nil else { return false }
    let last = bytes[end - 1]
    return last == UInt8(ascii: "_") || last | 0x20 == UInt8(ascii: "r")
  }

  /// True if a dot and a letter follow, as in a file's name.
  var isFollowedByEnding: Bool {
    end + 1 < bytes.count && bytes[end] == UInt8(ascii: ".") && isLetter(bytes[end + 1])
  }
}
