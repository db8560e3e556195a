import Glibc

/// The contract's UUIDs: `8-4-4-4-12` hexadecimal digits in lower case (section 2).
enum LowerCaseUUID {
  private static let hyphens = [8, 13, 18, 23]

  static func check(_ text: String) throws(ValueError) {
    let bytes = Array(text.utf8)
    guard bytes.count == 36, bytes.indices.allSatisfy({ isRight(bytes[$0], at: $0) }) else {
      throw ValueError(
        code: .invalidUUID, found: ValueError.shown(text),
        expected: LocalizedText(
          "a UUID, 8-4-4-4-12 hexadecimal digits in lower case (section 2)",
          "et UUID, 8-4-4-4-12 hexadecimale cifre med små bogstaver (afsnit 2)"), remedy: remedy(for: text))
    }
  }

  /// A random UUID (version 4 of RFC 9562).
  static func random() -> String {
    // One draw: each is a call to the system.
    var drawn: (UInt64, UInt64) = (0, 0)
    let code = withUnsafeMutableBytes(of: &drawn) { getentropy($0.baseAddress, $0.count) }
    precondition(code == 0, "the system gives no random bytes")
    let high = drawn.0 & ~0xF000 | 0x4000
    let low = drawn.1 & ~(0b11 << 62) | 0b10 << 62
    return String(unsafeUninitializedCapacity: 36) { text in
      var digits = 0
      for index in 0..<36 {
        if hyphens.contains(index) {
          text[index] = UInt8(ascii: "-")
          continue
        }
        let digit = UInt8((digits < 16 ? high : low) >> (60 - digits % 16 * 4) & 0xF)
        text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        digits += 1
      }
      return 36
    }
  }

  private static func isRight(_ byte: UInt8, at index: Int) -> Bool {
    if hyphens.contains(index) { return byte == UInt8(ascii: "-") }
    return (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  private static func remedy(for text: String) -> LocalizedText {
    let trimmed = XMLSpace.trimmed(text)
    if trimmed != text { return LocalizedText("remove the white space around it", "fjern blanktegnene omkring den") }
    let lowered = String(decoding: text.utf8.map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    let bytes = Array(lowered.utf8)
    if lowered != text, bytes.count == 36, bytes.indices.allSatisfy({ isRight(bytes[$0], at: $0) }) {
      return LocalizedText("write it in lower case: \(lowered)", "skriv den med små bogstaver: \(lowered)")
    }
    return LocalizedText("copy it from the administration module", "kopiér den fra administrationsmodulet")
  }
}
