internal import CSystemShim
import Glibc
package import SystemPackage

/// Writes a file so that its name shows a complete file on the disk, or none.
///
/// The content is written under a hidden name in the same folder, synced, and renamed. An existing file stays unless it
/// is to be replaced; an input of the same work is never replaced, by whatever path or link it is named. Replacing a
/// link leaves its target as it is.
package enum NewFile {
  /// Writes a file.
  ///
  /// - Parameters:
  ///   - isReplacing: true to allow replacing a plain file of that name.
  ///   - inputs: files that the same work reads.
  ///   - permissions: the permissions of a new file.
  ///   - isKeepingOwner: true to keep a replaced file's owner, group and permissions. If the system does not allow
  ///     that, the old file stays.
  ///   - fill: writes the content, by the open file or by its hidden path.
  /// - Throws: ``NewFileError``; nothing is left behind then.
  package static func write(
    to path: FilePath, replacing isReplacing: Bool = false, sparing inputs: [FilePath] = [],
    permissions: UInt32 = 0o644, keepingOwner isKeepingOwner: Bool = false,
    _ fill: (FileDescriptor, FilePath) throws -> Void
  ) throws(NewFileError) {
    guard let name = path.lastComponent, name.kind == .regular else { throw .unfit("it is a folder") }
    try check(path, replacing: isReplacing, sparing: inputs)
    let parent = path.removingLastComponent().isEmpty ? "." : path.removingLastComponent()
    let folder = parent.withPlatformString { filsluse_openat(AT_FDCWD, $0, O_RDONLY | O_DIRECTORY, 0) }
    guard folder >= 0 else { throw .failed("open its folder", Errno(rawValue: errno)) }
    defer { close(folder) }
    let draft = Draft.newName()
    let replaced = isKeepingOwner ? status(of: path) : nil
    let file = filsluse_openat(
      folder, draft, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, replaced == nil ? permissions : 0o600)
    guard file >= 0 else { throw .failed("make it in \(parent)", Errno(rawValue: errno)) }
    // It tells other machines and containers that the draft is in use; not every file system has such locks.
    _ = flock(file, LOCK_EX | LOCK_NB)
    do {
      try FileDescriptor(rawValue: file).closeAfter {
        try fill(FileDescriptor(rawValue: file), parent.appending(draft))
        if let replaced { try keepOwner(of: replaced, on: file) }
        if fsync(file) != 0 { throw Errno(rawValue: errno) }
      }
      // Another process may have put a file there since the first check.
      if isReplacing { try check(path, replacing: true, sparing: inputs) }
      try name.withPlatformString { try place(draft, in: folder, as: $0, replacing: isReplacing) }
      if fsync(folder) != 0 { throw Errno(rawValue: errno) }
    } catch let error as NewFileError {
      unlinkat(folder, draft, 0)
      throw error
    } catch let error as Errno {
      unlinkat(folder, draft, 0)
      throw .failed("write", error)
    } catch {
      unlinkat(folder, draft, 0)
      throw .content(error)
    }
  }

  /// Removes the drafts that killed processes have left in a folder. A draft whose process lives, or that is locked,
  /// stays, and so does everything that cannot be looked at or removed.
  package static func removeAbandonedDrafts(in path: FilePath) {
    let folder = (path.isEmpty ? "." : path).withPlatformString {
      filsluse_openat(AT_FDCWD, $0, O_RDONLY | O_DIRECTORY, 0)
    }
    guard folder >= 0 else { return }
    guard let stream = fdopendir(folder) else {
      close(folder)
      return
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let draft = Draft(name), draft.isAbandoned(in: folder) { unlinkat(folder, name, 0) }
    }
  }

  private static func check(_ path: FilePath, replacing: Bool, sparing inputs: [FilePath]) throws(NewFileError) {
    var status = stat()
    guard path.withPlatformString({ stat($0, &status) }) == 0 else {
      let code = errno
      guard code == ENOENT || code == ELOOP else { throw .failed("look at it", Errno(rawValue: code)) }
      // A link that leads nowhere is something, too.
      if path.withPlatformString({ lstat($0, &status) }) == 0, !replacing { throw .taken }
      return
    }
    let identity = FileIdentity(status)
    for input in inputs where (try? FileIdentity(of: input)) == identity { throw .isInput(input) }
    do throws(PlainFileError) { try PlainFile.check(status) } catch { throw .unfit(error.description) }
    if !replacing { throw .taken }
  }

  /// The status of the file that a path leads to; `nil` where there is none.
  private static func status(of path: FilePath) -> stat? {
    var status = stat()
    return path.withPlatformString({ stat($0, &status) }) == 0 ? status : nil
  }

  /// Gives a draft the owner, group and permissions of the file that it will replace.
  private static func keepOwner(of replaced: stat, on draft: Int32) throws(NewFileError) {
    var own = stat()
    guard fstat(draft, &own) == 0 else { throw .failed("look at it", Errno(rawValue: errno)) }
    let isSame = own.st_uid == replaced.st_uid && own.st_gid == replaced.st_gid
    guard isSame || fchown(draft, replaced.st_uid, replaced.st_gid) == 0 else {
      throw .ownerNotKept(user: replaced.st_uid, group: replaced.st_gid, Errno(rawValue: errno))
    }
    // A change of owner takes permission bits away, so these come last.
    guard fchmod(draft, replaced.st_mode & 0o777) == 0 else {
      throw .failed("set its permissions", Errno(rawValue: errno))
    }
  }

  private static func place(
    _ draft: String, in folder: Int32, as name: UnsafePointer<CChar>, replacing: Bool
  ) throws(NewFileError) {
    if replacing {
      guard renameat(folder, draft, folder, name) == 0 else { throw .failed("rename", Errno(rawValue: errno)) }
      return
    }
    if filsluse_rename_exclusively(folder, draft, folder, name) == 0 { return }
    switch errno {
    case EEXIST: throw .taken
    // File systems that know no such rename know links, as a rule.
    case EINVAL, ENOSYS, EOPNOTSUPP:
      guard linkat(folder, draft, folder, name, 0) == 0 else {
        throw errno == EEXIST ? .taken : .failed("rename", Errno(rawValue: errno))
      }
      unlinkat(folder, draft, 0)
    default: throw .failed("rename", Errno(rawValue: errno))
    }
  }
}

/// The hidden file that a new file's content is written to. Its name holds the number of its process.
private struct Draft {
  private static let (start, end) = (".filsluse-", ".part")

  private let name: String
  private let process: pid_t

  static func newName() -> String { "\(start)\(getpid())-\(UInt32.random(in: 0...(.max)))\(end)" }

  /// `nil` for a name that no draft has.
  init?(_ name: String) {
    guard name.hasPrefix(Self.start), name.hasSuffix(Self.end), name.count > Self.start.count + Self.end.count else {
      return nil
    }
    let numbers = name.dropFirst(Self.start.count).dropLast(Self.end.count)
      .split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let process = pid_t(numbers[0]), process > 0, UInt32(numbers[1]) != nil else {
      return nil
    }
    (self.name, self.process) = (name, process)
  }

  /// True if its process has ended and nobody has it locked.
  func isAbandoned(in folder: Int32) -> Bool {
    guard kill(process, 0) != 0, errno == ESRCH else { return false }
    let file = filsluse_openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return flock(file, LOCK_EX | LOCK_NB) == 0
  }
}

/// The reason why a file was not written. An existing file is unchanged.
package enum NewFileError: Error, CustomStringConvertible {
  /// Something has the name.
  case taken
  /// The target is an input of the same work.
  case isInput(FilePath)
  /// The name belongs to something other than a regular file.
  case unfit(String)
  /// The new file cannot be given the owner and group of the old one.
  case ownerNotKept(user: UInt32, group: UInt32, Errno)
  case failed(String, Errno)
  /// The content could not be made.
  case content(any Error)

  package var description: String {
    switch self {
    case .taken: "something has that name already"
    case .isInput(let input): "it is \(input) itself, which this command reads"
    case .unfit(let what): what
    case .ownerNotKept(let user, let group, let code):
      "it belongs to user \(user) and group \(group), which a new file cannot be given: \(code)"
    case .failed(let operation, let code): "\(operation): \(code)"
    case .content(let error): "\(error)"
    }
  }

  /// The reason in Danish.
  package var inDanish: String {
    switch self {
    case .taken: "noget har allerede det navn"
    case .isInput(let input): "det er selve \(input), som kommandoen læser"
    case .unfit: "navnet hører til noget andet end en almindelig fil"
    case .failed(_, let code): code.inDanish
    case .ownerNotKept(let user, let group, _):
      "den kan ikke gives til bruger \(user) og gruppe \(group), som ejer filen"
    case .content(let error): (error as? Errno)?.inDanish ?? "\(error)"
    }
  }

  /// The remedy, for the user.
  package var remedy: String {
    switch self {
    case .taken, .isInput: "name a new file"
    case .unfit: "name a plain file"
    case .ownerNotKept: "run the command as that user or as root"
    case .failed(_, .noSpace), .failed(_, .diskQuotaExceeded): "make room on the disk and try again"
    case .failed, .content: "check the folder and its rights"
    }
  }
}
