/// Base 64 as keys are written in text files.
package enum Base64 {
  /// The bytes behind a text; `nil` where it is not base 64.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var isGood = false
    let bytes = [UInt8](unsafeUninitializedCapacity: text.count) { room, count in
      let decoded = decode(text, into: UnsafeMutableRawBufferPointer(room))
      isGood = decoded != nil
      count = decoded ?? 0
    }
    return isGood ? bytes : nil
  }

  /// Decodes into the caller's memory, which must have room for as many bytes as the text; returns the number of bytes,
  /// or `nil` for invalid text.
  package static func decode(_ text: some Sequence<UInt8>, into room: UnsafeMutableRawBufferPointer) -> Int? {
    var count = 0
    var bits: UInt32 = 0
    var digits = 0
    var padding = 0
    for character in text {
      if character == UInt8(ascii: "=") {
        padding += 1
        continue
      }
      guard padding == 0, let value = value(of: character), count < room.count else { return nil }
      bits = bits << 6 | UInt32(value)
      digits += 1
      // Every digit but the first of four completes a byte.
      if digits % 4 != 1 {
        room[count] = UInt8(truncatingIfNeeded: bits >> UInt32([0, 0, 4, 2][digits % 4]))
        count += 1
      }
    }
    switch (digits % 4, padding) {
    case (0, 0), (2, 0), (2, 2), (3, 0), (3, 1): return count
    default: return nil
    }
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  /// Bytes as text, with padding.
  package static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.enumerated().reduce(UInt32(0)) { $0 | UInt32($1.element) << (16 - 8 * $1.offset) }
      for place in 0...3 {
        text.append(place > group.count ? UInt8(ascii: "=") : alphabet[Int(bits >> (18 - 6 * place) & 63)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
