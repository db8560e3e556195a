/// How the server introduces itself: the VERSION packet.
struct ServerHello: Equatable {
  static let packetType: UInt8 = 2

  let version: UInt32
  let extensions: [ServerExtension]

  /// Writes the client's side of it: version 3, no extensions.
  static func writeInit(to writer: inout PacketWriter) {
    writer.packet { packet in
      packet.uint8(1)
      packet.uint32(3)
    }
  }

  init(packet: [UInt8]) throws(MalformedPacket) {
    var reader = PacketReader(packet)
    guard try reader.uint8() == Self.packetType else {
      throw MalformedPacket("its first packet is not the VERSION packet")
    }
    version = try reader.uint32()
    var extensions: [ServerExtension] = []
    while reader.remaining > 0 {
      extensions.append(ServerExtension(name: try reader.text(), data: try reader.text()))
    }
    self.extensions = extensions
  }

  /// Says why no introduction could be read: mostly, a login script on the server prints text into the protocol.
  static func unreadable(_ bytes: UnsafeRawBufferPointer, _ reason: MalformedPacket) -> SFTPError {
    let beginning = Array(bytes.prefix(64))
    let line = beginning.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    guard line.count >= 4, line.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
      return SFTPError(.protocolViolation, "the server does not begin with SFTP's VERSION packet: \(reason)")
    }
    return SFTPError(
      .protocolViolation,
      "the server begins with the text “\(PrintableName.text(Array(line)))” instead of SFTP; a login script there prints it"
    )
  }
}

/// Something a server offers beyond SFTP version 3.
struct ServerExtension: Hashable, Sendable {
  let name: String
  let data: String

  /// Renames over an existing file in one step.
  static let posixRename = ServerExtension(name: "posix-rename@openssh.com", data: "1")
  /// Writes a file through to the server's disk.
  static let sync = ServerExtension(name: "fsync@openssh.com", data: "1")
}
