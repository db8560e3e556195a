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
      return try file.closeAfter {
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
    } catch {
      let missing = (error as? Errno) == .noSuchFileOrDirectory
      throw CommandFailure(
        missing ? .inputMissing : .localIO,
        missing ? "\(Printable.text(path.string)): there is no such file" : "\(Printable.text(path.string)): \(error)")
    }
  }
}
