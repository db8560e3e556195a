/// The part of the declaration `<?xml … encoding="…"?>` needed for decoding; libxml2 checks its form.
enum XMLDeclaration {
  /// Returns the encoding's name between its quotes; `nil` without a declaration.
  static func encodingName(in text: some Collection<UInt8>) -> String? {
    let start = Array(text.prefix(512))
    guard start.starts(with: Array("<?xml".utf8)), start.count > 5, isSpace(start[5]) else { return nil }
    let end = start.firstIndex { $0 == UInt8(ascii: ">") } ?? start.count
    let keyword = Array("encoding".utf8)
    var at = 6
    while at + keyword.count < end {
      defer { at += 1 }
      guard isSpace(start[at - 1]) || start[at - 1] == 0x22 || start[at - 1] == 0x27 else { continue }
      guard start[at...].starts(with: keyword) else { continue }
      return quoted(in: start[(at + keyword.count)..<end])
    }
    return nil
  }

  private static func quoted(in bytes: ArraySlice<UInt8>) -> String? {
    let rest = bytes.drop(while: isSpace)
    guard rest.first == UInt8(ascii: "=") else { return nil }
    let value = rest.dropFirst().drop(while: isSpace)
    guard let quote = value.first, quote == 0x22 || quote == 0x27 else { return nil }
    guard let end = value.dropFirst().firstIndex(of: quote) else { return nil }
    return String(decoding: value[(value.startIndex + 1)..<end], as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { XMLSpace.contains(byte) }
}
