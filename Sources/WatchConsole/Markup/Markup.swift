internal import FilsluseBase

/// HTML that is safe to send: what is written in it literally is markup, and text that is put into it is escaped.
///
/// There is no other way to make it from a `String`, so that nothing gets onto the page unescaped by mistake.
struct Markup: Sendable, Hashable, ExpressibleByStringInterpolation {
  private(set) var html: String

  init(stringLiteral literal: String) { html = literal }

  init(stringInterpolation interpolation: Interpolation) { html = interpolation.html }

  private init(html: String) { self.html = html }

  /// Pieces one after the other.
  static func joined(_ pieces: some Sequence<Markup>) -> Markup { Markup(html: pieces.lazy.map(\.html).joined()) }

  /// Text from anywhere, escaped.
  static func text(_ text: String) -> Markup { Markup(html: escaped(text)) }

  /// Pieces with a dot between them.
  static func list(_ pieces: [Markup]) -> Markup {
    Markup(html: pieces.map(\.html).joined(separator: " · "))
  }

  /// Returns the first items that fit into a number of bytes, `limit` at most.
  static func fitting<Item>(
    _ items: some Sequence<Item>, bytes: Int, limit: Int, _ make: (Item) -> Markup
  ) -> [Markup] {
    var (made, room): ([Markup], Int) = ([], bytes)
    for item in items.prefix(limit) {
      let markup = make(item)
      room -= markup.html.utf8.count
      if room < 0 { break }
      made.append(markup)
    }
    return made
  }

  static func += (one: inout Markup, other: Markup) { one.html += other.html }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity + interpolationCount * 24)
    }

    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    mutating func appendInterpolation(_ markup: Markup?) { html += markup?.html ?? "" }
    mutating func appendInterpolation(_ pieces: [Markup]) { for piece in pieces { html += piece.html } }
    mutating func appendInterpolation(_ number: some BinaryInteger) { html += String(number) }
    mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
  }

  /// Cuts a text to a number of characters, with an ellipsis.
  static func cut(_ text: String, to limit: Int) -> String {
    text.unicodeScalars.count <= limit
      ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit - 1))) + "…"
  }

  /// Markup's own characters become references. What cannot be seen, or turns the writing round, becomes a visible
  /// mark.
  private static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count + 8)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped += " "
      default:
        if !VisibleText.isVisible(scalar) {
          escaped += "\u{FFFD}"
        } else {
          escaped.unicodeScalars.append(scalar)
        }
      }
    }
    return escaped
  }

  /// Printable ASCII without the five characters that mean something in markup.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
    default: (0x20...0x7E).contains(byte)
    }
  }
}
