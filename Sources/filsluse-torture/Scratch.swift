import FoundationEssentials
import Glibc
import SystemPackage

/// A folder to work in: in memory where there is such a place, for nothing here proves anything about disks.
enum Scratch {
  static func with<Result>(_ named: String?, _ body: (FilePath) async throws -> Result) async throws -> Result {
    let memory = "/dev/shm"
    let base = access(memory, W_OK) == 0 && hasRoom(memory) ? memory : FileManager.default.temporaryDirectory.path
    let folder = named.map { FilePath($0) } ?? FilePath(base).appending("filsluse-torture-\(getpid())")
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    defer { if named == nil { try? FileManager.default.removeItem(atPath: folder.string) } }
    return try await body(folder)
  }

  /// Containers have little memory there.
  private static func hasRoom(_ folder: String) -> Bool {
    var status = statvfs()
    return statvfs(folder, &status) == 0 && UInt64(status.f_bavail) * UInt64(status.f_frsize) > 2 << 30
  }
}
