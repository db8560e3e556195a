internal import FilsluseBase
import Glibc
public import SystemPackage

/// A local file as the source of an upload.
public final class LocalFileSource: UploadSource {
  /// The file's size when it was opened.
  public let size: UInt64?

  private let descriptor: FileDescriptor

  /// Opens a file.
  ///
  /// - Throws: `SFTPError` with code `local`.
  public init(_ path: FilePath) async throws(SFTPError) {
    do {
      (descriptor, size) = try await BlockingThreads.shared.run {
        let descriptor = try PlainFile.open(path)
        do {
          return (descriptor, UInt64(try descriptor.seek(offset: 0, from: .end)))
        } catch {
          try descriptor.close()
          throw error
        }
      }
    } catch {
      throw .local(error, MessageText("the file \(path) cannot be opened", "filen \(path) kan ikke åbnes"))
    }
  }

  deinit { try? descriptor.close() }

  /// Bytes of the file.
  ///
  /// - Throws: `Errno`.
  public func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8] {
    let descriptor = descriptor
    return try await BlockingThreads.shared.run {
      try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
        initialized = try descriptor.read(
          fromAbsoluteOffset: Int64(offset), into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
  }
}

/// A local file as the sink of a download. It is not synced to disk here.
public final class LocalFileSink: DownloadSink {
  private let descriptor: FileDescriptor

  /// Opens a file for writing and creates a missing one; existing content stays, so that a download can be resumed.
  ///
  /// - Throws: `SFTPError` with code `local`.
  public init(_ path: FilePath) async throws(SFTPError) {
    do {
      descriptor = try await BlockingThreads.shared.run {
        try PlainFile.open(path, flags: O_WRONLY | O_CREAT)
      }
    } catch {
      throw .local(error, MessageText("the file \(path) cannot be opened", "filen \(path) kan ikke åbnes"))
    }
  }

  deinit { try? descriptor.close() }

  /// Writes bytes into the file.
  ///
  /// - Throws: `Errno`.
  public func write(_ bytes: [UInt8], at offset: UInt64) async throws {
    let descriptor = descriptor
    try await BlockingThreads.shared.run {
      _ = try bytes.withUnsafeBytes { try descriptor.writeAll(toAbsoluteOffset: Int64(offset), $0) }
    }
  }
}

extension SFTPClient {
  /// Uploads a local file; see ``upload(_:to:mode:resumeAt:over:progress:)``.
  ///
  /// - Throws: `SFTPError`.
  @discardableResult
  public func upload(
    from file: FilePath, to path: RemotePath, mode: OpenMode = .replace, resumeAt offset: UInt64 = 0,
    progress: (@Sendable (TransferProgress) -> Void)? = nil
  ) async throws(SFTPError) -> TransferSummary {
    try await upload(try await LocalFileSource(file), to: path, mode: mode, resumeAt: offset, progress: progress)
  }
}
