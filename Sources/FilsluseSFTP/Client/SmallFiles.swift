internal import FilsluseBase

/// Bytes in memory as the source of an upload.
public struct BytesSource: UploadSource {
  private let bytes: [UInt8]

  /// Offers bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The number of bytes.
  public var size: UInt64? { UInt64(bytes.count) }

  /// Some of the bytes.
  public func read(at offset: UInt64, upTo count: Int) -> [UInt8] {
    if offset == 0, count >= bytes.count { return bytes }
    let start = Int(min(offset, UInt64(bytes.count)))
    return Array(bytes[start..<min(start + count, bytes.count)])
  }
}

/// Memory as the sink of a download, up to a limit.
private final class BytesSink: DownloadSink {
  private let limit: Int
  private let bytes = Locked<[UInt8]>([])

  init(limit: Int) { self.limit = limit }

  var taken: [UInt8] { bytes.withLock { $0 } }

  func write(_ more: [UInt8], at offset: UInt64) throws {
    try bytes.withLock { bytes in
      guard bytes.count + more.count <= limit else {
        throw SFTPError(
          .tooLarge, "the file is longer than the \(limit) bytes expected at most", "der er højst ventet \(limit) byte")
      }
      bytes += more
    }
  }
}

extension SFTPClient {
  /// Reads a whole small file.
  ///
  /// - Parameters:
  ///   - path: the file on the server.
  ///   - limit: the greatest number of bytes.
  /// - Throws: `SFTPError`; `tooLarge` for a larger file.
  public func read(_ path: RemotePath, limit: Int) async throws(SFTPError) -> [UInt8] {
    let sink = BytesSink(limit: limit)
    try await download(path, to: sink, limit: UInt64(limit))
    return sink.taken
  }

  /// Writes the whole of a small file.
  ///
  /// - Throws: `SFTPError`; with `createNew`, most servers answer `failure` where it exists.
  public func write(_ bytes: [UInt8], to path: RemotePath, mode: OpenMode = .replace) async throws(SFTPError) {
    try await upload(BytesSource(bytes), to: path, mode: mode)
  }
}
