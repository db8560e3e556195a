/// A packet that violates SFTP version 3.
struct MalformedPacket: Error, Equatable, CustomStringConvertible {
  let text: MessageText

  init(_ english: String, _ danish: String) { text = MessageText(english, danish) }

  var description: String { text.en }
}

/// Reads the fields of one packet and never beyond it.
struct PacketReader {
  private let bytes: [UInt8]
  private var place: Int

  init(_ bytes: [UInt8], from place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  var remaining: Int { bytes.count - place }

  mutating func uint8() throws(MalformedPacket) -> UInt8 {
    try require(1)
    defer { place += 1 }
    return bytes[place]
  }

  mutating func uint32() throws(MalformedPacket) -> UInt32 {
    try require(4)
    defer { place += 4 }
    return bytes.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt32.self)) }
  }

  mutating func uint64() throws(MalformedPacket) -> UInt64 {
    try require(8)
    defer { place += 8 }
    return bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)) }
  }

  /// A length and that many bytes.
  mutating func string() throws(MalformedPacket) -> [UInt8] {
    let length = try lengthOfString()
    defer { place += length }
    return bytes.withUnsafeBytes { Array($0[place..<place + length]) }
  }

  mutating func skipString() throws(MalformedPacket) {
    let length = try lengthOfString()
    place += length
  }

  /// A string as text for people; anything that is not UTF-8 is replaced.
  mutating func text() throws(MalformedPacket) -> String { String(decoding: try string(), as: UTF8.self) }

  /// A number of items that the rest of the packet can hold, each of at least `size` bytes.
  mutating func count(ofItemsOf size: Int) throws(MalformedPacket) -> Int {
    let count = Int(try uint32())
    guard count <= remaining / size else {
      throw MalformedPacket("it promises \(count) items and holds fewer", "den lover \(count) dele og har færre")
    }
    return count
  }

  private mutating func lengthOfString() throws(MalformedPacket) -> Int {
    let length = Int(try uint32())
    try require(length)
    return length
  }

  private func require(_ count: Int) throws(MalformedPacket) {
    guard count <= remaining else {
      throw MalformedPacket("it ends before its fields do", "den slutter før sine felter")
    }
  }
}
