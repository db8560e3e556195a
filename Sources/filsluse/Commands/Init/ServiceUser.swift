import Glibc
import SystemPackage

/// The service's user in a set-up by root: the owner of the folder; if that is root, the user of the folder's group, as
/// with the package's `/etc/filsluse` (`root:filsluse`).
struct ServiceUser {
  /// The user's number.
  let user: uid_t
  /// The user's name.
  let name: String
  private let group: gid_t
  /// The user's home.
  let home: FilePath
  /// True if the folder is root's and the service only reads it.
  let onlyReads: Bool

  /// `nil` where the running user is not root, and where owner and group of the folder are root.
  init?(of folder: FilePath) {
    var status = stat()
    guard geteuid() == 0, stat(folder.isEmpty ? "." : folder.string, &status) == 0 else { return nil }
    let found: passwd?
    if status.st_uid != 0 {
      found = getpwuid(status.st_uid)?.pointee
    } else if status.st_gid != 0, let name = getgrgid(status.st_gid)?.pointee.gr_name {
      found = getpwnam(name)?.pointee
    } else {
      found = nil
    }
    guard let found, found.pw_uid != 0 else { return nil }
    (user, group, onlyReads) = (found.pw_uid, found.pw_gid, status.st_uid == 0)
    name = String(cString: found.pw_name)
    home = FilePath(String(cString: found.pw_dir))
  }

  /// True if owner, group and permissions of a file, and of the folders above it, let the service read it.
  func canRead(_ file: FilePath) -> Bool {
    guard let resolved = realpath(file.string, nil) else { return false }
    defer { free(resolved) }
    var path = FilePath(platformString: resolved)
    guard has(0o400, on: path) else { return false }
    while path.removeLastComponent() {
      guard has(0o100, on: path) else { return false }
    }
    return true
  }

  /// Returns true if the service has a right, given by the owner's bit, on a path.
  private func has(_ right: mode_t, on path: FilePath) -> Bool {
    var status = stat()
    guard stat(path.string, &status) == 0 else { return false }
    if status.st_uid == user { return status.st_mode & right != 0 }
    if groups.contains(status.st_gid) { return status.st_mode & (right >> 3) != 0 }
    return status.st_mode & (right >> 6) != 0
  }

  /// The groups that the user is in.
  private var groups: Set<gid_t> {
    var count: Int32 = 256
    var found = [gid_t](repeating: group, count: Int(count))
    guard getgrouplist(name, group, &found, &count) >= 0 else { return [group] }
    return Set(found.prefix(Int(count)))
  }

  /// Makes a new file readable for the service and root only.
  func share(_ file: FileDescriptor) throws(Errno) {
    guard fchown(file.rawValue, onlyReads ? 0 : user, group) == 0, fchmod(file.rawValue, 0o640) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  /// Gives a new file to the service only.
  func give(_ file: FileDescriptor, mode: mode_t) throws(Errno) {
    guard fchown(file.rawValue, user, group) == 0, fchmod(file.rawValue, mode) == 0 else {
      throw Errno(rawValue: errno)
    }
  }

  /// Makes a new folder readable for the service, and also writable unless the folder of the settings is root's.
  func share(folder: FilePath) throws(Errno) {
    try own(folder, by: onlyReads ? 0 : user, mode: onlyReads ? 0o750 : nil)
  }

  /// Gives a new file or folder to the service only.
  func give(_ path: FilePath, mode: mode_t) throws(Errno) {
    try own(path, by: user, mode: mode)
  }

  /// Changes the owner of a file or folder. A symbolic link is refused: the owner of the folder may have put it there.
  private func own(_ path: FilePath, by owner: uid_t, mode: mode_t?) throws(Errno) {
    let opened: FileDescriptor
    do {
      opened = try FileDescriptor.open(path, .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
    } catch {
      throw (error as? Errno) ?? .ioError
    }
    defer { close(opened.rawValue) }
    guard fchown(opened.rawValue, owner, group) == 0 else { throw Errno(rawValue: errno) }
    if let mode, fchmod(opened.rawValue, mode) != 0 { throw Errno(rawValue: errno) }
  }
}
