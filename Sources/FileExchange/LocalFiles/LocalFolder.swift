internal import CSystemShim
internal import FilsluseBase
import Glibc
package import SystemPackage

/// An open local folder; names in it are reached without following symbolic links. Its calls block.
///
/// The corresponding C functions are `mkdir`, `openat`, `renameat2`, `unlinkat`, `fstatat`, `fsync`.
final class LocalFolder: Sendable {
  let fileDescriptor: Int32
  let path: FilePath

  /// Opens a folder and makes it (0700) first where it is missing, with the folders above it.
  convenience init(creating path: FilePath) throws(ExchangeError) {
    try Self.create(path)
    try self.init(opening: path)
  }

  /// Opens a folder that is there.
  init(opening path: FilePath) throws(ExchangeError) {
    self.path = path
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    guard fileDescriptor >= 0 else {
      let code = errno
      var status = stat()
      let isLink = lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
      throw isLink ? Self.isLink(path) : LocalFile.failure("open folder", path, code)
    }
  }

  private init(_ path: FilePath, fileDescriptor: Int32) {
    self.path = path
    self.fileDescriptor = fileDescriptor
  }

  deinit { close(fileDescriptor) }

  private static func create(_ path: FilePath) throws(ExchangeError) {
    if mkdir(path.string, 0o700) == 0 { return try synchronizeFolder(above: path) }
    if errno == EEXIST { return }
    guard errno == ENOENT, !path.removingLastComponent().isEmpty, path != path.removingLastComponent() else {
      throw LocalFile.failure("make folder", path, errno)
    }
    try create(path.removingLastComponent())
    guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { throw LocalFile.failure("make folder", path, errno) }
    try synchronizeFolder(above: path)
  }

  /// A synced file in a new folder is only safe when the folder's own name is on the disk, too.
  private static func synchronizeFolder(above path: FilePath) throws(ExchangeError) {
    let above = path.removingLastComponent()
    let opened = filsluse_openat(AT_FDCWD, above.isEmpty ? "." : above.string, O_RDONLY | O_DIRECTORY, 0)
    guard opened >= 0 else {
      // A folder that we may write to but not read cannot be synced.
      if errno == EACCES { return }
      throw LocalFile.failure("open folder", above, errno)
    }
    defer { close(opened) }
    guard fsync(opened) == 0 else { throw LocalFile.failure("fsync folder", above, errno) }
  }

  /// Opens a folder inside this one, and creates a missing one (0700); the path of this folder may lead elsewhere by
  /// now.
  func subfolder(_ name: String) throws(ExchangeError) -> LocalFolder {
    let path = path.appending(name)
    if mkdirat(fileDescriptor, name, 0o700) == 0 {
      try synchronize()
    } else if errno != EEXIST {
      throw LocalFile.failure("make folder", path, errno)
    }
    let opened = filsluse_openat(fileDescriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    guard opened >= 0 else {
      let code = errno
      var status = stat()
      let isLink =
        fstatat(fileDescriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
      throw isLink ? Self.isLink(path) : LocalFile.failure("open folder", path, code)
    }
    return LocalFolder(path, fileDescriptor: opened)
  }

  /// Returns a folder inside this one that belongs to the running user; a missing one is created (0700). A folder of
  /// another user in its place would give that user our files.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` if it is a symbolic link, another user's, or world-writable.
  func ownSubfolder(_ name: String) throws(ExchangeError) -> LocalFolder {
    let own = try subfolder(name)
    try own.requireOwn()
    return own
  }

  /// Checks that the folder belongs to the running user.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` if it is another user's, or world-writable.
  func requireOwn() throws(ExchangeError) {
    let owner = try status().st_uid
    guard owner == geteuid() else {
      throw ExchangeError(
        .localFile, operation: "open folder", path: path.string,
        message: "it belongs to another user (\(owner)), and the running one is \(geteuid())",
        remedy: "see who made it; run as that user, give it to the running one (chown), or remove it"
      ).inDanish(
        "Mappen \(path) hører til en anden bruger (\(owner)), og den kørende er \(geteuid()). Se, hvem der har lavet den; kør som den bruger, giv mappen til den kørende (chown), eller fjern den."
      )
    }
    try requirePrivacy()
  }

  /// Returns true if users other than its owner may put files here.
  func isShared() throws(ExchangeError) -> Bool { try status().st_mode & 0o022 != 0 }

  /// Checks that no user can remove or replace the files of others here.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the folder is world-writable without a sticky bit.
  func requireStickyIfPublic() throws(ExchangeError) {
    let mode = try status().st_mode
    guard mode & 0o002 == 0 || mode & 0o1000 != 0 else {
      throw ExchangeError(
        .localFile, operation: "open folder", path: path.string,
        message: "everybody may write into it, and replace what others put there",
        remedy: "keep strangers out (chmod o-w), or make it a shared drop folder (chmod +t)"
      ).inDanish(
        "Alle kan skrive i mappen \(path) og skifte andres filer ud. Luk fremmede ude (chmod o-w), eller gør den til en fælles afleveringsmappe (chmod +t)."
      )
    }
  }

  func status() throws(ExchangeError) -> stat {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else { throw LocalFile.failure("stat", path, errno) }
    return status
  }

  private static func isLink(_ path: FilePath) -> ExchangeError {
    ExchangeError(
      .localFile, operation: "open folder", path: path.string, message: "it is a symbolic link, which is not followed",
      remedy: "see who put it there; put a real folder in its place, or name the folder that it leads to"
    ).inDanish(
      "\(path) er et symbolsk link, som ikke følges. Se, hvem der har lagt det; læg en rigtig mappe i stedet, eller angiv den mappe, det fører til."
    )
  }

  /// Checks that no other user can add or remove files here.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` if the folder is world-writable.
  func requirePrivacy() throws(ExchangeError) {
    guard try status().st_mode & 0o002 == 0 else {
      throw ExchangeError(
        .localFile, operation: "open folder", path: path.string, message: "everybody may write into it",
        remedy: "keep strangers out: chmod o-w"
      ).inDanish("Alle kan skrive i mappen \(path). Luk fremmede ude: chmod o-w.")
    }
  }

  /// Returns true if an entry has that name here, a dangling link included.
  func contains(_ name: String) throws(ExchangeError) -> Bool {
    var status = stat()
    if fstatat(fileDescriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return true }
    guard errno == ENOENT else { throw LocalFile.failure("stat", path.appending(name), errno) }
    return false
  }

  /// Moves a file to a folder under a new name; false when something has that name there already.
  func move(_ name: String, to folder: LocalFolder, as newName: String) throws(ExchangeError) -> Bool {
    if filsluse_rename_exclusively(fileDescriptor, name, folder.fileDescriptor, newName) == 0 { return true }
    if errno == EEXIST { return false }
    throw LocalFile.failure("rename", path.appending(name), errno)
  }

  /// Renames a file here in one step to the name of another, which it replaces. The other one may be missing.
  func replace(_ name: String, with newer: String) throws(ExchangeError) {
    guard renameat(fileDescriptor, newer, fileDescriptor, name) == 0 else {
      throw LocalFile.failure("rename", path.appending(newer), errno)
    }
  }

  /// Creates a hard link to a file here, unless the new name exists; returns false if the file system has no hard
  /// links.
  func link(_ name: String, as other: String) throws(ExchangeError) -> Bool {
    if linkat(fileDescriptor, name, fileDescriptor, other, 0) == 0 || errno == EEXIST { return true }
    guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK].contains(errno) else {
      throw LocalFile.failure("link", path.appending(name), errno)
    }
    return false
  }

  /// Removes a file that is seldom there. It looks first: a removal keeps all others in the folder waiting, even one of
  /// nothing.
  func clear(_ name: String) throws(ExchangeError) { if try contains(name) { try remove(name) } }

  /// Removes a file; a missing one is no error.
  func remove(_ name: String) throws(ExchangeError) {
    guard unlinkat(fileDescriptor, name, 0) == 0 || errno == ENOENT else {
      throw LocalFile.failure("remove", path.appending(name), errno)
    }
  }

  /// Returns when the folder's entries are on the disk.
  func synchronize() throws(ExchangeError) {
    guard fsync(fileDescriptor) == 0 else { throw LocalFile.failure("fsync folder", path, errno) }
  }

  /// Returns true if the file of that name is a regular one with exactly this content.
  func holds(_ content: [UInt8], under name: String) throws(ExchangeError) -> Bool {
    let file = try LocalFile(name, in: self, flags: O_RDONLY)
    guard try file.status().size == UInt64(content.count) else { return false }
    return try file.digest() == SHA256.digest(of: content)
  }

  /// The bytes that the file system has left for an ordinary user.
  func freeBytes() throws(ExchangeError) -> UInt64 {
    var status = statvfs()
    guard fstatvfs(fileDescriptor, &status) == 0 else { throw LocalFile.failure("look at the disk", path, errno) }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize)
  }

  /// The bytes that a folder's file system has left for an ordinary user.
  static func freeBytes(at path: FilePath) throws(ExchangeError) -> UInt64 {
    var status = statvfs()
    guard statvfs(path.isEmpty ? "." : path.string, &status) == 0 else {
      throw LocalFile.failure("look at the disk", path, errno)
    }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize)
  }
}

extension FilePath {
  /// The absolute path, which means the same to a program in another working folder.
  package var absolute: FilePath {
    guard !isAbsolute, let here = getcwd(nil, 0) else { return self }
    defer { free(here) }
    return FilePath(platformString: here).pushing(self)
  }
}
