import Glibc
import SystemPackage

/// The programs built beside this one, in the same folder.
enum BuiltProducts {
  /// This program.
  static var this: FilePath? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0 else { return nil }
    return FilePath(platformString: buffer)
  }
  /// The command; `nil` when the product filsluse was not built.
  static var command: FilePath? { beside("filsluse") }
  /// The library that slows a process's disk down; `nil` when it was not built.
  static var faults: FilePath? { beside("libfilsluse-faults.so") }

  private static func beside(_ name: String) -> FilePath? {
    guard let path = this?.removingLastComponent().appending(name) else { return nil }
    return access(path.string, R_OK) == 0 ? path : nil
  }
}
