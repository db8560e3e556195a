import Glibc
import SystemPackage

/// A local file that a command writes: there whole, or as it was.
enum OutputFile {
  /// Writes beside the file, then puts it in its place: a trigger that somebody fetches half is worse than none.
  ///
  /// - Throws: `CommandFailure` with `localIO`.
  static func write(_ bytes: [UInt8], to path: FilePath) throws(CommandFailure) {
    let draft = FilePath("\(path).\(getpid()).part")
    do {
      let file = try FileDescriptor.open(
        draft, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter {
        try file.writeAll(bytes)
        if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
      }
      if rename(draft.string, path.string) != 0 { throw Errno(rawValue: errno) }
    } catch {
      unlink(draft.string)
      throw CommandFailure(
        .localIO, "\(Printable.text(path.string)) cannot be written: \(error); check the folder and its rights")
    }
  }
}
