/// Finds how a name goes on where it was broken in the middle, as at the end of a printed line.
enum NameBreak {
  /// The letters of a documented name in ASCII, in order, and the following text.
  private struct Stem {
    let letters: StaticString
    /// True if a number follows, as in `GDPR1203_1`; false if only the version does.
    var hasNumber = false
  }

  private static let stems = [
    Stem(letters: "sortimentoverfr"), Stem(letters: "fagsystemdefinerededatarefgdpr", hasNumber: true),
    Stem(letters: "fagsystemdefinerededataaflever"), Stem(letters: "fagsystemdefinerededatahent"),
    Stem(letters: "fakturainformationafsend"), Stem(letters: "fakturainformationsvarafsend"),
    Stem(letters: "fakturatilgodkendelseafsend"), Stem(letters: "fakturatilgodkendelsesvarafsend"),
    Stem(letters: "irfakturatilgodkendelseafsend"), Stem(letters: "irfakturatilgodkendelsesvarafsend"),
  ]
  private static let longest = 128

  /// Returns the end of a name: of the piece itself, or of its continuation after a line break.
  ///
  /// - Parameter mayBreakAtBlank: true if a blank without a line's end may also be the break.
  static func end(of piece: Range<Int>, in bytes: UnsafeRawBufferPointer, mayBreakAtBlank: Bool) -> Int {
    if ShownName.isSpelt(UnsafeRawBufferPointer(rebasing: bytes[piece])) { return piece.upperBound }
    var next = piece.upperBound
    var hasLineEnd = false
    while next < bytes.count, isBlank(bytes[next]) || (!hasLineEnd && bytes[next] == UInt8(ascii: "\n")) {
      if bytes[next] == UInt8(ascii: "\n") { hasLineEnd = true }
      // A mail's quotation marks precede the rest of the name in the next line.
      next += 1
      while hasLineEnd, next < bytes.count, bytes[next] == UInt8(ascii: ">") { next += 1 }
    }
    guard next > piece.upperBound, hasLineEnd || mayBreakAtBlank, next < bytes.count else { return piece.upperBound }
    let goesOn = stems.contains { stem in
      continuation(of: piece, along: stem, in: bytes)?.fits(bytes, next) ?? false
    }
    guard goesOn else { return piece.upperBound }
    var end = next
    while end < bytes.count, end - next < longest, LabelledName.isNameByte(bytes[end]) { end += 1 }
    return end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// The text that must follow a break.
  private enum Continuation {
    case letter(UInt8)
    /// A digit of the number or of the version.
    case digit
    /// The version with its underscore.
    case version
    /// The version, with a hyphen possible in the place of its underscore.
    case versionDigit
    /// The rest of the number, if there is any, and the version, with nothing behind it.
    case numberAndVersion

    func fits(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
      switch self {
      case .letter(let letter): return bytes[start] | 0x20 == letter
      case .digit: return isDigit(bytes, start) || isVersion(bytes, start)
      case .version: return isVersion(bytes, start)
      case .versionDigit: return isVersion(bytes, start) || (isDigit(bytes, start) && isEnd(bytes, start + 1))
      case .numberAndVersion:
        if isVersion(bytes, start) { return true }
        var at = start
        while isDigit(bytes, at) { at += 1 }
        guard at > start, isVersion(bytes, at) else { return false }
        return isEnd(bytes, at + 2)
      }
    }

    private func isEnd(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Bool {
      at >= bytes.count || !LabelledName.isNameByte(bytes[at])
    }

    private func isVersion(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Bool {
      at < bytes.count && bytes[at] == UInt8(ascii: "_") && isDigit(bytes, at + 1)
    }

    private func isDigit(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Bool {
      at < bytes.count && (0x30...0x39).contains(bytes[at])
    }
  }

  /// Returns the continuation of an incomplete name; `nil` for one that is complete or does not follow the stem.
  private static func continuation(
    of piece: Range<Int>, along stem: Stem, in bytes: UnsafeRawBufferPointer
  ) -> Continuation? {
    let (stemStart, stemCount) = (stem.letters.utf8Start, stem.letters.utf8CodeUnitCount)
    var letters = 0
    var digits = 0
    var isVersioned = false
    for at in piece {
      let byte = bytes[at] | 0x20
      if (0x61...0x7A).contains(byte), (bytes[at] & 0x40) != 0 {
        guard letters < stemCount, stemStart[letters] == byte else { return nil }
        letters += 1
      } else if (0x30...0x39).contains(bytes[at]) {
        digits += 1
      } else if bytes[at] == UInt8(ascii: "_") {
        isVersioned = true
        digits = 0
      }
    }
    guard letters >= 5 else { return nil }
    if letters < stemCount { return digits == 0 && !isVersioned ? .letter(stemStart[letters]) : nil }
    if isVersioned { return digits == 0 ? .digit : nil }
    let isHyphenated = bytes[piece.upperBound - 1] == UInt8(ascii: "-")
    guard stem.hasNumber else { return isHyphenated ? .versionDigit : .version }
    return digits > 0 && !isHyphenated ? .numberAndVersion : .digit
  }
}

/// A part to be filled in, as patterns write it: `<nummer>`, `{version}`, `[nr]`, `*`, `#`, `$1`.
enum FillIn {
  /// Returns the length of the part that begins at a place; `nil` when none begins there.
  static func length(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    let close: UInt8
    switch bytes[start] {
    case UInt8(ascii: "<"): close = UInt8(ascii: ">")
    case UInt8(ascii: "{"): close = UInt8(ascii: "}")
    case UInt8(ascii: "["): close = UInt8(ascii: "]")
    case UInt8(ascii: "*"), UInt8(ascii: "#"): return signs(in: bytes, at: start)
    default: return nil
    }
    var at = start + 1
    // A placeholder begins with a letter, a closing tag or other markup does not.
    guard at < bytes.count, isLetter(bytes[at]) else { return nil }
    while at < bytes.count, at - start < 40 {
      if bytes[at] == close { return at + 1 - start }
      guard isLetter(bytes[at]) || bytes[at] == 0x20 || (0x30...0x39).contains(bytes[at]) else { return nil }
      at += 1
    }
    return nil
  }

  /// Returns the number of placeholder signs for digits before an underscore: `####_1`.
  private static func signs(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    var at = start
    while at < bytes.count, bytes[at] == bytes[start] { at += 1 }
    return at < bytes.count && bytes[at] == UInt8(ascii: "_") ? at - start : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
}
