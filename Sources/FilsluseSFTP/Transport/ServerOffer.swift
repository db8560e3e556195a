/// The algorithms a server offers, read from the first bytes it sent: a banner in lines, then its KEXINIT in the clear.
struct ServerOffer: Equatable {
  let keyExchange: [String]
  let hostKeys: [String]
  /// Towards the server, then from it.
  let ciphers: [String]
  let ciphersBack: [String]
  let macs: [String]
  let macsBack: [String]

  init?(opening: [UInt8]) {
    guard let start = Self.startOfPackets(in: opening) else { return nil }
    // Packet length and padding length, then the message: its number (20), a cookie, the lists.
    var reader = PacketReader(opening, from: start)
    do throws(MalformedPacket) {
      _ = try reader.uint32()
      _ = try reader.uint8()
      guard try reader.uint8() == 20 else { return nil }
      _ = try reader.uint64()
      _ = try reader.uint64()
      keyExchange = try Self.names(from: &reader)
      hostKeys = try Self.names(from: &reader)
      ciphers = try Self.names(from: &reader)
      ciphersBack = try Self.names(from: &reader)
      macs = try Self.names(from: &reader)
      macsBack = try Self.names(from: &reader)
    } catch {
      return nil
    }
  }

  private static func names(from reader: inout PacketReader) throws(MalformedPacket) -> [String] {
    PrintableName.text(try reader.string()).split(separator: ",").map(String.init)
  }

  /// Returns the end of the line that begins with `SSH-`; lines before it are greetings.
  private static func startOfPackets(in opening: [UInt8]) -> Int? {
    var lineStart = 0
    while let lineEnd = opening[lineStart...].firstIndex(of: UInt8(ascii: "\n")) {
      if opening[lineStart...].starts(with: "SSH-".utf8) { return lineEnd + 1 }
      lineStart = lineEnd + 1
    }
    return nil
  }
}
