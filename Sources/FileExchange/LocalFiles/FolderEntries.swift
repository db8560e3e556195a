internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// An entry of a local folder, read without following a symbolic link.
struct FolderEntry: Sendable, Equatable {
  /// The name's bytes, UTF-8 or not.
  let name: [UInt8]
  let isRegular: Bool
  let isFolder: Bool
  let status: LocalFile.Status
  /// The number of names (hard links) of the file, in this folder and anywhere.
  var links = 1
  /// The id of its file system.
  var device: UInt64 = 0

  /// Returns true if it is the given open folder.
  func isSame(as folder: LocalFolder) throws(ExchangeError) -> Bool {
    let identity = try folder.identity
    return isFolder && identity.inode == status.inode && identity.device == device
  }
}

extension LocalFolder {
  /// Calls `body` with each name here but `.` and `..`, in the folder's own order, until it returns false.
  ///
  /// No list is made: a folder may hold a million files.
  func forEachName(_ body: ([UInt8]) throws(ExchangeError) -> Bool) throws(ExchangeError) {
    let copy = filsluse_openat(fileDescriptor, ".", O_RDONLY | O_DIRECTORY, 0)
    guard copy >= 0, let stream = fdopendir(copy) else {
      let code = errno
      if copy >= 0 { close(copy) }
      throw LocalFile.failure("open folder", path, code)
    }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw LocalFile.failure("list", path, errno) }
        return
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name == [0x2E] || name == [0x2E, 0x2E] { continue }
      guard try body(name) else { return }
    }
  }

  /// Returns the entry with a name, `nil` when there is none.
  func entry(_ name: [UInt8]) throws(ExchangeError) -> FolderEntry? {
    var status = stat()
    let code = Self.withName(name) { fstatat(fileDescriptor, $0, &status, AT_SYMLINK_NOFOLLOW) == 0 ? 0 : errno }
    if code == ENOENT { return nil }
    guard code == 0 else { throw LocalFile.failure("stat", place(of: name), code) }
    return FolderEntry(
      name: name, isRegular: status.st_mode & S_IFMT == S_IFREG, isFolder: status.st_mode & S_IFMT == S_IFDIR,
      status: LocalFile.Status(
        size: UInt64(status.st_size), modifiedSeconds: status.st_mtim.tv_sec,
        modifiedNanoseconds: status.st_mtim.tv_nsec, inode: UInt64(status.st_ino)), links: Int(status.st_nlink),
      device: UInt64(status.st_dev))
  }

  /// Moves a file to a folder under a new name, never in place of another.
  ///
  /// - Returns: false when something has that name there already, or nothing has the old one any more.
  func move(_ name: [UInt8], to folder: LocalFolder, as newName: [UInt8]) throws(ExchangeError) -> Bool {
    let code = rename(name, to: folder, as: newName)
    if code == EEXIST || code == ENOENT { return false }
    guard code == 0 else { throw LocalFile.failure("rename", place(of: name), code) }
    return true
  }

  /// Renames a file exclusively; the error number, 0 where it succeeded.
  func rename(_ name: [UInt8], to folder: LocalFolder, as newName: [UInt8]) -> Int32 {
    Self.withName(name) { name in
      Self.withName(newName) { newName in
        filsluse_rename_exclusively(fileDescriptor, name, folder.fileDescriptor, newName) == 0 ? 0 : errno
      }
    }
  }

  /// Removes a file; a missing one is no error.
  func remove(_ name: [UInt8]) throws(ExchangeError) {
    let code = Self.withName(name) { unlinkat(fileDescriptor, $0, 0) == 0 ? 0 : errno }
    guard code == 0 || code == ENOENT else { throw LocalFile.failure("remove", place(of: name), code) }
  }

  /// Removes a folder that is empty; another stays.
  func removeIfEmpty(_ name: String) { unlinkat(fileDescriptor, name, AT_REMOVEDIR) }

  /// Creates an empty file (0600), unless the name exists.
  func createIfMissing(_ name: String) throws(ExchangeError) {
    let made = filsluse_openat(fileDescriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    if made >= 0 {
      close(made)
    } else if errno != EEXIST {
      throw LocalFile.failure("make", path.appending(name), errno)
    }
  }

  private func place(of name: [UInt8]) -> FilePath { path.appending(String(decoding: name, as: UTF8.self)) }

  static func withName(_ name: [UInt8], _ body: (UnsafePointer<CChar>) -> Int32) -> Int32 {
    (name.map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { $0.baseAddress.map(body) ?? EINVAL }
  }
}
