/// White space as XML has it: space, tab, line feed, carriage return.
enum XMLSpace {
  static func contains(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  static func isAll(of text: String) -> Bool { text.utf8.allSatisfy(contains) }

  /// The text without white space around it.
  static func trimmed(_ text: String) -> String {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(where: { !contains($0) }), let last = bytes.lastIndex(where: { !contains($0) })
    else { return "" }
    return first == bytes.startIndex && bytes.index(after: last) == bytes.endIndex ? text : String(text[first...last])
  }
}
