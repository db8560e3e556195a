internal import FilsluseBase
internal import SystemPackage

/// The source of an upload. Bytes are requested in ascending order, each once, so they can be hashed on the way.
public protocol UploadSource: Sendable {
  /// The number of bytes, or `nil` where it is known only at the end.
  var size: UInt64? { get }

  /// At most `count` bytes at an offset; empty only at the end.
  ///
  /// - Throws: anything; it becomes the cause of an `SFTPError` with code `local`.
  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8]
}

/// The sink of a download.
///
/// Over one connection, bytes come in ascending order without gaps, so they can be hashed as they come. Over several,
/// they come in any order, and several tasks write at the same time.
public protocol DownloadSink: Sendable {
  /// Writes bytes at an offset.
  ///
  /// - Throws: any error; it becomes the cause of an `SFTPError` with code `local`.
  func write(_ bytes: [UInt8], at offset: UInt64) async throws
}

/// The progress of a transfer.
public struct TransferProgress: Sendable, Hashable {
  /// Bytes that are safely across, those before a resumed transfer's beginning included.
  public let bytes: UInt64

  /// Bytes in all, where known.
  public let total: UInt64?

  /// The attributes of a downloaded file just after the first bytes were requested; empty for an upload.
  public let attributes: FileAttributes

  /// Creates the progress of a transfer.
  public init(bytes: UInt64, total: UInt64?, attributes: FileAttributes = FileAttributes()) {
    self.bytes = bytes
    self.total = total
    self.attributes = attributes
  }
}

/// The result of a transfer.
public struct TransferSummary: Sendable, Hashable {
  /// The size of the file at the end, as both sides have it.
  public let size: UInt64

  /// The bytes that this transfer carried; fewer than the size where it was resumed.
  public let bytes: UInt64

  /// The duration, opening and closing included.
  public let duration: Duration

  /// The attributes of a downloaded file just after the first bytes were requested; empty for an upload.
  public var attributes = FileAttributes()
}

extension SFTPError {
  /// An error of the caller's source or sink as one of ours.
  static func local(_ error: any Error, _ what: MessageText) -> SFTPError {
    if let error = error as? SFTPError { return error }
    if error is CancellationError { return .cancelled }
    let reason = (error as? Errno)?.inDanish ?? (error as? PlainFileError)?.inDanish ?? "\(error)"
    return SFTPError(.local, "\(what.en): \(error)", "\(what.da): \(reason)", cause: error)
  }
}

extension MessageText {
  /// The sink of a download takes no more.
  static let notWritten = MessageText("the bytes received cannot be written", "det modtagne kan ikke skrives")
}
