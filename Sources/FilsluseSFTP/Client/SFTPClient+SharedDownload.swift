extension SFTPClient {
  /// Fetches the rest of a file over this connection and further ones, each on its own thread.
  ///
  /// Further connections join as they come, and one that fails leaves its part to the others; if this one fails, so
  /// does the download. Each further connection opens the file by its path and takes part only if it sees the size and
  /// modification time that this one saw: if the file was replaced, this connection alone goes on with the old one.
  ///
  /// - Parameters:
  ///   - begun: the requests that are in flight over this connection.
  ///   - attributes: the attributes of the file, with its size.
  ///   - landed: receives the end of what the sink has taken without gaps.
  /// - Returns: the size of the file.
  func fetch(
    _ path: RemotePath, _ attributes: FileAttributes, size: UInt64, beginningWith begun: ReadFlight,
    to sink: any DownloadSink, over further: any FurtherConnections, _ landed: @escaping @Sendable (UInt64) -> Void
  ) async throws(SFTPError) -> UInt64 {
    var begun = begun
    begun.end = min(begun.asked, size)
    let pieces = DownloadPieces(from: begun.position, requestedUpTo: min(begun.asked, size), of: size)
    await pieces.transfer(path, over: further, operation: "download") { () async throws(SFTPError) in
      try await fetchPart(of: pieces, begun, to: sink, landed)
    } helping: { client throws(SFTPError) in
      try await client.help(with: pieces, of: path, attributes, to: sink, landed)
    }
    if let failure = pieces.failure { throw failure }
    return pieces.confirmed
  }

  /// Fetches pieces over this further connection until there are none left.
  private func help(
    with pieces: DownloadPieces, of path: RemotePath, _ attributes: FileAttributes, to sink: any DownloadSink,
    _ landed: @Sendable (UInt64) -> Void
  ) async throws(SFTPError) {
    try await downloads.whileTaking { () async throws(SFTPError) in
      let handle = try await engine.submit(.open(path.bytes, .read, FileAttributes())).handle()
      defer { engine.submitAndForget(.close(handle: handle)) }
      let there = try await self.attributes(of: handle, at: path)
      guard there.size == attributes.size, there.modified == attributes.modified else { return }
      var none = ReadFlight(engine: engine, handle: handle, from: 0, limit: downloads)
      none.end = 0
      try await fetchPart(of: pieces, none, to: sink, landed)
    }
  }

  /// Fetches pieces until none are left; after an error, another connection fetches the rest.
  private func fetchPart(
    of pieces: DownloadPieces, _ begun: ReadFlight, to sink: any DownloadSink, _ landed: @Sendable (UInt64) -> Void
  ) async throws(SFTPError) {
    var underWay = [begun]
    var last = begun
    func request(_ piece: Range<UInt64>) throws(SFTPError) {
      do throws(SFTPError) {
        underWay.append(try (underWay.first ?? last).requesting(piece))
      } catch {
        pieces.giveBack([piece])
        throw error
      }
    }
    do throws(SFTPError) {
      while true {
        while underWay.reduce(0, { $0 + $1.count }) < downloads.share, let piece = pieces.takeNow() {
          do throws(SFTPError) {
            try request(piece)
          } catch {
            // What came before the connection ended is written all the same.
            if underWay.isEmpty { throw error }
            break
          }
        }
        guard !underWay.isEmpty else {
          guard let piece = await pieces.take() else { return }
          try request(piece)
          continue
        }
        guard let bytes = try await underWay[0].next() else {
          let rest = underWay[0].rest
          guard rest.isEmpty else {
            throw SFTPError(
              .sizeMismatch, "the file ends at byte \(rest.lowerBound), before the size that the server gave for it",
              "den slutter ved byte \(rest.lowerBound), før den størrelse, som serveren sagde")
          }
          last = underWay.removeFirst()
          continue
        }
        let end = underWay[0].position
        do {
          try await sink.write(bytes, at: end - UInt64(bytes.count))
        } catch {
          let failure = SFTPError.local(error, .notWritten)
          pieces.fail(failure)
          throw failure
        }
        landed(pieces.confirm(end - UInt64(bytes.count)..<end))
      }
    } catch {
      pieces.giveBack(underWay.map(\.rest))
      throw error
    }
  }
}
