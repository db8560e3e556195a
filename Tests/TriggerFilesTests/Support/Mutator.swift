import SeededNumbers

/// Breaks documents in ways that files break and in ways that attackers break them.
struct Mutator {
  let seeds: [[UInt8]]
  var random: SeededGenerator

  private static let fragments: [[UInt8]] =
    [
      "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>", "&#0;", "&#xD800;",
      "&#x10FFFF;",
      "xmlns=''", "xmlns:p='urn:x'", "<", ">", "/>", "\"", "'", "&", "&amp;", "<a>", "</a>", "<p:a/>", "xml:lang='da'",
      "encoding='UTF-16'", "encoding=\"ISO-8859-1\"", "18446744073709551616", "\u{FEFF}", "\u{FFFF}", "\u{1F600}",
      "\u{0}",
    ].map { Array($0.utf8) } + [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFE, 0xFF], [0xFF, 0xFE], [0xF5], [0x80],
    ]

  mutating func next() -> [UInt8] {
    var bytes = random.pick(seeds)
    // Half of them with one fault alone, so that some are still taken and get past the first check.
    for _ in 0...(random.chance(50) ? 0 : Int.random(in: 1...3, using: &random)) { mutate(&bytes) }
    return bytes
  }

  private mutating func mutate(_ bytes: inout [UInt8]) {
    let at = Int.random(in: 0...bytes.count, using: &random)
    let length = min(bytes.count - at, Int.random(in: 0...(random.chance(10) ? 400 : 8), using: &random))
    let piece = Array(bytes[at..<(at + length)])
    switch Int.random(in: 0..<9, using: &random) {
    case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
    case 1 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
    case 2: bytes.removeSubrange(at..<(at + length))
    case 3: bytes.insert(contentsOf: piece, at: Int.random(in: 0...bytes.count, using: &random))
    case 4: bytes.insert(contentsOf: random.pick(Self.fragments), at: at)
    case 5: bytes.removeSubrange(at...)
    case 6:
      let other = random.pick(seeds)
      bytes.replaceSubrange(at..., with: other[Int.random(in: 0...other.count, using: &random)...])
    case 7: bytes.insert(contentsOf: repeated(piece.isEmpty ? random.pick(Self.fragments) : piece), at: at)
    default: bytes.replaceSubrange(at..<(at + length), with: random.pick(Self.fragments))
    }
  }

  private mutating func repeated(_ piece: [UInt8]) -> [UInt8] {
    let count = random.pick([2, 5, 70, 300, random.chance(2) ? 20_000 : 10])
    return Array(repeatElement(piece, count: min(count, (1 << 19) / max(1, piece.count))).joined())
  }
}
