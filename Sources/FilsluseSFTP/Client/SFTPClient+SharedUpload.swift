extension SFTPClient {
  /// Sends a file over this connection and further ones, each on its own thread.
  ///
  /// Further connections join as they come, and one that fails leaves its part to the others; if this one fails, so
  /// does the upload. The server shows the file's full size before it has all bytes.
  ///
  /// - Parameters:
  ///   - opening: the OPEN of this connection; the further ones open the file when it is there.
  ///   - landed: receives the end of what the server has acknowledged without gaps.
  /// - Returns: the size of the file.
  func send(
    _ source: any UploadSource, to path: RemotePath, _ opening: FileOpening, as pieces: UploadPieces,
    over further: any FurtherConnections, _ landed: @escaping @Sendable (UInt64) -> Void
  ) async throws(SFTPError) -> UInt64 {
    let handle = try await self.handle(of: opening)
    await pieces.transfer(path, over: further, operation: "upload") {
      await self.read(source, into: pieces)
    } own: { () async throws(SFTPError) in
      try await sendPart(of: pieces, into: handle, landed)
    } helping: { client throws(SFTPError) in
      try await client.help(with: pieces, of: path, landed)
    }
    if let failure = pieces.failure {
      engine.submitAndForget(.close(handle: handle))
      throw failure
    }
    let size = pieces.confirmed
    try await checkAndClose(handle, of: path, size: size) {}
    return size
  }

  private func read(_ source: any UploadSource, into pieces: UploadPieces) async {
    do throws(SFTPError) {
      var position = pieces.confirmed
      while true {
        let bytes = try await read(source, at: position, upTo: UploadPieces.pieceSize)
        if bytes.isEmpty { return pieces.finishReading() }
        position += UInt64(bytes.count)
        guard await pieces.add(bytes) else { return }
      }
    } catch {
      pieces.fail(error)
    }
  }

  /// Sends pieces over this further connection until there are none left.
  private func help(
    with pieces: UploadPieces, of path: RemotePath, _ landed: @Sendable (UInt64) -> Void
  ) async throws(SFTPError) {
    try await uploads.whileTaking { () async throws(SFTPError) in
      // Without `create`: the platform may have taken the file when a late OPEN comes.
      let handle = try await engine.submit(.open(path.bytes, .write, FileAttributes())).handle()
      do throws(SFTPError) {
        try await sendPart(of: pieces, into: handle, landed)
      } catch {
        engine.submitAndForget(.close(handle: handle))
        throw error
      }
      try await closePart(handle, of: path, pieces)
    }
  }

  /// Sends pieces until none are left; after an error, another connection sends the rest.
  private func sendPart(
    of pieces: UploadPieces, into handle: [UInt8], _ landed: @Sendable (UInt64) -> Void
  ) async throws(SFTPError) {
    var flight = WriteFlight(engine: engine, handle: handle, limit: uploads)
    var underWay: [UploadPieces.Piece] = []
    let confirm = { (end: UInt64) in
      if underWay.first?.end == end { landed(pieces.confirm(underWay.removeFirst())) }
    }
    do throws(SFTPError) {
      while true {
        if let piece = pieces.takeNow() {
          underWay.append(piece)
          try await flight.write(piece.bytes, at: piece.offset, confirm)
        } else if !flight.isEmpty {
          try await flight.landOne(confirm)
        } else if let piece = await pieces.take() {
          underWay.append(piece)
          try await flight.write(piece.bytes, at: piece.offset, confirm)
        } else {
          return
        }
      }
    } catch {
      pieces.giveBack(underWay)
      throw error
    }
  }

  /// Closes a further connection's handle. A server may report only now that it cannot keep acknowledged bytes.
  private func closePart(_ handle: [UInt8], of path: RemotePath, _ pieces: UploadPieces) async throws(SFTPError) {
    if pieces.failure != nil { return engine.submitAndForget(.close(handle: handle)) }
    let closing = try engine.submit(.close(handle: handle))
    // The end of the upload cancels the tasks that wait for a connection, but not this one.
    let failure = await Task { () -> SFTPError? in
      do throws(SFTPError) {
        try await closing.success()
        return nil
      } catch {
        return error
      }
    }.value
    guard let error = failure else { return }
    if !error.endsConnection { pieces.fail(error.during("close", path).refusingToKeep()) }
    throw error
  }
}
