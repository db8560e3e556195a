/// Where an upload's bytes come from. Bytes are asked for in ascending order, each once, so they can be hashed on the way.
public protocol UploadSource: Sendable {
  /// How many bytes there are in all, or `nil` where that shows only at the end.
  var size: UInt64? { get }

  /// At most `count` bytes at an offset; empty only at the end.
  ///
  /// - Throws: anything; it becomes the cause of an `SFTPError` with code `local`.
  func read(at offset: UInt64, upTo count: Int) async throws -> [UInt8]
}

/// Where a download's bytes go. They come in ascending order, without gaps, so they can be hashed on the way.
public protocol DownloadSink: Sendable {
  /// Takes bytes that belong at an offset.
  ///
  /// - Throws: anything; it becomes the cause of an `SFTPError` with code `local`.
  func write(_ bytes: [UInt8], at offset: UInt64) async throws
}

/// How far a transfer has come.
public struct TransferProgress: Sendable, Hashable {
  /// Bytes that are safely across, those before a resumed transfer's beginning included.
  public let bytes: UInt64

  /// Bytes in all, where known.
  public let total: UInt64?

  /// What the server said about a file that is downloaded just after it was asked for the first bytes; of an upload
  /// nothing.
  public let attributes: FileAttributes

  /// Tells how far it has come.
  public init(bytes: UInt64, total: UInt64?, attributes: FileAttributes = FileAttributes()) {
    self.bytes = bytes
    self.total = total
    self.attributes = attributes
  }
}

/// What a transfer did.
public struct TransferSummary: Sendable, Hashable {
  /// The size of the file at the end, as both sides have it.
  public let size: UInt64

  /// The bytes that this transfer carried; fewer than the size where it was resumed.
  public let bytes: UInt64

  /// How long it took, opening and closing included.
  public let duration: Duration

  /// What the server said about a downloaded file just after it was asked for the first bytes; of an upload nothing.
  public var attributes = FileAttributes()
}

extension SFTPError {
  /// An error of the caller's source or sink as one of ours.
  static func local(_ error: any Error, _ what: String) -> SFTPError {
    if let error = error as? SFTPError { return error }
    if error is CancellationError { return .cancelled }
    return SFTPError(.local, "\(what): \(error)", cause: error)
  }
}
