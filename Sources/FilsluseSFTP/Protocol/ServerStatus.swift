/// A STATUS answer: a number and, from most servers, a text.
struct ServerStatus: Equatable {
  let number: UInt32
  let message: String

  static let ok: UInt32 = 0
  static let endOfFile: UInt32 = 1
  static let noSuchFile: UInt32 = 2
  /// A number of later versions of SFTP, which some servers use in version 3 too.
  static let noSuchPath: UInt32 = 10

  /// True if it means that there is no such file.
  var isNoSuchFile: Bool { number == Self.noSuchFile || number == Self.noSuchPath }

  init(number: UInt32, message: String) {
    self.number = number
    self.message = message
  }

  /// Early servers leave out text and language.
  init(from reader: inout PacketReader) throws(MalformedPacket) {
    number = try reader.uint32()
    message = reader.remaining > 0 ? try reader.text() : ""
  }

  /// The failure this status stands for.
  var error: SFTPError {
    let code: SFTPError.Code =
      switch number {
      case Self.noSuchFile, Self.noSuchPath: .noSuchFile
      case 3: .permissionDenied
      case 8: .unsupported
      default: .failure
      }
    let text = PrintableName.text(Array(message.utf8))
    let message = text.isEmpty ? "the server answers status \(number)" : "the server answers “\(text)” (\(number))"
    return SFTPError(code, message, serverStatus: number)
  }
}
