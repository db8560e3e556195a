/// Appends packets to the bytes for the server.
struct PacketWriter {
  private(set) var bytes: [UInt8]

  /// Goes on after `bytes`.
  init(after bytes: [UInt8] = []) { self.bytes = bytes }

  /// Writes one packet: its length, and then the output of `fields`.
  mutating func packet(_ fields: (inout PacketWriter) -> Void) {
    let start = bytes.count
    uint32(0)
    fields(&self)
    let length = UInt32(bytes.count - start - 4)
    for place in 0..<4 { bytes[start + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(place))) }
  }

  mutating func uint8(_ value: UInt8) { bytes.append(value) }

  mutating func uint32(_ value: UInt32) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func uint64(_ value: UInt64) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func string(_ value: [UInt8]) { string(value[...]) }

  mutating func string(_ value: ArraySlice<UInt8>) {
    uint32(UInt32(value.count))
    value.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  mutating func string(_ value: String) { string(Array(value.utf8)) }
}
