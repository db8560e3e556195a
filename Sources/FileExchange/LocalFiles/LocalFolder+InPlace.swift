internal import FilsluseBase
import Glibc
internal import SystemPackage

/// Checks of an open folder: it may be moved away, and another one come under its path.
extension LocalFolder {
  /// The folder that was opened.
  var identity: FileIdentity {
    get throws(ExchangeError) { try LocalFile.identity(ofOpen: fileDescriptor, at: path) }
  }

  /// Checks that a folder's path exists; a symbolic link counts.
  ///
  /// - Throws: ``ExchangeError`` with code `folder-gone` if it does not, `local-file` if that is unknown.
  static func requirePresence(at path: FilePath) throws(ExchangeError) {
    if try LocalFile.identity(at: path, followingLink: false) == nil { throw gone(path) }
  }

  /// Checks that the path still leads to the opened folder.
  ///
  /// - Throws: ``ExchangeError`` with code `folder-gone` if it does not, `local-file` if that is unknown.
  func requireInPlace() throws(ExchangeError) {
    guard let there = try LocalFile.identity(at: path, followingLink: false) else { throw Self.gone(path) }
    guard try there == identity else {
      throw ExchangeError(
        .folderGone, operation: "use folder", path: path.string,
        message: "it is another folder than the one that was opened", remedy: "it is opened again")
    }
  }

  /// Checks that files can be moved into the folder and out of it.
  ///
  /// - Throws: ``ExchangeError`` with code `folder-gone` if the file system is read-only, or permissions are missing.
  func requireUsable() throws(ExchangeError) {
    // The effective user's rights, as every other call here takes them.
    guard faccessat(fileDescriptor, ".", R_OK | W_OK | X_OK, AT_EACCESS) == 0 else {
      let code = errno
      let failure = LocalFile.failure("use folder", path, code)
      throw ExchangeError(
        .folderGone, operation: "use folder", path: path.string, message: failure.message, remedy: failure.remedy
      ).inDanish("Mappen \(path) kan ikke bruges: \(Errno(rawValue: code).inDanish).")
    }
  }

  /// Returns true if files can be renamed into the other folder. Two mounts of one file system count as two places.
  func isOnMount(of other: LocalFolder) -> Bool {
    // `.` cannot be renamed, which the system says only after it has compared the mounts.
    rename([UInt8(ascii: ".")], to: other, as: [UInt8(ascii: ".")]) != EXDEV
  }

  /// The failure of a folder that has no entry at its path any more.
  static func gone(_ path: FilePath) -> ExchangeError {
    ExchangeError(
      .folderGone, operation: "use folder", path: path.string, message: "it is gone: removed, moved or not mounted",
      remedy: "put it back, mount it, or make it (mkdir); it is opened again then")
  }
}
