package import Glibc
package import SystemPackage

/// Device and inode of a file or folder: two paths with the same ones name the same file.
package struct FileIdentity: Sendable, Hashable {
  package let device: UInt64
  package let inode: UInt64

  /// Creates the identity of the file with this status.
  package init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// The identity of an open file or folder.
  ///
  /// - Throws: `Errno` when the system gives no status.
  package init(of descriptor: FileDescriptor) throws(Errno) {
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
    self.init(status)
  }

  /// Looks up the identity of the file at a path; `nil` if there is none.
  ///
  /// - Parameter followingLink: true to follow a symbolic link at the path's end; false for the identity of the link.
  /// - Throws: `Errno` when the path cannot be looked up for any other reason.
  package init?(of path: FilePath, followingLink: Bool = true) throws(Errno) {
    var status = stat()
    let code = path.withPlatformString {
      (followingLink ? stat($0, &status) : lstat($0, &status)) == 0 ? 0 : errno
    }
    if code == ENOENT || code == ENOTDIR { return nil }
    guard code == 0 else { throw Errno(rawValue: code) }
    self.init(status)
  }
}
