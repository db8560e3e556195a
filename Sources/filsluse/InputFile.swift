import FilsluseBase
import Glibc
import SystemPackage
import TriggerFiles

/// A local file that the user named.
enum InputFile {
  /// Reads a plain file, or its first `limit` bytes. A pipe, a device or a folder is refused at once.
  ///
  /// - Parameter remedy: the remedy for something other than a plain file.
  /// - Throws: `CommandFailure` with `inputMissing` if there is no such file, `badData` if it is not a plain file,
  ///   `localIO` if it cannot be read.
  static func read(
    _ path: FilePath, upTo limit: Int,
    remedy: LocalizedText = LocalizedText("name a plain file", "angiv en almindelig fil")
  ) throws(CommandFailure) -> [UInt8] {
    do {
      let file = try PlainFile.open(path)
      return try file.closeAfter { try PlainFile.content(of: file, upTo: limit) }
    } catch {
      throw failure(error, reading: path, remedy)
    }
  }

  /// The failure to open or read a file.
  ///
  /// - Parameter remedy: the remedy for something other than a plain file.
  static func failure(_ error: any Error, reading path: FilePath, _ remedy: LocalizedText) -> CommandFailure {
    let name = Printable.text(path.string)
    guard let reason = error as? PlainFileError else {
      return CommandFailure(.localIO, "\(name): \(Errno.text(of: error))")
    }
    if case .notPlain = reason { return CommandFailure(.badData, "\(name): \(reason.shown)", remedy: remedy.shown) }
    return CommandFailure(
      reason.isMissing ? .inputMissing : .localIO, "\(name): \(reason.isMissing ? missing.shown : reason.shown)")
  }

  private static let missing = LocalizedText("there is no such file", "filen findes ikke")

  /// Returns true if the path exists.
  static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

  /// Returns true for a pipe, a device or a socket.
  static func isNeitherFileNorFolder(_ path: FilePath) -> Bool {
    var status = stat()
    guard stat(path.string, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// Returns the size of a regular file in bytes.
  ///
  /// - Throws: `CommandFailure` with `inputMissing` when there is no such file, `badData` when it is not a regular one.
  static func size(of path: FilePath) throws(CommandFailure) -> UInt64 {
    let name = Printable.text(path.string)
    var status = stat()
    guard stat(path.string, &status) == 0 else {
      let code = errno
      let isMissing = code == ENOENT || code == ENOTDIR
      throw CommandFailure(
        isMissing ? .inputMissing : .localIO,
        "\(name): \(isMissing ? missing.shown : Errno(rawValue: code).shown)")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(
        .badData, "\(name) is no plain file", "\(name) er ikke en almindelig fil",
        remedy: LocalizedText("name the data file itself", "angiv selve datafilen"))
    }
    return UInt64(status.st_size)
  }

  /// Reads standard input to its end, or its first `limit` bytes.
  ///
  /// - Throws: `CommandFailure` with `localIO` when it cannot be read.
  static func readStandardInput(upTo limit: Int) throws(CommandFailure) -> [UInt8] {
    do {
      return try PlainFile.content(of: .standardInput, upTo: limit)
    } catch {
      let reason = Errno.text(of: error)
      throw CommandFailure(
        .localIO, "standard input cannot be read: \(reason)", "standardinput kan ikke læses: \(reason)",
        remedy: LocalizedText("give it a file or a pipe", "giv det en fil eller et rør"))
    }
  }
}

/// The content of a file or, named `-`, of standard input.
struct NamedInput {
  /// The name as findings show it.
  let name: String
  let bytes: [UInt8]
  /// The remedy for something other than a plain file.
  static let remedy = LocalizedText(
    "name a plain file, or - for standard input", "angiv en almindelig fil eller - for standardinput")

  /// Reads the whole input, or its first `limit` bytes.
  ///
  /// - Throws: `CommandFailure` as ``InputFile`` does.
  init(_ name: String, upTo limit: Int) throws(CommandFailure) {
    let isStandardInput = name == "-"
    self.name = isStandardInput ? "<stdin>" : name
    bytes =
      isStandardInput
      ? try InputFile.readStandardInput(upTo: limit)
      : try InputFile.read(FilePath(name), upTo: limit, remedy: Self.remedy)
  }

  private init(name: String, bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

  /// Reads the same input again, or further where it is standard input, up to a larger limit.
  ///
  /// - Throws: `CommandFailure` as ``InputFile`` does.
  func readFurther(from input: String, upTo limit: Int) throws(CommandFailure) -> NamedInput {
    guard input == "-" else { return try NamedInput(input, upTo: limit) }
    return NamedInput(name: name, bytes: bytes + (try InputFile.readStandardInput(upTo: limit - bytes.count)))
  }
}
