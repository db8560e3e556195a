import Glibc
internal import FilsluseBase
public import SystemPackage

extension RouteRegister {
  /// Appends lines to the record beside a list, and creates a missing record.
  ///
  /// When this returns, all lines are on the disk; if it throws, none is. A line cut off by a power failure is ignored
  /// and stays in the file. Writers wait for each other by a file lock. A record created by root gets the list's owner,
  /// unless its path is a symbolic link.
  ///
  /// - Parameters:
  ///   - entries: the entries, in the order of the events.
  ///   - list: the list of the record.
  /// - Throws: ``RecordWriteError``; then nothing is recorded.
  public static func record(_ entries: [RecordedEntry], of list: FilePath) throws(RecordWriteError) {
    guard !entries.isEmpty else { return }
    let path = record(of: list)
    let parent = path.removingLastComponent().isEmpty ? "." : path.removingLastComponent()
    do {
      let file = try FileDescriptor.open(
        path, .readWrite, options: [.append, .create, .nonBlocking, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Errno.invalidArgument }
        guard flock(file.rawValue, LOCK_EX) == 0, fstat(file.rawValue, &status) == 0 else {
          throw Errno(rawValue: errno)
        }
        if status.st_size == 0 { try RecordFile.keepOwner(of: list, on: file, at: path) }
        try append(
          RecordFile.text(of: entries, after: try RecordFile.end(of: file, status)), to: file, at: status.st_size)
        if status.st_size == 0 {
          let folder = try FileDescriptor.open(parent, .readOnly, options: [.directory, .closeOnExec])
          try folder.closeAfter { if fsync(folder.rawValue) != 0 { throw Errno(rawValue: errno) } }
        }
      }
    } catch {
      throw RecordWriteError(path: path, cause: (error as? Errno) ?? .ioError)
    }
  }

  /// Appends a whole text; after an error, removes the part already written.
  private static func append(_ text: String, to file: FileDescriptor, at end: off_t) throws {
    do {
      try file.writeAll(Array(text.utf8))
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
    } catch {
      _ = ftruncate(file.rawValue, end)
      throw error
    }
  }
}

/// The end of the record's file.
private enum RecordFile {
  /// The ends that a record can have.
  enum End {
    case empty, whole, torn
  }

  static func end(of file: FileDescriptor, _ status: stat) throws -> End {
    guard status.st_size > 0 else { return .empty }
    var last: UInt8 = 0
    let got = try withUnsafeMutableBytes(of: &last) { buffer in
      try file.read(fromAbsoluteOffset: Int64(status.st_size - 1), into: buffer)
    }
    return got == 1 && last == UInt8(ascii: "\n") ? .whole : .torn
  }

  /// Gives a record created by root the owner and group of its list, so that the list's owner can go on with it. The
  /// target of a link keeps its owner: anyone who can write in the folder could point the link at any empty file.
  static func keepOwner(of list: FilePath, on record: FileDescriptor, at path: FilePath) throws {
    var status = stat()
    var named = stat()
    guard geteuid() == 0, lstat(path.string, &named) == 0, named.st_mode & S_IFMT == S_IFREG,
      stat(list.string, &status) == 0
    else { return }
    guard fchown(record.rawValue, status.st_uid, status.st_gid) == 0 else { throw Errno(rawValue: errno) }
  }

  static func text(of entries: [RecordedEntry], after end: End) -> String {
    let start =
      switch end {
      case .empty: RecordText.heading
      case .whole: ""
      // It stays, and still does not count.
      case .torn: "\n" + RecordText.uncounted
      }
    return start + entries.map(RecordText.line).joined()
  }
}

/// The error for a record that nothing was added to.
public struct RecordWriteError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The record's file.
  public let path: FilePath
  /// The system's reason.
  public let cause: Errno

  /// True if the same call may succeed later, without a change of rights or paths.
  public var mayTryAgain: Bool { [.noSpace, .diskQuotaExceeded, .ioError, .interrupted].contains(cause) }

  /// The file, the reason and the remedy in one line.
  public var description: String {
    "\(path): nothing was recorded: \(cause); \(remedy)"
  }

  /// The remedy.
  package var remedy: String {
    mayTryAgain ? "make room on the disk and try again" : "check the folder and its rights"
  }
}
