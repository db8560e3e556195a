internal import CSystemShim
internal import FilsluseStore
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// A journal's file opened read-only: nothing is written to it, and no file is created beside it.
///
/// SQLite needs the log, its index and the locks beside a writable file. If no process can write, the file is opened as
/// immutable; if a process is writing, its files are used; otherwise a private copy is read.
struct ReadOnlyJournal {
  private let path: FilePath
  private let log: FilePath

  init(_ path: FilePath) {
    self.path = path
    log = FilePath(path.string + "-wal")
  }

  /// Returns true if the file or its folder must not be written: by its permissions, which are respected even if the
  /// user could override them, or by the disk.
  static func mustNotBeWritten(_ path: FilePath) -> Bool {
    guard let mode = mode(of: path) else { return false }
    let folder = path.removingLastComponent().isEmpty ? "." : path.removingLastComponent()
    let folderMode = Self.mode(of: folder) ?? 0o700
    return mode & 0o222 == 0 || folderMode & 0o222 == 0 || access(path.string, W_OK) != 0
      || access(folder.string, W_OK | X_OK) != 0
  }

  /// A connection that reads it.
  ///
  /// - Throws: ``ExchangeError``, or an error of SQLite's.
  func open() throws -> SQLiteFile {
    if isInUse { return try checked(SQLiteFile(reading: path, patience: .seconds(5))) }
    if nobodyCanWrite, SQLiteFile.canReadImmutably, !SQLiteFile.hasLog(beside: path) {
      return try checked(SQLiteFile(reading: path, isImmutable: true))
    }
    return try copied()
  }

  private func checked(_ file: SQLiteFile) throws -> SQLiteFile {
    guard try file.read(JournalSchema.isMade) else { throw NoJournal() }
    return file
  }

  /// True if a process of Filsluse has it open: each of them shares a lock in the file of claims.
  private var isInUse: Bool {
    let claims = Claims.file(beside: path)
    let descriptor = filsluse_openat(AT_FDCWD, claims.string, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return filsluse_is_locked_byte(descriptor, JournalLock.byte) == 1
  }

  private var nobodyCanWrite: Bool {
    var disk = statvfs()
    let isReadOnlyDisk = statvfs(path.string, &disk) == 0 && disk.f_flag & UInt(ST_RDONLY) != 0
    return isReadOnlyDisk || Self.mode(of: path).map { $0 & 0o222 == 0 } ?? false
  }

  /// Copies the file with its log, as they were at one moment. The copy has no name any more when this returns.
  private func copied() throws -> SQLiteFile {
    let folder = try PrivateFolder()
    defer { folder.remove() }
    let copy = folder.path.appending("journal.sqlite")
    var attempts = 5
    while true {
      let before = [FileVersion(of: path), FileVersion(of: log)]
      try LocalFile(reading: path).copyContent(to: copy)
      if before[1] != nil { try LocalFile(reading: log).copyContent(to: FilePath(copy.string + "-wal")) }
      if before == [FileVersion(of: path), FileVersion(of: log)] { break }
      attempts -= 1
      guard attempts > 0 else {
        throw ExchangeError(
          .journal, operation: "read the journal", path: path.string, message: "it is being written all the time",
          remedy: "read it as the user that writes it, or read a copy\(by: .backUpJournal)"
        ).inDanish(
          ("Journalen (\(path)) bliver skrevet hele tiden. Læs den som den bruger, der skriver den, eller læs en kopi\(by: .backUpJournal)."
            as Remedy).inDanish)
      }
    }
    let content = try checked(SQLiteFile(writing: copy))
    // The copy is not written again, so it needs no file beside it.
    try content.run(script: "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = MEMORY")
    return content
  }

  private static func mode(of path: FilePath) -> mode_t? {
    var status = stat()
    return stat(path.string, &status) == 0 ? status.st_mode : nil
  }
}

/// A new folder that only its maker can look into.
private struct PrivateFolder {
  let path: FilePath

  init() throws(ExchangeError) {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    let template = FilePath(parent.isEmpty ? "/tmp" : parent).appending("filsluse-XXXXXX")
    var name = Array(template.string.utf8CString)
    guard mkdtemp(&name) != nil else { throw LocalFile.failure("make folder", template, errno) }
    path = FilePath(String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
  }

  /// Removes the copy's names; open files stay readable.
  func remove() {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path.appending("journal.sqlite" + suffix).string) }
    rmdir(path.string)
  }
}
