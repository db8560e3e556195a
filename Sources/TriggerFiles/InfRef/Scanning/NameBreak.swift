/// Finds how a name goes on where it was broken in the middle, as at the end of a printed line.
enum NameBreak {
  private static let stems: [[UInt8]] = ["sortimentoverfr", "fagsystemdefinerededatarefgdpr"].map { Array($0.utf8) }
  private static let longest = 128

  /// The end of a name: of the piece itself, or of the piece behind the break that it goes on with.
  ///
  /// - Parameter mayBreakAtBlank: whether a blank alone, without a line's end, may be the break.
  static func end(of piece: Range<Int>, in bytes: UnsafeRawBufferPointer, mayBreakAtBlank: Bool) -> Int {
    if ShownName.isSpelt(UnsafeRawBufferPointer(rebasing: bytes[piece])) { return piece.upperBound }
    guard let expected = continuation(of: piece, in: bytes) else { return piece.upperBound }
    var next = piece.upperBound
    var hasLineEnd = false
    while next < bytes.count, isBlank(bytes[next]) || (!hasLineEnd && bytes[next] == UInt8(ascii: "\n")) {
      if bytes[next] == UInt8(ascii: "\n") { hasLineEnd = true }
      // A mail's quotation marks stand at the beginning of the line that the name goes on in.
      next += 1
      while hasLineEnd, next < bytes.count, bytes[next] == UInt8(ascii: ">") { next += 1 }
    }
    guard next > piece.upperBound, hasLineEnd || mayBreakAtBlank, next < bytes.count else { return piece.upperBound }
    guard expected.fits(bytes, next) else { return piece.upperBound }
    var end = next
    while end < bytes.count, end - next < longest, LabelledName.isNameByte(bytes[end]) { end += 1 }
    return end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// The text that must follow a break.
  private enum Continuation {
    case letter(UInt8)
    case digit
    case underscore

    func fits(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Bool {
      switch self {
      case .letter(let letter): bytes[at] | 0x20 == letter
      case .digit:
        (0x30...0x39).contains(bytes[at])
          || (bytes[at] == UInt8(ascii: "_") && at + 1 < bytes.count && (0x30...0x39).contains(bytes[at + 1]))
      case .underscore:
        bytes[at] == UInt8(ascii: "_") && at + 1 < bytes.count && (0x30...0x39).contains(bytes[at + 1])
      }
    }
  }

  /// Returns the continuation of an incomplete name; `nil` for one that is complete or none of the documents'.
  private static func continuation(of piece: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Continuation? {
    var letters = 0
    var digits = 0
    var isVersioned = false
    var candidates = stems.indices.map { $0 }
    for at in piece {
      let byte = bytes[at] | 0x20
      if (0x61...0x7A).contains(byte), (bytes[at] & 0x40) != 0 {
        candidates.removeAll { letters >= stems[$0].count || stems[$0][letters] != byte }
        if candidates.isEmpty { return nil }
        letters += 1
      } else if (0x30...0x39).contains(bytes[at]) {
        digits += 1
      } else if bytes[at] == UInt8(ascii: "_") {
        isVersioned = true
        digits = 0
      }
    }
    guard letters >= 5, let stem = candidates.first.map({ stems[$0] }) else { return nil }
    if letters < stem.count { return digits == 0 && !isVersioned ? .letter(stem[letters]) : nil }
    if isVersioned { return digits == 0 ? .digit : nil }
    let isHyphenated = bytes[piece.upperBound - 1] == UInt8(ascii: "-")
    return candidates.first == 0 || (digits > 0 && !isHyphenated) ? .underscore : .digit
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
    // The first sign of a closing tag or of markup is none that a part begins with.
    guard at < bytes.count, isLetter(bytes[at]) else { return nil }
    while at < bytes.count, at - start < 40 {
      if bytes[at] == close { return at + 1 - start }
      guard isLetter(bytes[at]) || bytes[at] == 0x20 || (0x30...0x39).contains(bytes[at]) else { return nil }
      at += 1
    }
    return nil
  }

  /// Returns the number of signs that stand for digits, where an underscore follows them: `####_1`.
  private static func signs(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    var at = start
    while at < bytes.count, bytes[at] == bytes[start] { at += 1 }
    return at < bytes.count && bytes[at] == UInt8(ascii: "_") ? at - start : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte >= 0x80 }
}
