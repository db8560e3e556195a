internal import CSystemShim
package import FileExchange
internal import FilsluseBase
import Glibc
package import SystemPackage

/// Keeps a second watcher away from the same file: each notice would be sent twice, and each watcher would resolve the
/// other's findings.
///
/// The kernel gives the lock back however its holder ends.
final class WatchLock: Sendable {
  private let path: FilePath
  private let fileDescriptor: Int32

  /// Takes the lock of a watcher's database.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` if another watcher has it, or it cannot be created.
  init(on database: FilePath) throws(ExchangeError) {
    path = Self.file(beside: database)
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    guard fileDescriptor >= 0 else {
      let code = errno
      throw ExchangeError(
        .watchDatabase, operation: "begin to watch", path: path.string,
        message: String(cString: filsluse_error_text(code)),
        remedy: "give the running user the right to write there, or name another file under watch: database:"
      ).inDanish(detail: Errno(rawValue: code).inDanish)
    }
    // The descriptor is closed by `deinit`, which also runs after a throw from here: a second close would hit
    // another thread's file.
    guard filsluse_lock_byte(fileDescriptor, 0) == 0 else {
      throw ExchangeError(
        .watchDatabase, operation: "begin to watch", path: database.string,
        message: "another watcher is at work with this file",
        remedy: "end that one first, or name another file under watch: database:"
      ).inDanish(
        detail: "en anden overvågning arbejder med den; stop den først, eller angiv en anden fil i watch: database:")
    }
  }

  private static func file(beside database: FilePath) -> FilePath { FilePath(database.string + ".lock") }

  /// Returns true if a watcher has the lock of a watch's database. Nothing is made.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` where that cannot be seen.
  static func isHeld(on database: FilePath) throws(ExchangeError) -> Bool {
    let path = file(beside: database)
    let descriptor = filsluse_openat(AT_FDCWD, path.string, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    if descriptor < 0, errno == ENOENT { return false }
    defer { if descriptor >= 0 { close(descriptor) } }
    let answer = descriptor < 0 ? -1 : filsluse_is_locked_byte(descriptor, 0)
    guard answer >= 0 else {
      throw ExchangeError(
        .watchDatabase, operation: "see whether a watcher runs", path: path.string,
        message: String(cString: filsluse_error_text(errno)), remedy: "run it as the watcher's user")
    }
    return answer == 1
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

extension WatchDatabase {
  /// Returns true if a watcher of this machine is at work with a database.
  ///
  /// - Throws: `ExchangeError` with code `watchDatabase` where that cannot be seen.
  package static func hasWatcher(_ path: FilePath) throws(ExchangeError) -> Bool { try WatchLock.isHeld(on: path) }
}
