import Glibc
import SystemPackage

/// What was built beside this program, where it was built.
enum BuiltProducts {
  /// The command; `nil` when the product filsluse was not built.
  static var command: FilePath? { beside("filsluse") }
  /// The library that slows a process's disk down; `nil` when it was not built.
  static var faults: FilePath? { beside("libfilsluse-faults.so") }

  private static func beside(_ name: String) -> FilePath? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard readlink("/proc/self/exe", &buffer, buffer.count - 1) > 0 else { return nil }
    let path = FilePath(platformString: buffer).removingLastComponent().appending(name)
    return access(path.string, R_OK) == 0 ? path : nil
  }
}
