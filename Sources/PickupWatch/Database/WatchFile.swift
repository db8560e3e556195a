import Glibc
internal import SystemPackage

/// The file in which the watcher keeps what it has seen and its alerts.
enum WatchFile {
  /// Makes an empty file (0600) where there is none, so that no other user can ever read it.
  ///
  /// An existing file is never opened here: closing it would release all locks that SQLite holds on it in this process,
  /// and the next process to use the file would remove the log that is in use.
  static func createIfMissing(_ path: FilePath) throws {
    let made = open(path.string, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if made >= 0 {
      close(made)
      return
    }
    guard errno == EEXIST else { throw Errno(rawValue: errno) }
    var status = stat()
    guard stat(path.string, &status) == 0 else { throw Errno(rawValue: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw NoRegularFile() }
  }
}

struct NoRegularFile: Error, CustomStringConvertible {
  var description: String { "it is no regular file, but a folder, device or pipe" }
}
