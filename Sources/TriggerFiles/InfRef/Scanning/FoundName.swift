/// A possible name in a text.
struct FoundName {
  let text: String
  /// Its byte range in the text.
  let range: Range<Int>
  /// True if an ending such as `.csv` follows.
  var isFileName = false
  /// True if a part to be filled in follows: `GDPR<number>`.
  var isPattern = false
  /// True if its bytes are those of a name that is good in every place.
  let isSpeltAsShown: Bool

  /// Creates a name from a piece of a text; character references (`&#248;`) are resolved.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    let piece = UnsafeRawBufferPointer(rebasing: bytes[range])
    isSpeltAsShown = ShownName.isSpelt(piece)
    text =
      piece.contains(UInt8(ascii: "&"))
      ? CharacterReference.resolved(String(decoding: piece, as: UTF8.self)) : String(decoding: piece, as: UTF8.self)
    self.range = range
  }

  init(text: String, range: Range<Int>) {
    self.text = text
    isSpeltAsShown = false
    self.range = range
  }
}

/// `&#248;` or `&#xF8;`, as XML and HTML write a character by its number.
enum CharacterReference {
  private static let longest = 10

  /// Returns the length of the reference that begins at `start`; `nil` when none begins there.
  static func length(in bytes: UnsafeRawBufferPointer, at start: Int) -> Int? {
    let piece = bytes[start..<min(bytes.count, start + longest)]
    guard piece.starts(with: [UInt8(ascii: "&"), UInt8(ascii: "#")]),
      let end = piece.firstIndex(of: UInt8(ascii: ";"))
    else { return nil }
    return scalar(String(decoding: bytes[start...end], as: UTF8.self)) == nil ? nil : end + 1 - start
  }

  /// Returns the start of the reference that ends at `end`, the place of its semicolon.
  static func start(in bytes: UnsafeRawBufferPointer, endingAt end: Int) -> Int? {
    let piece = bytes[max(0, end + 1 - longest)..<end]
    guard let start = piece.lastIndex(of: UInt8(ascii: "&")), let length = length(in: bytes, at: start),
      start + length == end + 1
    else { return nil }
    return start
  }

  /// The text with every reference read.
  static func resolved(_ text: String) -> String {
    var resolved = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let first = rest.first {
      if first == "&", let end = rest.prefix(longest).firstIndex(of: ";"), let scalar = scalar(String(rest[...end])) {
        resolved.append(scalar)
        rest = rest[rest.index(after: end)...]
      } else {
        resolved.append(first)
        rest = rest.dropFirst()
      }
    }
    return String(resolved)
  }

  private static func scalar(_ reference: String) -> Unicode.Scalar? {
    let body = reference.dropFirst(2).dropLast()
    guard reference.hasPrefix("&#") else { return nil }
    let number = body.hasPrefix("x") ? UInt32(body.dropFirst(), radix: 16) : UInt32(body)
    return number.flatMap(Unicode.Scalar.init)
  }
}
