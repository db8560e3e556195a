/// Cuts the stream of bytes from the server into packets.
struct PacketAssembler {
  /// The longest packet accepted, except lists of names.
  static let largestPacket = 256 * 1024
  /// The longest list of names taken in one packet.
  static let largestList = 4 * 1024 * 1024

  /// The room that is kept between two bursts of packets.
  private static let restingCapacity = 32 * 1024

  private var bytes: [UInt8] = []
  private var start = 0

  /// True if a packet has begun and is incomplete.
  var isInsidePacket: Bool { start < bytes.count }

  mutating func append(_ more: UnsafeRawBufferPointer) {
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: bytes.capacity <= Self.largestPacket * 2)
      start = 0
    } else if start > Self.largestPacket {
      bytes.removeFirst(start)
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// Frees the memory of long packets, unless one has begun.
  mutating func rest() {
    guard !isInsidePacket, bytes.capacity > Self.restingCapacity else { return }
    bytes = []
    start = 0
  }

  /// The next whole packet without its length, or `nil` until more bytes come.
  mutating func next() throws(MalformedPacket) -> [UInt8]? {
    let held = bytes.count - start
    guard held >= 5 else { return nil }
    let length = bytes.withUnsafeBytes {
      Int(UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
    }
    let limit = bytes[start + 4] == 104 ? Self.largestList : Self.largestPacket
    guard length >= 1, length <= limit else {
      throw MalformedPacket("it claims a length of \(length) bytes", "den siger, at den fylder \(length) byte")
    }
    guard held >= 4 + length else { return nil }
    defer { start += 4 + length }
    return bytes.withUnsafeBytes { Array($0[(start + 4)..<(start + 4 + length)]) }
  }
}
