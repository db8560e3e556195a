/// The shape of a name: its bytes without those that do not affect the verdict. Names of one shape have the same
/// mistakes.
///
/// A log can hold millions of different names with a few kinds of mistakes. Of a number only two facts count: leading
/// zeros, and whether it is 1, 2 or another. If no known name begins with the same two letters, the letters do not
/// count.
struct NameShape: Hashable {
  private var words = SIMD8<UInt64>()

  private static let longest = MemoryLayout<SIMD8<UInt64>>.size
  /// The number of an integration's digits that are kept: its four, and a fifth, which makes it some other number.
  private static let integrationDigits = 5

  /// Computes a name's shape; `nil` for too long a name.
  init?(_ name: String) {
    var name = name
    guard name.utf8.count <= Self.longest else { return nil }
    name.withUTF8 { bytes in
      withUnsafeMutableBytes(of: &words) { Self.write(UnsafeRawBufferPointer(bytes), to: $0) }
    }
  }

  func hash(into hasher: inout Hasher) {
    withUnsafeBytes(of: words) { hasher.combine(bytes: $0) }
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to shape: UnsafeMutableRawBufferPointer) {
    // Behind a label that was copied along, another name begins.
    guard !bytes.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
      return shape.copyMemory(from: bytes)
    }
    let start = twoLetters(bytes)
    let isForeign = start.map { !knownStarts.contains($0) } ?? false
    var verbatim = beginsAsIntegration(bytes) ? integrationDigits : 0
    var end = 0
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if isDigit(byte), verbatim == 0 {
        at = writeNumber(bytes, at, to: shape, &end)
        continue
      }
      if isDigit(byte) { verbatim -= 1 }
      shape[end] = isForeign && isLetter(byte) ? UInt8(ascii: "a") : byte
      end += 1
      at += 1
    }
  }

  /// Writes up to two leading zeros, and 1, 2 or 7 for the rest of the number.
  ///
  /// - Returns: where the number ends.
  private static func writeNumber(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, to shape: UnsafeMutableRawBufferPointer, _ end: inout Int
  ) -> Int {
    var at = start
    while at < bytes.count, bytes[at] == 0x30 { at += 1 }
    for _ in 0..<min(2, at - start) {
      shape[end] = 0x30
      end += 1
    }
    let first = at
    while at < bytes.count, isDigit(bytes[at]) { at += 1 }
    if at > first {
      let isShown = at == first + 1 && (bytes[first] == 0x31 || bytes[first] == 0x32)
      shape[end] = isShown ? bytes[first] : 0x37
      end += 1
    }
    return at
  }

  /// The first letters of the documents' names, of services and endpoints, and of their misspellings.
  private static let knownStarts = ["so", "fa", "ep", "gd", "gp", "in", "sf", "oi", "oe"].map { pair in
    pair.utf8.reduce(0) { $0 << 8 | UInt16($1) }
  }

  private static func twoLetters(_ bytes: UnsafeRawBufferPointer) -> UInt16? {
    guard bytes.count >= 2, isLetter(bytes[0]), isLetter(bytes[1]) else { return nil }
    return UInt16(bytes[0] | 0x20) << 8 | UInt16(bytes[1] | 0x20)
  }

  /// Returns true if the first two letters are `sf`, with any invisible characters between them.
  private static func beginsAsIntegration(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let first = bytes.firstIndex(where: isLetter), bytes[first] | 0x20 == UInt8(ascii: "s") else { return false }
    return bytes[(first + 1)...].first(where: isLetter).map { $0 | 0x20 == UInt8(ascii: "f") } ?? false
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) && byte & 0x40 != 0 }
}
