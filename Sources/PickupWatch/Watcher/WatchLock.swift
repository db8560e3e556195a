internal import CSystemShim
internal import FileExchange
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Keeps a second watcher away from the same file: each notice would be sent twice, and each watcher would resolve the
/// other's findings.
///
/// The kernel gives the lock back however its holder ends.
final class WatchLock: Sendable {
  private let path: FilePath
  private let fileDescriptor: Int32

  /// Takes the lock of a watch's database.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` when another watcher has it, or it cannot be made.
  init(on database: FilePath) throws(ExchangeError) {
    path = FilePath(database.string + ".lock")
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    guard fileDescriptor >= 0 else {
      throw ExchangeError(
        .watchDatabase, operation: "begin to watch", path: path.string,
        message: String(cString: filsluse_error_text(errno)),
        remedy: "give the running user the right to write there, or name another file under watch: database:")
    }
    // The descriptor is closed by `deinit`, which also runs after a throw from here: a second close would hit
    // another thread's file.
    guard filsluse_lock_byte(fileDescriptor, 0) == 0 else {
      throw ExchangeError(
        .watchDatabase, operation: "begin to watch", path: database.string,
        message: "another watcher is at work with this file",
        remedy: "end that one first, or name another file under watch: database:")
    }
  }

  /// True while the path is seen to lead to the file that is locked. Where it does not, a second watcher could begin.
  var isInPlace: Bool {
    guard let held = try? FileIdentity(of: FileDescriptor(rawValue: fileDescriptor)),
      let there = try? FileIdentity(of: path, followingLink: false)
    else { return false }
    return held == there
  }

  deinit {
    // By name: a program that is just being started may still hold a copy of the descriptor.
    _ = filsluse_unlock_byte(fileDescriptor, 0)
    close(fileDescriptor)
  }
}
