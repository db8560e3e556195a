/// A line of a list's text, with its own line end, which is kept.
struct ListLine {
  var scalars: [Unicode.Scalar]
  /// `\n` or `\r\n`; empty for a last line without an end.
  let end: String

  init(_ text: some Sequence<Unicode.Scalar>, end: String) {
    scalars = Array(text)
    self.end = end
  }

  /// The lines of a text in UTF-8.
  static func lines(of text: [UInt8]) -> [ListLine] {
    let pieces = String(decoding: text, as: UTF8.self).unicodeScalars.split(
      separator: "\n", omittingEmptySubsequences: false)
    var lines = pieces.dropLast().map { piece in
      piece.last == "\r" ? ListLine(piece.dropLast(), end: "\r\n") : ListLine(piece, end: "\n")
    }
    if let last = pieces.last, !last.isEmpty { lines.append(ListLine(last, end: "")) }
    return lines
  }

  /// The end that a new line among others gets: that of the first line.
  static func end(among lines: [ListLine]) -> String {
    lines.first { !$0.end.isEmpty }?.end ?? "\n"
  }

  /// The text of lines. One without an end that is no longer the last gets the end of the others.
  static func text(of lines: [ListLine]) -> [UInt8] {
    let usual = end(among: lines)
    // Bytes: a view of scalars copies itself whole for every sequence that is appended.
    var text: [UInt8] = []
    for (index, line) in lines.enumerated() {
      for scalar in line.scalars { text.append(contentsOf: scalar.utf8) }
      let end = line.end.isEmpty && index < lines.count - 1 ? usual : line.end
      text.append(contentsOf: end.utf8)
    }
    return text
  }
}
