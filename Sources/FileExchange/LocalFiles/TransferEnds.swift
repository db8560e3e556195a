internal import FilsluseSFTP
internal import FilsluseSystem
internal import SystemPackage

extension StagedContent: UploadSource {
  var size: UInt64? { status.size }

  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
    // Not past the size that was hashed: what is appended meanwhile is another content, and is found out afterwards.
    let start = min(offset, status.size)
    let wanted = Int(min(UInt64(count), status.size - start))
    if let small { return Array(small[Int(start)..<Int(start) + wanted]) }
    return try await BlockingThreads.shared.run { () throws(ExchangeError) in
      try file.read(upTo: wanted, at: offset)
    }
  }
}

/// An arrival's temporary file as the end of a download that may not grow beyond the size its metadata gives: a server
/// that goes on sending shall not fill the disk.
struct ArrivalSink: DownloadSink {
  let file: LocalFile
  let size: UInt64

  func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    guard offset <= size, UInt64(bytes.count) <= size - offset else {
      throw ExchangeError(
        .notWhole, operation: "fetch", path: file.path.string,
        message: "more than the \(size.grouped) bytes come that its metadata says",
        remedy: "it is left in IN; try again")
    }
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try file.write(bytes, at: offset) }
  }
}

/// The end of a download of which only the hash is wanted.
final class HashingSink: DownloadSink {
  private final class Running {
    var hash = SHA256()
  }

  private let running = Locked(Running())

  func write(_ bytes: [UInt8], at offset: UInt64) async throws { running.withLock { $0.hash.update(bytes) } }

  /// The hash of what came; to be called once.
  func finish() -> SHA256Digest { running.withLock { $0.hash.finish() } }
}
