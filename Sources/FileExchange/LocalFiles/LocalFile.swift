internal import CSystemShim
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// An open local file. Its calls block: they belong on ``BlockingThreads``.
///
/// The corresponding C functions are `openat`, `fstat`, `pread`, `pwrite`, `fsync`, `ftruncate`.
final class LocalFile: Sendable {
  let fileDescriptor: Int32
  let path: FilePath

  /// The status of a file's content, without reading it.
  struct Status: Sendable, Equatable {
    let size: UInt64
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int
    let inode: UInt64
  }

  /// Opens a regular file for reading. Symbolic links in the path are followed: the user named it.
  init(reading path: FilePath) throws(ExchangeError) {
    self.path = path
    // Non-blocking, because opening a FIFO could block for ever.
    fileDescriptor = filsluse_openat(AT_FDCWD, path.string, O_RDONLY | O_NONBLOCK, 0)
    guard fileDescriptor >= 0 else { throw Self.failure("open", path, errno) }
    _ = try status()
  }

  /// Opens the file `name` in an open folder, never through a symbolic link.
  convenience init(_ name: String, in folder: LocalFolder, flags: Int32) throws(ExchangeError) {
    try self.init(Array(name.utf8), in: folder, flags: flags)
  }

  /// Opens the file by the bytes of its name, which need not be UTF-8.
  init(_ name: [UInt8], in folder: LocalFolder, flags: Int32) throws(ExchangeError) {
    path = folder.path.appending(String(decoding: name, as: UTF8.self))
    fileDescriptor = LocalFolder.withName(name) {
      filsluse_openat(folder.fileDescriptor, $0, flags | O_NOFOLLOW | O_NONBLOCK, 0o600)
    }
    guard fileDescriptor >= 0 else { throw errno == ELOOP ? Self.notPlain(path) : Self.failure("open", path, errno) }
    guard try mode() & S_IFMT == S_IFREG else { throw Self.notPlain(path) }
  }

  /// Checks that the file has no second name.
  ///
  /// - Throws: ``ExchangeError`` with code `second-name`.
  func requireSingleName() throws(ExchangeError) {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else { throw Self.failure("stat", path, errno) }
    guard status.st_nlink <= 1 else {
      throw ExchangeError(
        .secondName, operation: "open", path: path.string,
        message: "it has a second name (a hard link), by which it could be changed while it is sent",
        remedy: "remove the other name, or put a copy there")
    }
  }

  private func mode() throws(ExchangeError) -> mode_t {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else { throw Self.failure("stat", path, errno) }
    return status.st_mode
  }

  static func notPlain(_ path: FilePath) -> ExchangeError {
    ExchangeError(
      .notPlain, operation: "open", path: path.string,
      message: "it is a symbolic link, or no plain file; links are not followed there",
      remedy: "see who put it there, and remove it")
  }

  /// Creates a missing file, empty and with mode 0600; an existing one stays untouched and unopened.
  static func createIfMissing(_ path: FilePath) throws(ExchangeError) {
    let made = filsluse_openat(AT_FDCWD, path.string, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    if made >= 0 { close(made) } else if errno != EEXIST { throw failure("make", path, errno) }
  }

  deinit { close(fileDescriptor) }

  func status() throws(ExchangeError) -> Status {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else { throw Self.failure("stat", path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ExchangeError(
        .localFile, operation: "open", path: path.string, message: "it is not a regular file",
        remedy: "name a file, not a folder, device or pipe"
      ).inDanish("\(path) er ingen almindelig fil. Angiv en fil og ikke en mappe, en enhed eller et rør.")
    }
    return Status(
      size: UInt64(status.st_size), modifiedSeconds: status.st_mtim.tv_sec,
      modifiedNanoseconds: status.st_mtim.tv_nsec, inode: UInt64(status.st_ino))
  }

  /// Reads from `offset` until `buffer` is full or the file ends; returns the number of bytes read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(ExchangeError) -> Int {
    var filled = 0
    while filled < buffer.count, let start = buffer.baseAddress {
      let count = pread(fileDescriptor, start + filled, buffer.count - filled, off_t(offset) + off_t(filled))
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw Self.failure("read", path, errno)
      }
      filled += count
    }
    return filled
  }

  /// At most `count` bytes from `offset` on; fewer only at the file's end.
  func read(upTo count: Int, at offset: UInt64) throws(ExchangeError) -> [UInt8] {
    var failure: ExchangeError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(ExchangeError) {
        filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      } catch {
        failure = error
        filled = 0
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all of `bytes` at `offset`.
  func write(_ bytes: [UInt8], at offset: UInt64) throws(ExchangeError) {
    var failure: Int32 = 0
    bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count, let start = bytes.baseAddress {
        let count = pwrite(fileDescriptor, start + written, bytes.count - written, off_t(offset) + off_t(written))
        if count >= 0 {
          written += count
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    if failure != 0 { throw Self.failure("write", path, failure) }
  }

  /// Truncates the file to a size, and frees the space reserved behind it.
  func truncate(to size: UInt64) throws(ExchangeError) {
    while ftruncate(fileDescriptor, off_t(size)) != 0 {
      if errno != EINTR { throw Self.failure("truncate", path, errno) }
    }
  }

  /// Returns when the content is on the disk.
  func synchronize() throws(ExchangeError) {
    guard fsync(fileDescriptor) == 0 else { throw Self.failure("fsync", path, errno) }
  }

  /// The SHA-256 of the file's first `size` bytes (all of it when `nil`), read in pieces of 1 MiB. Throws `cancelled`
  /// soon after that is so.
  func digest(
    ofFirst size: UInt64? = nil, unless isCancelled: Locked<Bool>? = nil
  ) throws(ExchangeError) -> SHA256Digest {
    var hash = SHA256()
    let most = min(size ?? .max, try status().size + 1, 1 << 20)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(max(most, 1)), alignment: 16)
    defer { piece.deallocate() }
    var offset: UInt64 = 0
    while true {
      let wanted = size.map { min(UInt64(piece.count), $0 - offset) } ?? UInt64(piece.count)
      guard wanted > 0 else { break }
      if let isCancelled, isCancelled.withLock({ $0 }) { throw .cancelled(while: "hash") }
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: piece[..<Int(wanted)]), at: offset)
      if count == 0 { break }
      hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      offset += UInt64(count)
    }
    return hash.finish()
  }

  /// The file that was opened.
  var identity: FileIdentity {
    get throws(ExchangeError) { try Self.identity(ofOpen: fileDescriptor, at: path) }
  }

  /// Returns the identity of an open file or folder; the path is for the error.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when the system gives no status.
  static func identity(ofOpen descriptor: Int32, at path: FilePath) throws(ExchangeError) -> FileIdentity {
    do throws(Errno) {
      return try FileIdentity(of: FileDescriptor(rawValue: descriptor))
    } catch {
      throw failure("look at", path, error.rawValue)
    }
  }

  /// Returns the identity of the file at a path; `nil` if there is none.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` if it cannot be read.
  static func identity(at path: FilePath, followingLink: Bool) throws(ExchangeError) -> FileIdentity? {
    do throws(Errno) {
      return try FileIdentity(of: path, followingLink: followingLink)
    } catch {
      throw failure("look at", path, error.rawValue)
    }
  }

  static func failure(_ operation: String, _ path: FilePath, _ code: Int32) -> ExchangeError {
    let remedy =
      switch code {
      case ENOENT where path.string.unicodeScalars.contains("\u{FFFD}"): "its name is not UTF-8, it seems: rename it"
      case ENOENT: "check the name and the folder"
      case EACCES, EPERM: "give the running user the right to it"
      case ENOSPC, EDQUOT: "make room on the disk and try again"
      case ELOOP: "replace the symbolic link by a real file or folder"
      case ENOLCK, ENOTSUP: "put it on a file system that gives locks, such as a local disk, or raise the limit of them"
      case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
      default: "mend the file system's fault and try again"
      }
    let kind: ExchangeError.Code =
      switch code {
      case ENOENT: .fileMissing
      case ENOSPC, EDQUOT: .diskFull
      default: .localFile
      }
    let error = ExchangeError(
      kind, operation: operation, path: path.string, message: String(cString: filsluse_error_text(code)),
      remedy: remedy)
    return kind == .localFile ? error.inDanish(detail: Errno(rawValue: code).inDanish) : error
  }
}

extension LocalFile {
  /// Writes the content to another file (0600), whatever was in it, on the disk when this returns.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`.
  func copyContent(to path: FilePath) throws(ExchangeError) {
    try LocalFile.createIfMissing(path)
    let folder = try LocalFolder(creating: path.removingLastComponent().isEmpty ? "." : path.removingLastComponent())
    let target = try LocalFile(path.lastComponent?.string ?? "", in: folder, flags: O_RDWR | O_TRUNC)
    try copyContent(to: target)
    try target.synchronize()
  }

  /// Writes the content to an empty open file.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file`.
  func copyContent(to target: LocalFile) throws(ExchangeError) {
    var offset: UInt64 = 0
    while true {
      let piece = try read(upTo: 1 << 20, at: offset)
      if piece.isEmpty { break }
      try target.write(piece, at: offset)
      offset += UInt64(piece.count)
    }
  }
}
