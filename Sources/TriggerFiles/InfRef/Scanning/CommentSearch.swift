/// Finds out if a place in a text is in a comment.
enum CommentSearch {
  /// The distance that is searched for a comment's beginning.
  private static let farthest = 1 << 16

  /// Returns true if the line's beginning makes the rest a comment, as in configuration: `#` at its start or after a
  /// blank, `//` at its start; not inside quotes.
  static func isInLineComment(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    var start = place
    while start > 0, place - start < 4096, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    var quote: UInt8?
    var previous: UInt8 = UInt8(ascii: " ")
    var isAtStart = true
    for at in start..<place {
      let byte = bytes[at]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        if previous <= 0x20 || isOpening(previous) { quote = byte }
      } else if byte == UInt8(ascii: "#"), previous <= 0x20 {
        return true
      } else if isAtStart, byte == UInt8(ascii: "/"), at + 1 < place, bytes[at + 1] == byte {
        return true
      } else if isAtStart, byte == UInt8(ascii: ";") {
        return true
      }
      if byte > 0x20 { isAtStart = false }
      previous = byte
    }
    return false
  }

  private static func isOpening(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"),
      UInt8(ascii: "("):
      true
    default: false
    }
  }

  /// Returns true if `<!--` is nearer in front than `-->`.
  static func isInMarkupComment(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Bool {
    var at = place - 3
    let first = max(0, place - farthest)
    while at >= first {
      if bytes[at] == UInt8(ascii: "-"), bytes[at + 1] == UInt8(ascii: "-") {
        if bytes[at + 2] == UInt8(ascii: ">") { return false }
        if at >= 2, bytes[at - 1] == UInt8(ascii: "!"), bytes[at - 2] == UInt8(ascii: "<") { return true }
      }
      at -= 1
    }
    return false
  }
}
