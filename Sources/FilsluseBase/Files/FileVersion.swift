import Glibc
package import SystemPackage

/// A file as its attributes show it: where identity, size and times are the same, it was not written to in between.
package struct FileVersion: Sendable, Hashable {
  private let identity: FileIdentity
  private let size: Int64
  private let modified: Moment
  /// The time of the last change of content or attributes, which no program can set.
  private let changed: Moment

  private struct Moment: Hashable {
    let seconds: Int
    let nanoseconds: Int

    init(_ time: timespec) { (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec) }
  }

  /// `nil` where there is no such file. A symbolic link is followed.
  package init?(of path: FilePath) {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else { return nil }
    identity = FileIdentity(status)
    size = Int64(status.st_size)
    modified = Moment(status.st_mtim)
    changed = Moment(status.st_ctim)
  }

  /// True if a further write would show: file systems keep times in steps, of up to two seconds.
  package var isSettled: Bool { time(nil) - max(modified.seconds, changed.seconds) > 3 }
}
