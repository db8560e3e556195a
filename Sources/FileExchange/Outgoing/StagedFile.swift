internal import FilsluseSFTP
internal import FilsluseBase
import Glibc
internal import SystemPackage

/// A local file in its state at hashing. It is opened again for sending, so that a long list of files needs open files
/// only for those in progress.
struct StagedFile: Sendable {
  let path: FilePath
  let status: LocalFile.Status
  let sha256: SHA256Digest
  /// The open folder of the file, for a folder where others could replace the file by a link: it is then opened by its
  /// name there only, never through a link, and only while it has no second name.
  var folder: LocalFolder?

  /// Opens and hashes a file.
  ///
  /// - Throws: ``ExchangeError`` with code `file-missing`, `local-file`, `file-changed` when it is written to while it
  ///   is read, or `cancelled`.
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
  static let readers = BlockingThreads(name: "filsluse-hash", count: 4)

  /// Returns the file of a delivery that misses only its trigger: it is not read, and may be gone. Where its data turns
  /// out to be missing in OUT too, ``open()`` throws.
  static func unread(of delivery: Delivery) -> StagedFile {
    StagedFile(
      path: FilePath(delivery.localPath),
      status: LocalFile.Status(size: delivery.size, modifiedSeconds: 0, modifiedNanoseconds: 0, inode: 0),
      sha256: delivery.sha256)
  }

  /// Opens the file again for sending. A small file is read at once, and has the hashed content; a large one is hashed
  /// again during the upload (``StagedContent/sent``).
  ///
  /// - Throws: ``ExchangeError`` with code `file-changed` if the file or its content has changed, and as
  ///   ``read(_:in:)``.
  func open() async throws(ExchangeError) -> StagedContent {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let file = try Self.opened(path, in: folder)
      guard try file.status() == status else { throw Self.changed(path) }
      guard status.size <= StagedContent.smallSize else { return StagedContent(file: file, status: status) }
      let small = try file.read(upTo: Int(status.size), at: 0)
      // Whatever its modification time says.
      guard SHA256.digest(of: small) == sha256 else { throw Self.changed(path) }
      return StagedContent(small: small, status: status)
    }
  }

  private static func opened(_ path: FilePath, in folder: LocalFolder?) throws(ExchangeError) -> LocalFile {
    guard let folder, let name = path.lastComponent?.string else { return try LocalFile(reading: path) }
    let file = try LocalFile(name, in: folder, flags: O_RDONLY)
    try file.requireSingleName()
    return file
  }

  static func changed(
    _ path: FilePath, _ message: String = "the file changed while it was being read or sent", _ danish: String? = nil
  ) -> ExchangeError {
    let error = ExchangeError(
      .fileChanged, operation: "read", path: path.string, message: message,
      remedy: "send it when whoever writes it is done")
    return danish.map { error.inDanish(detail: $0) } ?? error
  }
}

/// A staged file's content, open to be sent.
struct StagedContent: Sendable {
  /// The greatest size of a file held in memory during its transfer, which saves two switches to the threads for file
  /// work.
  static let smallSize: UInt64 = 64 << 10

  let status: LocalFile.Status
  /// A large file, open; `nil` for a small one, which is closed: hundreds may be under way.
  private let file: LocalFile?
  /// All bytes of a small file, which have the hash of staging.
  private let small: [UInt8]?
  /// The hash of a large file during its upload; `nil` for a small one.
  let sent: SentHash?

  /// A large file.
  init(file: LocalFile, status: LocalFile.Status) {
    self.status = status
    self.file = file
    small = nil
    sent = SentHash()
  }

  /// A small file.
  init(small: [UInt8], status: LocalFile.Status) {
    self.status = status
    file = nil
    self.small = small
    sent = nil
  }

  /// Starts the hash with the part that an earlier attempt sent, if the file still begins with it.
  ///
  /// - Parameters:
  ///   - end: the offset at which sending continues, at most `acknowledged.end`.
  ///   - acknowledged: the end and hash of the part that the earlier attempt sent.
  /// - Returns: false if the file now begins differently; it must then be sent from the start.
  func resume(at end: UInt64, behind acknowledged: SentHash.Beginning) async throws(ExchangeError) -> Bool {
    if let small { return SHA256.digest(of: Array(small.prefix(Int(acknowledged.end)))) == acknowledged.sha256 }
    guard let file else { return false }
    return try await StagedFile.readers.run { () throws(ExchangeError) in
      guard try file.digest(ofFirst: acknowledged.end) == acknowledged.sha256 else { return false }
      try sent?.addBeginning(of: file, upTo: end)
      return true
    }
  }

  /// Returns the longest sent prefix with a known hash, up to `limit`.
  func beginning(atMost limit: UInt64) -> SentHash.Beginning? {
    guard let small else { return sent?.beginning(atMost: limit) }
    let first = Array(small.prefix(Int(min(limit, status.size))))
    return SentHash.Beginning(end: UInt64(first.count), sha256: SHA256.digest(of: first))
  }

  /// Returns true if exactly the content with that hash was sent, from the first byte to the last.
  func wasSent(as sha256: SHA256Digest) async -> Bool {
    guard let sent else { return true }
    return await sent.digest() == sha256
  }

  /// Returns true if the file still has its size and modification time from staging, so that it is worth sending. A
  /// file held in memory cannot change.
  func isUnchanged() async throws(ExchangeError) -> Bool {
    guard let file else { return true }
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in try file.status() == status }
  }
}

extension StagedContent: UploadSource {
  var size: UInt64? { status.size }

  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
    // Up to the hashed size: data appended later is another content, and is detected afterwards.
    let start = min(offset, status.size)
    let wanted = Int(min(UInt64(count), status.size - start))
    if let small { return wanted == small.count ? small : Array(small[Int(start)..<Int(start) + wanted]) }
    guard let file else { return [] }
    let bytes = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try file.read(upTo: wanted, at: offset)
    }
    await sent?.add(bytes)
    return bytes
  }
}
