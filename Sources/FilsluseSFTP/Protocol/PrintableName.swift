internal import FilsluseBase

/// A name from the wire as text that a terminal and a log can bear.
enum PrintableName {
  static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) {
      if text.unicodeScalars.allSatisfy(VisibleText.isVisible) { return text }
      return text.unicodeScalars.map { scalar in
        VisibleText.isVisible(scalar) ? String(scalar) : String(scalar).utf8.map { "\\x" + hex($0) }.joined()
      }.joined()
    }
    return bytes.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "\\x" + hex($0) }.joined()
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789abcdef".unicodeScalars)
    return String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
  }
}
