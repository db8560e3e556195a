internal import FilsluseBase

/// An open file on the server. Close it; where an upload matters, the close's failure is the upload's.
public final class SFTPFile: Sendable {
  /// The path it was opened by.
  public let path: RemotePath

  private let client: SFTPClient
  private let handle: [UInt8]
  private let isClosed = Locked(false)

  init(path: RemotePath, handle: [UInt8], client: SFTPClient) {
    self.path = path
    self.handle = handle
    self.client = client
  }

  deinit { abandon() }

  /// At most `count` bytes (and at most 128 KB) at an offset; empty at the end of the file.
  ///
  /// - Throws: `SFTPError`.
  public func read(at offset: UInt64, count: Int) async throws(SFTPError) -> [UInt8] {
    try await client.withErrorContext("read", path) { () async throws(SFTPError) in
      let wanted = UInt32(clamping: min(count, 128 * 1024))
      let bytes = try await client.engine.submit(.read(handle: handle, offset: offset, count: wanted)).data() ?? []
      guard bytes.count <= wanted else {
        throw SFTPError(
          .protocolViolation, "the server sends more bytes than it was asked for",
          "den sender flere byte, end den blev spurgt om")
      }
      return bytes
    }
  }

  /// Writes bytes at an offset and waits until the server has them all.
  ///
  /// - Throws: `SFTPError`.
  public func write(_ bytes: [UInt8], at offset: UInt64) async throws(SFTPError) {
    try await client.withErrorContext("write", path) { () async throws(SFTPError) in
      var flight = WriteFlight(engine: client.engine, handle: handle, limit: client.uploads)
      try await flight.write(bytes, at: offset) { _ in }
      try await flight.land { _ in }
    }
  }

  /// Returns the attributes of the file.
  ///
  /// - Throws: `SFTPError`.
  public func attributes() async throws(SFTPError) -> FileAttributes {
    try await client.withErrorContext("look at", path) { () async throws(SFTPError) in
      try await client.engine.submit(.handleAttributes(handle)).attributes()
    }
  }

  /// Asks the server to sync the file to its disk.
  ///
  /// - Throws: `SFTPError`; `unsupported` if the server lacks the extension.
  public func sync() async throws(SFTPError) {
    try await client.withErrorContext("sync", path) { () async throws(SFTPError) in
      try client.require(.sync)
      try await client.engine.submit(.sync(handle: handle)).success()
    }
  }

  /// Closes the file; a second time does nothing.
  ///
  /// - Throws: `SFTPError`: a server may report only now that it could not keep the written bytes.
  public func close() async throws(SFTPError) {
    guard markClosed() else { return }
    do throws(SFTPError) {
      try await client.engine.submit(.close(handle: handle)).success()
    } catch {
      throw error.during("close", path)
    }
  }

  /// Closes the file without waiting for the answer.
  func abandon() {
    if markClosed() { client.engine.submitAndForget(.close(handle: handle)) }
  }

  private func markClosed() -> Bool {
    isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
  }
}

extension SFTPClient {
  /// Opens a file. Prefer ``withFile(_:_:isolation:_:)``, which closes it.
  ///
  /// - Throws: `SFTPError`, such as `noSuchFile` or `permissionDenied`.
  public func open(_ path: RemotePath, _ mode: OpenMode) async throws(SFTPError) -> SFTPFile {
    try await withErrorContext("open", path) { () async throws(SFTPError) in
      let handle = try await engine.submit(.open(path.bytes, mode, FileAttributes())).handle()
      return SFTPFile(path: path, handle: handle, client: self)
    }
  }

  /// Opens a file, lets `body` use it, and closes it.
  ///
  /// - Throws: what `body` throws; else `SFTPError` from opening or closing.
  public func withFile<Result>(
    _ path: RemotePath, _ mode: OpenMode, isolation: isolated (any Actor)? = #isolation,
    _ body: (SFTPFile) async throws -> Result
  ) async throws -> Result {
    let file = try await open(path, mode)
    do {
      let result = try await body(file)
      try await file.close()
      return result
    } catch {
      file.abandon()
      throw error
    }
  }
}
