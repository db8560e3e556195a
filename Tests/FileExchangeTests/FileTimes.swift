import Glibc
import SystemPackage
import Testing

/// A file's access and modification times, to the nanosecond.
struct FileTimes {
  var accessed: timespec
  var modified: timespec

  init(of path: FilePath) throws {
    var status = stat()
    try #require(lstat(path.string, &status) == 0)
    (accessed, modified) = (status.st_atim, status.st_mtim)
  }

  /// So many seconds ago, both.
  init(secondsAgo seconds: Int) {
    let then = timespec(tv_sec: time(nil) - seconds, tv_nsec: 0)
    (accessed, modified) = (then, then)
  }

  func set(on path: FilePath) throws {
    let set = [accessed, modified].withUnsafeBufferPointer { utimensat(AT_FDCWD, path.string, $0.baseAddress, 0) }
    try #require(set == 0)
  }
}

/// Runs something that writes to a file, and gives the file its times back.
func keepingTimes(of path: FilePath, _ body: () throws -> Void) throws {
  let times = try FileTimes(of: path)
  try body()
  try times.set(on: path)
}
