import Glibc
import SystemPackage

/// A local file that the user named.
enum InputFile {
  /// The folder that relative paths start at.
  static var workingFolder: FilePath {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return FilePath(platformString: path)
  }

  /// Reads the file, or its first `limit` bytes.
  ///
  /// - Throws: `CommandFailure` with `inputMissing` when there is no such file, `localIO` when it cannot be read.
  static func read(_ path: FilePath, upTo limit: Int) throws(CommandFailure) -> [UInt8] {
    do {
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
      return try file.closeAfter { try content(of: file, upTo: limit) }
    } catch {
      let missing = (error as? Errno) == .noSuchFileOrDirectory
      throw CommandFailure(
        missing ? .inputMissing : .localIO,
        missing ? "\(Printable.text(path.string)): there is no such file" : "\(Printable.text(path.string)): \(error)")
    }
  }

  /// Whether anything has this path.
  static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }

  /// How many bytes a plain file has.
  ///
  /// - Throws: `CommandFailure` with `inputMissing` when there is no such file, `badData` when it is not a plain one.
  static func size(of path: FilePath) throws(CommandFailure) -> UInt64 {
    let name = Printable.text(path.string)
    var status = stat()
    guard stat(path.string, &status) == 0 else {
      let code = errno
      let isMissing = code == ENOENT || code == ENOTDIR
      throw CommandFailure(
        isMissing ? .inputMissing : .localIO,
        isMissing ? "\(name): there is no such file" : "\(name): \(Errno(rawValue: code))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw CommandFailure(.badData, "\(name) is no plain file; name the data file itself")
    }
    return UInt64(status.st_size)
  }

  /// Reads standard input to its end, or its first `limit` bytes.
  ///
  /// - Throws: `CommandFailure` with `localIO` when it cannot be read.
  static func readStandardInput(upTo limit: Int) throws(CommandFailure) -> [UInt8] {
    do {
      return try content(of: .standardInput, upTo: limit)
    } catch {
      throw CommandFailure(.localIO, "standard input cannot be read: \(error); give it a file or a pipe")
    }
  }

  private static func content(of file: FileDescriptor, upTo limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit {
      let room = min(65536, limit - bytes.count)
      let chunk = try [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }
}

/// What was read from a file or, named `-`, from standard input.
struct NamedInput {
  /// The name as findings show it.
  let name: String
  let bytes: [UInt8]

  /// Reads the whole input, or its first `limit` bytes.
  ///
  /// - Throws: `CommandFailure` as ``InputFile`` does.
  init(_ name: String, upTo limit: Int) throws(CommandFailure) {
    let isStandardInput = name == "-"
    self.name = isStandardInput ? "<stdin>" : name
    bytes =
      isStandardInput
      ? try InputFile.readStandardInput(upTo: limit) : try InputFile.read(FilePath(name), upTo: limit)
  }
}
