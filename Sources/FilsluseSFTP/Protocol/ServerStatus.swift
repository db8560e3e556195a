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

  /// The error for this status.
  var error: SFTPError {
    let code: SFTPError.Code =
      switch number {
      case Self.noSuchFile, Self.noSuchPath: .noSuchFile
      case 3, Self.writeProtected: .permissionDenied
      case 8: .unsupported
      default: .failure
      }
    let text = PrintableName.text(Array(message.utf8))
    if !text.isEmpty {
      return SFTPError(
        code, "the server answers “\(text)” (\(number))", "serveren svarer „\(text)“ (\(number))", serverStatus: number)
    }
    let status = MessageText("the server answers status \(number)", "serveren svarer med status \(number)")
    let meaning = Self.laterMeanings[number].map { MessageText(", ") + $0 } ?? MessageText.empty
    return SFTPError(code, status + meaning, serverStatus: number)
  }

  /// A number of later versions of SFTP too: the file system there is read-only.
  private static let writeProtected: UInt32 = 12

  /// The meanings of numbers that later versions of SFTP define (draft-ietf-secsh-filexfer-13, section 9.1), for
  /// servers that use them in version 3 without a text.
  private static let laterMeanings: [UInt32: MessageText] = [
    9: MessageText("the handle is invalid", "den åbne fil kendes ikke"),
    10: MessageText("there is no such path", "stien findes ikke"),
    11: MessageText("it exists already", "navnet findes i forvejen"),
    writeProtected: MessageText("it is write-protected", "der er skrivebeskyttet"),
    14: MessageText("there is no space left", "der er ikke mere plads"),
    15: MessageText("the quota is exceeded", "kvoten er brugt op"),
    17: MessageText("it is locked", "filen er låst"),
    20: MessageText("the name is invalid", "navnet er ugyldigt"),
  ]
}
