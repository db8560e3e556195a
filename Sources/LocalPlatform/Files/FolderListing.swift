import Glibc
import SystemPackage

/// The names in a folder, as bytes: a client may have put anything there.
enum FolderListing {
  static func names(in folder: FilePath) throws(PlatformError) -> [[UInt8]] {
    guard let stream = folder.withPlatformString({ opendir($0) }) else {
      throw .file(errno, .list, folder)
    }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8), name != Array("..".utf8) { names.append(name) }
    }
    return names
  }
}

/// The properties of a file, without following a symbolic link.
struct FileState: Equatable {
  let isRegular: Bool
  let size: UInt64
  let changed: Nanoseconds

  /// `nil` where there is nothing by that name.
  init?(_ path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return nil }
    isRegular = status.st_mode & S_IFMT == S_IFREG
    size = UInt64(max(0, status.st_size))
    changed = Nanoseconds(status.st_mtim.tv_sec) * 1_000_000_000 + Nanoseconds(status.st_mtim.tv_nsec)
  }
}
