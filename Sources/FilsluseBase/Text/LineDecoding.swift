/// Reads lines as UTF-8, or as windows-1252 where a line is not UTF-8.
package enum LineDecoding {
  /// The encodings found in a text.
  package struct Encodings: Sendable {
    /// Lines that are windows-1252.
    package var windowsLines = 0
    /// True if the text is UTF-16.
    package var isUTF16 = false

    /// Creates a count of no lines.
    package init() {}
  }

  /// A whole text as UTF-8, by its byte order mark or line by line.
  package static func text(of bytes: [UInt8], _ encodings: inout Encodings) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + bytes.count / 8)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      encodings.isUTF16 = true
      appendUTF16(bytes.dropFirst(2), isBigEndian: bytes[0] == 0xFE, to: &text)
    } else {
      let marked = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      encodings.windowsLines = append(marked, to: &text)
    }
    return text
  }

  package static func appendUTF16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool, to text: inout [UInt8]) {
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    for at in stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2) {
      let (first, second) = (UInt16(bytes[at]), UInt16(bytes[at + 1]))
      units.append(isBigEndian ? first << 8 | second : second << 8 | first)
    }
    text.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
  }

  /// Appends the lines as UTF-8.
  ///
  /// - Returns: the number of lines in windows-1252.
  package static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) -> Int {
    let isPlain = bytes.withUnsafeBytes { isUTF8($0) }
    if isPlain {
      text.append(contentsOf: bytes)
      return 0
    }
    var count = 0
    var at = bytes.startIndex
    while at < bytes.endIndex {
      let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
      let line = bytes[at..<end]
      if line.withUnsafeBytes({ isUTF8($0) }) {
        text.append(contentsOf: line)
      } else {
        count += 1
        decode(line, to: &text)
      }
      at = end
    }
    return count
  }

  private static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }

  /// A letter of windows-1252 makes the whole line windows-1252. Without one, the line is UTF-8 with invalid bytes, and
  /// its valid parts stay UTF-8.
  private static func decode(_ line: ArraySlice<UInt8>, to text: inout [UInt8]) {
    let pieces = stray(in: line)
    let isWindows = pieces.contains { letters.contains(line[$0]) }
    var next = pieces[...]
    for at in line.indices {
      let isStray = next.first == at
      if isStray { next.removeFirst() }
      let byte = line[at]
      if byte < 0x80 || !(isWindows || isStray) {
        text.append(byte)
      } else if let encoded = UTF8.encode(Windows1252.scalar(of: byte)) {
        text.append(contentsOf: encoded)
      }
    }
  }

  /// The bytes that no UTF-8 character has in their place.
  private static func stray(in line: ArraySlice<UInt8>) -> [Int] {
    var stray: [Int] = []
    var at = line.startIndex
    while at < line.endIndex {
      let length = characterLength(line, at)
      if length == 0 { stray.append(at) }
      at += max(1, length)
    }
    return stray
  }

  /// Returns the length of the well-formed character at a place; 0 for none.
  private static func characterLength(_ line: ArraySlice<UInt8>, _ at: Int) -> Int {
    let length: Int
    switch line[at] {
    case 0..<0x80: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return 0
    }
    guard at + length <= line.endIndex else { return 0 }
    return String(validating: line[at..<at + length], as: UTF8.self) == nil ? 0 : length
  }

  /// æ, ø, å and their neighbours' letters, small and capital, as windows-1252 writes them.
  private static let letters: Set<UInt8> = [
    0xE6, 0xF8, 0xE5, 0xC6, 0xD8, 0xC5, 0xE9, 0xC9, 0xE4, 0xC4, 0xF6, 0xD6, 0xFC, 0xDC, 0xE1, 0xED, 0xF3, 0xFA, 0xF0,
    0xFE,
  ]
}

/// The characters of windows-1252.
enum Windows1252 {
  /// The character of a byte; the five bytes that have none show as U+FFFD.
  static func scalar(of byte: UInt8) -> Unicode.Scalar {
    (0x80...0x9F).contains(byte) ? controls[Int(byte) - 0x80] : Unicode.Scalar(byte)
  }

  private static let controls: [Unicode.Scalar] = [
    "€", "\u{FFFD}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{FFFD}", "Ž", "\u{FFFD}",
    "\u{FFFD}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{FFFD}", "ž", "Ÿ",
  ]
}
