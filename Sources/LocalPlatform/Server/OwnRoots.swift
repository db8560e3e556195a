import Glibc
import SystemPackage
import TriggerFiles

/// The conditions under which sshd can make a user's folder the root of their sessions (`ChrootDirectory`).
enum OwnRoots {
  /// Returns the reason why it cannot for folders in `folder`; `nil` where it can.
  static func obstacle(in folder: FilePath) -> LocalizedText? {
    guard geteuid() == 0 else {
      return LocalizedText(
        "only root can give each user a root of their own", "kun root kan give hver bruger sin egen rod")
    }
    var path = folder
    while true {
      var status = stat()
      guard stat(path.string, &status) == 0 else {
        return LocalizedText("\(path) cannot be looked at", "\(path) kan ikke undersøges")
      }
      guard status.st_uid == 0, status.st_mode & 0o022 == 0 else {
        return LocalizedText(
          "\(path) may be changed by others than root, and sshd then gives nobody a root of their own below it",
          "\(path) kan ændres af andre end root, og så giver sshd ingen deres egen rod under den")
      }
      guard path.removeLastComponent() else { return nil }
    }
  }
}
