import FilsluseBase
import Glibc
public import SystemPackage

/// A file system of its own in memory, small enough to be filled.
public struct SmallDisk: Sendable {
  /// The mount point.
  public let folder: FilePath

  /// True if file systems can be mounted here: it takes root, and not every container allows it.
  public static let isPermitted: Bool = {
    guard geteuid() == 0, let folder = try? scratchFolder(named: "disk") else { return false }
    defer { rmdir(folder.string) }
    guard mount("none", folder.string, "tmpfs", 0, "size=64k") == 0 else { return false }
    return umount2(folder.string, Int32(MNT_DETACH)) == 0
  }()

  /// Runs `body` with a disk of so many bytes, mounted in a new folder below another.
  ///
  /// - Throws: `Errno` when there is none to be had, and what `body` throws.
  public static func with<Result>(
    bytes: Int, in parent: FilePath, _ body: (SmallDisk) async throws -> Result
  ) async throws -> Result {
    let disk = SmallDisk(folder: parent.appending("disk"))
    try makeFolder(disk.folder)
    guard mount("none", disk.folder.string, "tmpfs", 0, "size=\(bytes)") == 0 else { throw Errno(rawValue: errno) }
    // A process that still has a file open there keeps it until it is done.
    defer { umount2(disk.folder.string, Int32(MNT_DETACH)) }
    return try await body(disk)
  }

  /// The file that takes up the room.
  public var ballast: FilePath { folder.appending("ballast") }

  /// Makes room again.
  ///
  /// - Throws: `Errno` where there is no ballast.
  public func makeRoom() throws {
    guard unlink(ballast.string) == 0 else { throw Errno(rawValue: errno) }
  }
}
