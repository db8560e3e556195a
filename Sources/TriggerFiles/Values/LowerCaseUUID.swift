/// The contract's UUIDs: `8-4-4-4-12` hexadecimal digits in lower case (section 2).
enum LowerCaseUUID {
  private static let hyphens: Set<Int> = [8, 13, 18, 23]

  static func check(_ text: String) throws(ValueError) {
    let bytes = Array(text.utf8)
    guard bytes.count == 36, bytes.indices.allSatisfy({ isRight(bytes[$0], at: $0) }) else {
      throw ValueError(
        code: .invalidUUID, found: text.isEmpty ? "an empty value" : Quoted.text(text),
        expected: "a UUID, 8-4-4-4-12 hexadecimal digits in lower case (section 2)", remedy: remedy(for: text))
    }
  }

  /// A random UUID (version 4 of RFC 9562).
  static func random() -> String {
    // Two draws of eight bytes: each is a call to the system.
    var bytes = [UInt64.random(in: .min ... .max), .random(in: .min ... .max)].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      if hyphens.contains(text.count) { text.append(UInt8(ascii: "-")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isRight(_ byte: UInt8, at index: Int) -> Bool {
    if hyphens.contains(index) { return byte == UInt8(ascii: "-") }
    return (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
  }

  private static func remedy(for text: String) -> String {
    let trimmed = XMLSpace.trimmed(text)
    if trimmed != text { return "remove the white space around it" }
    let lowered = String(decoding: text.utf8.map { (0x41...0x46).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    let bytes = Array(lowered.utf8)
    if lowered != text, bytes.count == 36, bytes.indices.allSatisfy({ isRight(bytes[$0], at: $0) }) {
      return "write it in lower case: \(lowered)"
    }
    return "copy it from the administration module"
  }
}
