/// The marks of a quotation in a mail: `> ` in front of each line.
enum Quotation {
  /// The text without the quotation marks (`>`) at the beginning of its lines; `nil` where no line has any.
  static func removed(from text: [UInt8]) -> (text: [UInt8], lines: Int)? {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.count)
    var marked = 0
    var isAtStart = true
    var at = 0
    while at < text.count {
      if isAtStart {
        var next = at
        while next < text.count, text[next] == UInt8(ascii: ">") || text[next] == UInt8(ascii: " ") { next += 1 }
        let marks = text[at..<next].lastIndex(of: UInt8(ascii: ">"))
        // A quotation mark is the first character of its line; `>` at a tag's end is none.
        if let marks, text[at] == UInt8(ascii: ">") {
          marked += 1
          at = marks + 1
          if at < text.count, text[at] == UInt8(ascii: " ") { at += 1 }
        }
        isAtStart = false
        continue
      }
      plain.append(text[at])
      isAtStart = text[at] == UInt8(ascii: "\n")
      at += 1
    }
    return marked > 0 ? (plain, marked) : nil
  }
}

/// Escapes that markup and program text put in place of `<`, `>`, `&` and quotes.
enum MarkupEscapes {
  private static let entities: [(name: [UInt8], byte: UInt8)] = [
    ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")), ("&quot;", UInt8(ascii: "\"")),
    ("&apos;", UInt8(ascii: "'")), ("&#39;", UInt8(ascii: "'")), ("&#34;", UInt8(ascii: "\"")),
    ("&#60;", UInt8(ascii: "<")), ("&#62;", UInt8(ascii: ">")), ("&#x3C;", UInt8(ascii: "<")),
    ("&#x3E;", UInt8(ascii: ">")), ("&amp;", UInt8(ascii: "&")), ("\\u003c", UInt8(ascii: "<")),
    ("\\u003e", UInt8(ascii: ">")), ("\\u003C", UInt8(ascii: "<")), ("\\u003E", UInt8(ascii: ">")),
    ("\\n", UInt8(ascii: "\n")), ("\\r", UInt8(ascii: "\r")), ("\\t", UInt8(ascii: "\t")),
    ("\\\"", UInt8(ascii: "\"")), ("\\/", UInt8(ascii: "/")),
  ].map { (Array($0.0.utf8), $0.1) }

  /// The text with one layer of escapes read; `nil` where there is none.
  static func resolved(_ text: [UInt8]) -> [UInt8]? {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.count)
    var count = 0
    var at = 0
    while at < text.count {
      if text[at] == UInt8(ascii: "&") || text[at] == UInt8(ascii: "\\"),
        let entity = entities.first(where: { text[at...].starts(with: $0.name) })
      {
        plain.append(entity.byte)
        at += entity.name.count
        count += 1
      } else {
        plain.append(text[at])
        at += 1
      }
    }
    return count > 0 ? plain : nil
  }
}
