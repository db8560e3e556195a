/// Distinguishes the few letters of a name from the same letters in other words, before anything is read:
/// *kontoversigt* has `ntov`, *sortimentet* has `rtim`.
///
/// Hyphens, line breaks and non-ASCII characters may come between the letters of a name.
enum AnchorNeighbours {
  static func fit(_ anchor: AnchorSearch.Anchor, at start: Int, in bytes: UnsafeRawBufferPointer) -> Bool {
    switch anchor {
    case .label: true
    case .sortiment: goesOn(bytes, start + 4, "entov")
    case .overfor: goesOn(bytes, start + 4, "e") && precedes(bytes, start, "em")
    case .fagsystem: goesOn(bytes, start + 4, "ine") && precedes(bytes, start, "e")
    case .gdpr, .gpdr: hasNumber(bytes, start + 4)
    }
  }

  private static func goesOn(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ letters: StaticString) -> Bool {
    var at = start
    for index in 0..<letters.utf8CodeUnitCount {
      while at < bytes.count, isBreak(bytes[at]) { at += 1 }
      guard at < bytes.count, bytes[at] | 0x20 == letters.utf8Start[index] else { return false }
      at += 1
    }
    return true
  }

  /// Returns true if one of the letters is in front.
  private static func precedes(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ letters: StaticString) -> Bool {
    var at = start - 1
    while at >= 0, isBreak(bytes[at]) { at -= 1 }
    guard at >= 0 else { return false }
    let letter = bytes[at] | 0x20
    return (0..<letters.utf8CodeUnitCount).contains { letters.utf8Start[$0] == letter }
  }

  /// Returns true if digits follow, of any script, or the end of a name.
  private static func hasNumber(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    bytes[min(start, bytes.count)..<min(start + 3, bytes.count)].contains { (0x30...0x39).contains($0) || $0 >= 0x80 }
  }

  private static func isBreak(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), 0x80...: true
    default: false
    }
  }
}
