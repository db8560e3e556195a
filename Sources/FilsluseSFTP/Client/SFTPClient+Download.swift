extension SFTPClient {
  /// Downloads a file up to its size at the opening.
  ///
  /// - Parameters:
  ///   - path: the file on the server.
  ///   - sink: receives the bytes, in ascending order except for those of further connections.
  ///   - offset: the offset to begin at; the bytes before it are present already.
  ///   - expected: the likely size of the file, if known: that much is requested at once.
  ///   - further: lends connections that fetch parts of the file beside this one, if the server gives its size and
  ///     modification time; `nil` for none. A replacing file with the same size and time is not noticed: use further
  ///     connections only if the time proves the content.
  ///   - limit: the maximum size of the file in bytes, if it was announced; by default the size that the server gives.
  ///   - progress: receives the number of bytes that the sink has taken without gaps: a download may be resumed from
  ///     there.
  /// - Throws: `SFTPError`; `sizeMismatch` if the file ends before the size that the server gave, `tooLarge` if it is
  ///   longer than the limit. At most one byte beyond the limit is requested.
  @discardableResult
  public func download(
    _ path: RemotePath, to sink: any DownloadSink, resumeAt offset: UInt64 = 0, expected: UInt64? = nil,
    limit: UInt64? = nil, over further: (any FurtherConnections)? = nil,
    progress: (@Sendable (TransferProgress) -> Void)? = nil
  ) async throws(SFTPError) -> TransferSummary {
    let start = ContinuousClock.now
    let (end, attributes) = try await withErrorContext("download", path) { () async throws(SFTPError) in
      try await downloads.whileTaking { () async throws(SFTPError) in
        let handle = try await self.handle(toRead: path)
        defer { engine.submitAndForget(.close(handle: handle)) }
        return try await fetch(
          handle, of: path, from: offset, to: sink, expected, limit: limit, over: further, progress)
      }
    }
    return TransferSummary(size: end, bytes: end - offset, duration: .now - start, attributes: attributes)
  }

  private func fetch(
    _ handle: [UInt8], of path: RemotePath, from offset: UInt64, to sink: any DownloadSink, _ expected: UInt64?,
    limit: UInt64?, over further: (any FurtherConnections)?, _ progress: (@Sendable (TransferProgress) -> Void)?
  ) async throws(SFTPError) -> (end: UInt64, attributes: FileAttributes) {
    var flight = ReadFlight(engine: engine, handle: handle, from: offset, limit: downloads)
    // Ahead of knowing the size: one request is enough for a small file.
    try flight.ask(atMost: max(1, min(ReadFlight.count(for: expected ?? 0, from: offset), downloads.share)))
    // Behind that read, so that a server that records reading times gives its own time of it.
    let attributes = try await attributes(of: handle, at: path)
    let size = attributes.size
    if let size, size < offset {
      throw SFTPError(
        .sizeMismatch, "the file has \(size) bytes, fewer than the \(offset) that are here already",
        "den har \(size) byte, færre end de \(offset), som er her allerede")
    }
    if let size, let limit, size > limit {
      throw .longer(
        than: limit, MessageText("the server gives its size as \(size)", "serveren siger, at den har \(size)"))
    }
    if let further, let size, flight.asked < size, attributes.modified != nil {
      let end = try await fetch(path, attributes, size: size, beginningWith: flight, to: sink, over: further) {
        progress?(TransferProgress(bytes: $0, total: size, attributes: attributes))
      }
      return (end, attributes)
    }
    // If the server gives no size, the file could be endless.
    flight.end = size ?? limit.map { $0 == .max ? $0 : $0 + 1 }
    while let bytes = try await flight.next() {
      if let limit, flight.position > limit {
        throw .longer(
          than: limit, MessageText("the server gives no size for it", "serveren siger ikke, hvor stor den er"))
      }
      do {
        try await sink.write(bytes, at: flight.position - UInt64(bytes.count))
      } catch {
        throw .local(error, .notWritten)
      }
      progress?(TransferProgress(bytes: flight.position, total: size, attributes: attributes))
    }
    if let size, flight.position != size {
      throw SFTPError(
        .sizeMismatch, "the file ends at byte \(flight.position), and the server gave its size as \(size)",
        "den slutter ved byte \(flight.position), og serveren sagde, at den har \(size)")
    }
    return (flight.position, attributes)
  }

  /// The attributes of an open file; those of its path where the server refuses FSTAT.
  func attributes(of handle: [UInt8], at path: RemotePath) async throws(SFTPError) -> FileAttributes {
    if let offered = try await engine.submit(.handleAttributes(handle)).attributesIfOffered() { return offered }
    return try await engine.submit(.attributes(path.bytes)).attributes()
  }
}

extension SFTPError {
  fileprivate static func longer(than limit: UInt64, _ detail: MessageText) -> SFTPError {
    SFTPError(
      .tooLarge, "the file is longer than the \(limit) bytes expected at most: \(detail.en)",
      "der er højst ventet \(limit) byte; \(detail.da)")
  }
}
