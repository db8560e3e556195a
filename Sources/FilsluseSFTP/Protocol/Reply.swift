/// An answer of a server in SFTP version 3.
enum Reply: Equatable {
  case status(ServerStatus)
  case handle([UInt8])
  case data([UInt8])
  case names([NameEntry])
  case attributes(FileAttributes)
  case space(FileSystemSpace)

  /// A name in a folder, or a resolved path.
  struct NameEntry: Equatable {
    let name: [UInt8]
    let attributes: FileAttributes
    /// The bytes that the entry takes in its packet.
    var wireSize = 0
  }

  /// Reads a packet (without its length): the request's id and the answer.
  static func read(_ packet: [UInt8]) throws(MalformedPacket) -> (id: UInt32, reply: Reply) {
    var reader = PacketReader(packet)
    let type = try reader.uint8()
    let id = try reader.uint32()
    switch type {
    case 101: return (id, .status(try ServerStatus(from: &reader)))
    case 102: return (id, .handle(try handle(from: &reader)))
    case 103: return (id, .data(try reader.string()))
    case 104: return (id, .names(try names(from: &reader)))
    case 105: return (id, .attributes(try FileAttributes(from: &reader)))
    case 201: return (id, .space(try FileSystemSpace(from: &reader)))
    default:
      throw MalformedPacket(
        "its type \(type) is no answer that SFTP version 3 knows", "dens type \(type) er ikke et svar i SFTP version 3")
    }
  }

  private static func handle(from reader: inout PacketReader) throws(MalformedPacket) -> [UInt8] {
    let handle = try reader.string()
    guard handle.count <= 256 else {
      throw MalformedPacket("its handle is longer than 256 bytes", "dens handle er længere end 256 byte")
    }
    return handle
  }

  /// The greatest number of names in one packet: OpenSSH sends 100, others as many as fit into 256 KB. In memory a name
  /// takes several times the size of an empty one on the wire.
  private static let mostNames = 65_536

  private static func names(from reader: inout PacketReader) throws(MalformedPacket) -> [NameEntry] {
    // The least a name can take: two empty strings and the flags of its attributes.
    let count = try reader.count(ofItemsOf: 12)
    guard count <= mostNames else {
      throw MalformedPacket(
        "it holds \(count) names, more than \(mostNames)", "den har \(count) navne, flere end \(mostNames)")
    }
    var entries: [NameEntry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      let before = reader.remaining
      let name = try reader.string()
      var line = reader
      try reader.skipString()
      var attributes = try FileAttributes(from: &reader)
      if !attributes.hasType { attributes = attributes.completed(by: try line.string()) }
      entries.append(NameEntry(name: name, attributes: attributes, wireSize: before - reader.remaining))
    }
    return entries
  }
}
