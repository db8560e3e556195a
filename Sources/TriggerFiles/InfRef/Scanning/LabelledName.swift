/// A text declared as an InfRef: the content of `<InfRef>`, or the text behind `InfRef=`, `infref:` or `"infRef":`.
struct LabelledName {
  let name: FoundName
  /// The delimiters.
  let form: Form

  /// The delimiters of a labelled text.
  enum Form { case element, quoted, bare }

  /// No name comes near this many bytes.
  private static let longest = 512

  /// Reads a label at the four letters in its middle; `nil` if it has no value there.
  init?(in bytes: UnsafeRawBufferPointer, around anchor: Int) {
    let start = anchor - 1
    let end = anchor + 5
    guard start >= 0, end < bytes.count, bytes[start] | 0x20 == UInt8(ascii: "i"),
      bytes[end - 1] | 0x20 == UInt8(ascii: "f")
    else { return nil }
    let range =
      bytes[end] == UInt8(ascii: ">")
      ? Self.element(bytes, label: start, from: end + 1) : Self.value(bytes, after: end)
    guard let range, !range.isEmpty else { return nil }
    name = FoundName(bytes, range)
    if bytes[end] == UInt8(ascii: ">") {
      form = .element
    } else {
      form = Self.isQuote(bytes[range.lowerBound - 1]) ? .quoted : .bare
    }
  }

  /// The content of an element, whole: white space in it belongs to the name.
  private static func element(_ bytes: UnsafeRawBufferPointer, label: Int, from start: Int) -> Range<Int>? {
    var tag = label
    while tag > 0, isNameByte(bytes[tag - 1]) || bytes[tag - 1] == UInt8(ascii: ":") { tag -= 1 }
    guard tag > 0, bytes[tag - 1] == UInt8(ascii: "<") else { return nil }
    let limit = min(bytes.count, start + longest)
    guard start < limit, let end = bytes[start..<limit].firstIndex(of: UInt8(ascii: "<")) else { return nil }
    return start..<end
  }

  /// Returns the text behind `=` or `:` in the same line, in quotes or up to the next blank.
  private static func value(_ bytes: UnsafeRawBufferPointer, after label: Int) -> Range<Int>? {
    var at = label
    if at < bytes.count, isQuote(bytes[at]) { at += 1 }
    at = skipBlanks(bytes, at)
    guard at < bytes.count, bytes[at] == UInt8(ascii: "=") || bytes[at] == UInt8(ascii: ":") else { return nil }
    at = skipBlanks(bytes, at + 1)
    guard at < bytes.count else { return nil }
    let limit = min(bytes.count, at + longest)
    let line = bytes[at..<limit]
    if isQuote(bytes[at]) {
      let quote = bytes[at]
      guard let end = line.dropFirst().firstIndex(where: { $0 == quote || $0 == UInt8(ascii: "\n") }),
        bytes[end] == quote
      else { return nil }
      return at + 1..<end
    }
    guard isNameByte(bytes[at]) || FillIn.length(in: bytes, at: at) != nil else { return nil }
    var end = at
    while end < limit, !isEnd(bytes[end]) || FillIn.length(in: bytes, at: end) != nil {
      end += FillIn.length(in: bytes, at: end) ?? 1
    }
    while end > at, let length = trailingLength(bytes, at..<end) { end -= length }
    guard !isWord(bytes[at..<end]) else { return nil }
    return at..<NameBreak.end(of: at..<end, in: bytes, mayBreakAtBlank: true)
  }

  /// Returns true for a word in place of a value, such as `null`, and for a further label.
  private static func isWord(_ value: Slice<UnsafeRawBufferPointer>) -> Bool {
    // Longer than all of them and than further labels.
    guard value.count <= 32 else { return false }
    if ShownName.isSpelt(UnsafeRawBufferPointer(rebasing: value)) { return false }
    let text = String(decoding: value, as: UTF8.self).lowercased()
    return ["null", "nil", "none", "true", "false"].contains(text) || text.hasPrefix("infref")
  }

  private static func skipBlanks(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var at = start
    while at < bytes.count, bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "\t") { at += 1 }
    return at
  }

  private static func isEnd(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
      true
    default: false
    }
  }

  /// The length of the sign at a value's end that belongs to the sentence around it: a full stop, a closing quotation
  /// mark; `nil` where there is none.
  private static func trailingLength(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> Int? {
    let end = value.upperBound
    switch bytes[end - 1] {
    case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "!"): return 1
    // U+2018 to U+201F are E2 80 98 to 9F, and U+00BB is C2 BB.
    case 0x98...0x9F where value.count >= 3 && bytes[end - 2] == 0x80 && bytes[end - 3] == 0xE2: return 3
    case 0xBB where value.count >= 2 && bytes[end - 2] == 0xC2: return 2
    default: return nil
    }
  }

  private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }
}
