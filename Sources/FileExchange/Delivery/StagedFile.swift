internal import FilsluseSystem
import Glibc
internal import SystemPackage

/// A local file as it was when it was hashed. It is opened again when it is sent, so that a long list of files needs no
/// more open ones than are on their way.
struct StagedFile: Sendable {
  let path: FilePath
  let status: LocalFile.Status
  let sha256: SHA256Digest
  /// The open folder that it is reached in, where others may put a link in its place: by its name there alone, never
  /// through a link, and only while it has no second name.
  var folder: LocalFolder?

  /// Opens and hashes a file.
  ///
  /// - Throws: ``ExchangeError`` with code `file-missing`, `local-file`, `file-changed` when somebody writes to it
  ///   meanwhile, or `cancelled`.
  static func read(_ path: FilePath, in folder: LocalFolder? = nil) async throws(ExchangeError) -> StagedFile {
    let isCancelled = Locked(false)
    return try await withTaskCancellationHandler {
      await Result { () async throws(ExchangeError) in
        try await readers.run { () throws(ExchangeError) in
          let open = try opened(path, in: folder)
          let status = try open.status()
          let staged = StagedFile(
            path: path, status: status, sha256: try open.digest(unless: isCancelled), folder: folder)
          guard try open.status() == status else { throw changed(path) }
          return staged
        }
      }
    } onCancel: {
      isCancelled.withLock { $0 = true }
    }.get()
  }

  /// Few read and hash at a time: so the first of many long files are sent while others are still being hashed, and
  /// whatever else works with files has threads left.
  private static let readers = BlockingThreads(name: "filsluse-hash", count: 4)

  /// The file of a delivery of which nothing but its trigger is missing: it is not read, and may be gone. Where its data
  /// turns out to be missing in OUT too, ``open()`` throws.
  static func unread(of delivery: Delivery) -> StagedFile {
    StagedFile(
      path: FilePath(delivery.localPath),
      status: LocalFile.Status(size: delivery.size, modifiedSeconds: 0, modifiedNanoseconds: 0, inode: 0),
      sha256: delivery.sha256)
  }

  /// Opens it again: what is sent is the content that was hashed, or nothing. A small file is read at once.
  ///
  /// - Throws: ``ExchangeError`` with code `file-changed` when it is another file or content by now, and as ``read(_:in:)``.
  func open() async throws(ExchangeError) -> StagedContent {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let file = try Self.opened(path, in: folder)
      guard try file.status() == status else { throw Self.changed(path) }
      guard status.size <= StagedContent.smallSize else { return StagedContent(file: file, status: status, small: nil) }
      let small = try file.read(upTo: Int(status.size), at: 0)
      guard UInt64(small.count) == status.size, try file.status() == status else { throw Self.changed(path) }
      return StagedContent(file: file, status: status, small: small)
    }
  }

  private static func opened(_ path: FilePath, in folder: LocalFolder?) throws(ExchangeError) -> LocalFile {
    guard let folder, let name = path.lastComponent?.string else { return try LocalFile(reading: path) }
    let file = try LocalFile(name, in: folder, flags: O_RDONLY)
    try file.requireSingleName()
    return file
  }

  static func changed(_ path: FilePath) -> ExchangeError {
    ExchangeError(
      .fileChanged, operation: "read", path: path.string, message: "the file changed while it was being read or sent",
      remedy: "send it when whoever writes it is done")
  }
}

/// A staged file's content, open to be sent.
struct StagedContent: Sendable {
  /// A file of so many bytes is held in memory while it is sent: that spares two ways to the threads for file work.
  static let smallSize: UInt64 = 64 << 10

  let file: LocalFile
  let status: LocalFile.Status
  /// All of a small file, read while it was still the one that was hashed.
  let small: [UInt8]?

  /// Whether what was sent, or is yet to be sent, is the content that was hashed, by the file's size and modification
  /// time. What is held in memory cannot change.
  func isUnchanged() async throws(ExchangeError) -> Bool {
    if small != nil { return true }
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in try file.status() == status }
  }
}
