/// A STATUS answer: a number and, from most servers, a text.
struct ServerStatus: Equatable {
  let number: UInt32
  let message: String

  static let ok: UInt32 = 0
  static let endOfFile: UInt32 = 1
  static let noSuchFile: UInt32 = 2
  /// A number of later versions of SFTP, which some servers use in version 3 too.
  static let noSuchPath: UInt32 = 10
  /// A number of later versions too: a part of the path is a file. OpenSSH's server says 2 then.
  private static let notAFolder: UInt32 = 19

  /// True if it means that there is no such file.
  var isNoSuchFile: Bool { [Self.noSuchFile, Self.noSuchPath, Self.notAFolder].contains(number) }

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
      case _ where isNoSuchFile: .noSuchFile
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

  /// The meanings of numbers, most of them from later versions of SFTP (draft-ietf-secsh-filexfer-13, section 9.1), for
  /// servers that use them in version 3 without a text.
  private static let laterMeanings: [UInt32: MessageText] = [
    5: MessageText("the request has a wrong form", "forespørgslen har en forkert form"),
    9: MessageText("the handle is invalid", "den åbne fil kendes ikke"),
    10: MessageText("there is no such path", "stien findes ikke"),
    11: MessageText("it exists already", "navnet findes i forvejen"),
    writeProtected: MessageText("it is write-protected", "der er skrivebeskyttet"),
    13: MessageText("there is no medium in the drive", "der er intet medie i drevet"),
    14: MessageText("there is no space left", "der er ikke mere plads"),
    15: MessageText("the quota is exceeded", "kvoten er brugt op"),
    17: MessageText("it is locked", "filen er låst"),
    18: MessageText("the folder is not empty", "mappen er ikke tom"),
    notAFolder: MessageText("it is not a folder", "det er ikke en mappe"),
    20: MessageText("the name is invalid", "navnet er ugyldigt"),
    21: MessageText("its links go in a circle", "dens links går i ring"),
    22: MessageText("it cannot be removed", "den kan ikke slettes"),
    23: MessageText("a value is not permitted", "en værdi er ikke tilladt"),
    24: MessageText("it is a folder", "det er en mappe"),
    25: MessageText("a part of it is locked", "en del af filen er låst"),
    27: MessageText("its removal is under way", "den er ved at blive slettet"),
    28: MessageText("it is damaged", "filen er beskadiget"),
  ]
}
