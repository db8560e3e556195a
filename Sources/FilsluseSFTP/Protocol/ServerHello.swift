/// The server's introduction: the VERSION packet.
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
      throw MalformedPacket("its first packet is not the VERSION packet", "dens første pakke er ikke VERSION")
    }
    version = try reader.uint32()
    var extensions: [ServerExtension] = []
    while reader.remaining > 0 {
      extensions.append(ServerExtension(name: try reader.text(), data: try reader.text()))
    }
    self.extensions = extensions
  }

  /// The maximum number of bytes kept of a text.
  static let longestText = 256

  /// Returns true if a line of text is complete, or SFTP's first packet follows it: a packet begins with a zero.
  static func hasLine(_ text: [UInt8]) -> Bool {
    text.contains(0) || text.drop(while: isLineEnd).contains(where: isLineEnd)
  }

  /// Returns the error for text in place of SFTP's first packet, such as a login script's output.
  static func replaced(by text: [UInt8]) -> SFTPError {
    let line = text.prefix { $0 != 0 }.drop(while: isLineEnd).prefix { !isLineEnd($0) }
    let words = PrintableName.text(Array(line.prefix(longestText)))
    let quoted =
      words.isEmpty
      ? MessageText("an empty line", "en tom linje") : MessageText("the text “\(words)”", "teksten „\(words)“")
    return SFTPError(
      .protocolViolation,
      "the server begins with \(quoted.en) instead of SFTP; a login script or shell there prints it, which the server's owner must stop for sessions without a terminal",
      "den begynder med \(quoted.da) i stedet for SFTP; den kommer fra et login-script eller en shell dér, og serverens ejer skal slå den fra for sessioner uden terminal"
    )
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}

/// Something a server offers beyond SFTP version 3.
struct ServerExtension: Hashable, Sendable {
  let name: String
  let data: String

  /// Renames over an existing file in one step.
  static let posixRename = ServerExtension(name: "posix-rename@openssh.com", data: "1")
  /// Writes a file through to the server's disk.
  static let sync = ServerExtension(name: "fsync@openssh.com", data: "1")
  /// Returns the free space of a file system.
  static let fileSystem = ServerExtension(name: "statvfs@openssh.com", data: "2")
}
