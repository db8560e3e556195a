internal import FilsluseBase

extension SFTPClient {
  /// The number of bytes requested from a source at a time: those of a few requests, and of one where many uploads
  /// share the requests in flight.
  private var pieceSize: Int { min(uploads.share, 4) * WriteFlight.requestSize }

  /// Uploads a file. Its size on the server is checked when it is closed, and the close must succeed.
  ///
  /// - Parameters:
  ///   - source: gives the bytes.
  ///   - path: the file on the server.
  ///   - mode: the treatment of an existing file; `resume` is used where `offset` is not 0.
  ///   - offset: the offset to begin at; the bytes before it are there already.
  ///   - further: lends connections that send parts of the file beside this one; the file on the server then has gaps
  ///     until the end, whatever its size. `nil` for none.
  ///   - progress: receives the number of bytes that the server has confirmed without gaps: from there an upload may be
  ///     resumed.
  /// - Throws: `SFTPError`; `sizeMismatch` when the length of the file differs from the sent one, `resumeRefused` when
  ///   the server refuses to write at `offset`: the upload can begin again at 0.
  @discardableResult
  public func upload(
    _ source: any UploadSource, to path: RemotePath, mode: OpenMode = .replace, resumeAt offset: UInt64 = 0,
    over further: (any FurtherConnections)? = nil, progress: (@Sendable (TransferProgress) -> Void)? = nil
  ) async throws(SFTPError) -> TransferSummary {
    try await upload(source, to: path, mode: mode, resumeAt: offset, over: further, allSent: {}, progress: progress)
  }

  /// Uploads a file as ``upload(_:to:mode:resumeAt:over:progress:)`` does.
  ///
  /// - Parameter allSent: called when the last request, CLOSE, is sent, unless further connections help: a server that
  ///   handles requests in order has closed the file before it opens one requested from then on.
  @discardableResult
  package func upload(
    _ source: any UploadSource, to path: RemotePath, mode: OpenMode = .replace, resumeAt offset: UInt64 = 0,
    over further: (any FurtherConnections)? = nil, allSent: () -> Void,
    progress: (@Sendable (TransferProgress) -> Void)? = nil
  ) async throws(SFTPError) -> TransferSummary {
    let start = ContinuousClock.now
    let pieces = further.map { _ in UploadPieces(from: offset) }
    let size = try await withErrorContext("upload", path) { () async throws(SFTPError) in
      try await uploads.whileTaking { () async throws(SFTPError) in
        let opening = try open(path, as: offset == 0 ? mode : .resume)
        var confirmed = offset
        do throws(SFTPError) {
          if let further, let pieces {
            return try await send(source, to: path, opening, as: pieces, over: further) {
              progress?(TransferProgress(bytes: $0, total: source.size))
            }
          }
          return try await send(source, to: path, from: offset, opening, allSent) {
            confirmed = $0
            progress?(TransferProgress(bytes: $0, total: source.size))
          }
        } catch {
          if let pieces { confirmed = pieces.confirmed }
          // A full disk or a folder without the right to write can give the same answer; then the upload from 0 is
          // refused too, and that is the error to show.
          guard offset > 0, confirmed == offset, [.failure, .unsupported, .permissionDenied].contains(error.code) else {
            throw error
          }
          hasRefusedResuming.withLock { $0 = true }
          throw SFTPError(
            .resumeRefused, "the server takes nothing behind byte \(offset): \(error.message)",
            "den tager intet efter byte \(offset): \(error.text.da)", serverStatus: error.serverStatus)
        }
      }
    }
    return TransferSummary(size: size, bytes: size - offset, duration: .now - start)
  }

  /// True if an upload may begin elsewhere than at 0: false once the server has refused that over this connection.
  public var canResumeUploads: Bool { !hasRefusedResuming.withLock { $0 } }

  /// Sends all bytes after an OPEN that is not answered yet; returns the position reached.
  ///
  /// The first bytes are read while the server opens the file; FSTAT and CLOSE follow the last WRITE at once.
  private func send(
    _ source: any UploadSource, to path: RemotePath, from offset: UInt64, _ opening: FileOpening,
    _ allSent: () -> Void, _ landed: (UInt64) -> Void
  ) async throws(SFTPError) -> UInt64 {
    var piece = try await read(source, at: offset, upTo: pieceSize)
    let handle = try await self.handle(of: opening)
    var flight = WriteFlight(engine: engine, handle: handle, limit: uploads)
    var position = offset
    do throws(SFTPError) {
      while !piece.isEmpty {
        try await flight.write(piece, at: position, landed)
        position += UInt64(piece.count)
        piece = try await read(source, at: position, upTo: pieceSize)
      }
    } catch {
      engine.submitAndForget(.close(handle: handle))
      throw error
    }
    try await checkAndClose(handle, of: path, size: position, allSent) { () async throws(SFTPError) in
      try await flight.land(landed)
    }
    return position
  }

  /// Checks the size of a written file and closes it, after the WRITEs that `land` waits for. If the open file has
  /// another size, the size after CLOSE counts.
  func checkAndClose(
    _ handle: [UInt8], of path: RemotePath, size: UInt64, _ allSent: () -> Void = {},
    land: () async throws(SFTPError) -> Void
  ) async throws(SFTPError) {
    // From here on the handle must not be closed again: the server may have given it to another file.
    let replies = try engine.submit([.handleAttributes(handle), .close(handle: handle)])
    allSent()
    try await land()
    let sizeBefore = try await replies[0].attributesIfOffered()?.size
    do throws(SFTPError) {
      try await replies[1].success()
      if sizeBefore == size { return }
      // A server may refuse FSTAT, give no size in it, or count the last bytes only after CLOSE.
      if let there = try await attributes(of: path).size ?? sizeBefore, there != size {
        throw SFTPError(
          .sizeMismatch, "\(size) bytes were sent, and the file on the server has \(there)",
          "\(size) byte er sendt, og filen på serveren har \(there)")
      }
    } catch {
      throw error.refusingToKeep()
    }
  }

  /// Reads the next bytes of a source, at most `count`; none at its end.
  func read(
    _ source: any UploadSource, at position: UInt64, upTo count: Int
  ) async throws(SFTPError) -> [UInt8] {
    if let size = source.size, position >= size { return [] }
    let rest = source.size.map { $0 - position } ?? UInt64(count)
    let bytes: [UInt8]
    do {
      bytes = try await source.read(at: position, upTo: Int(min(rest, UInt64(count))))
    } catch {
      throw .local(error, MessageText("the bytes to send cannot be read", "det, der skal sendes, kan ikke læses"))
    }
    if bytes.isEmpty, let size = source.size {
      throw SFTPError(
        .sizeMismatch, "the source ends at byte \(position) of \(size)",
        "kilden slutter ved byte \(position) af \(size)")
    }
    return bytes
  }
}
