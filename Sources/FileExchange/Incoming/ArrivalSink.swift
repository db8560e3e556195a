internal import FilsluseSFTP
internal import FilsluseBase
internal import SystemPackage

/// An arrival's temporary file as the end of a download that may not grow beyond the size its metadata gives: a server
/// that goes on sending shall not fill the disk.
struct ArrivalSink: DownloadSink {
  let file: LocalFile
  let size: UInt64

  func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    guard offset <= size, UInt64(bytes.count) <= size - offset else {
      throw ExchangeError(
        .sizeMismatch, operation: "fetch", path: file.path.string,
        message: "more comes than the \(size.groupedBytes) that its metadata says",
        remedy: "it is left in IN; try again"
      ).inDanish(detail: "der kommer flere end de \(size.grouped) byte, som metadata siger")
    }
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try file.write(bytes, at: offset) }
  }
}

/// The sink of a download that only computes its hash, up to a limit.
final class HashingSink: DownloadSink {
  private final class Running {
    var hash = SHA256()
  }

  /// More bytes came than the limit.
  struct TooLong: Error {}

  private let limit: UInt64
  private let running = Locked(Running())

  init(limit: UInt64) { self.limit = limit }

  func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    guard offset <= limit, UInt64(bytes.count) <= limit - offset else { throw TooLong() }
    if bytes.count < Self.long { return running.withLock { $0.hash.update(bytes) } }
    await BlockingThreads.shared.run { self.running.withLock { $0.hash.update(bytes) } }
  }

  /// From this size on, hashing takes longer than the switch to another thread.
  private static let long = 16 << 10

  /// Returns the hash of the bytes received; call it once.
  func finish() -> SHA256Digest { running.withLock { $0.hash.finish() } }
}
