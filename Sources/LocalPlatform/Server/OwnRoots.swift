import Glibc
import SystemPackage

/// The conditions under which sshd can make a user's folder the root of their sessions (`ChrootDirectory`).
enum OwnRoots {
  /// Returns the reason why it cannot for folders in `folder`; `nil` where it can.
  static func obstacle(in folder: FilePath) -> String? {
    guard geteuid() == 0 else { return "only root can give each user a root of their own" }
    var path = folder
    while true {
      var status = stat()
      guard stat(path.string, &status) == 0 else { return "\(path) cannot be looked at" }
      guard status.st_uid == 0, status.st_mode & 0o022 == 0 else {
        return "\(path) may be changed by others than root, and sshd then gives nobody a root of their own below it"
      }
      guard path.removeLastComponent() else { return nil }
    }
  }
}
