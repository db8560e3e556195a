public import FilsluseBase
import Glibc
public import SystemPackage

extension DataSpecification {
  /// No specification has more bytes.
  private static let largest = 64 << 20

  /// The digests that were read, by path, each with the file as it was then.
  private static let known = Locked<[FilePath: (version: FileVersion, digest: SHA256Digest)]>([:])

  /// Returns the SHA-256 of a specification's file; `nil` where it cannot be read or is larger than 64 MiB. It blocks
  /// while it reads. A file that was not written to since it was read last is not read again: thousands of files go by
  /// one route.
  public static func digest(of file: FilePath) -> SHA256Digest? {
    let version = FileVersion(of: file)
    if let version, let last = known.withLock({ $0[file] }), last.version == version { return last.digest }
    guard let open = try? PlainFile.open(file) else { return nil }
    let bytes = try? open.closeAfter { try PlainFile.content(of: open, upTo: largest + 1) }
    guard let bytes, bytes.count <= largest else { return nil }
    let digest = SHA256.digest(of: bytes)
    if let version, version.isSettled, version == FileVersion(of: file) {
      known.withLock { $0[file] = (version, digest) }
    }
    return digest
  }
}

/// A file as its attributes show it: where they are the same, it was not written to.
private struct FileVersion: Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let size: Int64
  private let modified: [Int]
  private let changed: [Int]

  /// `nil` where there is no such file.
  init?(of path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }

  /// True if a further write would show: file systems keep times in steps, of up to two seconds.
  var isSettled: Bool { time(nil) - max(modified[0], changed[0]) > 3 }
}
