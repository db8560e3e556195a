internal import FilsluseBase

/// The pieces of one file that several connections transfer together.
protocol SharedPieces: Sendable {
  associatedtype Piece: Sendable
  /// A connection that waits for a piece.
  typealias Waiter = CheckedContinuation<Void, Never>

  /// True once all of the file is confirmed, or the transfer has failed.
  var isDone: Bool { get }

  /// Ends the transfer; the first reason counts.
  func fail(_ error: SFTPError)

  /// The next piece, if there is one now.
  func takeNow() -> Piece?

  /// Registers a waiter, which the next change resumes; false where a piece is available, or none will follow.
  func enqueue(_ waiter: Waiter) -> Bool
}

extension SharedPieces {
  /// Waits for the next piece; `nil` once all of the file is transferred.
  func take() async -> Piece? {
    while !isDone {
      if let piece = takeNow() { return piece }
      await withCheckedContinuation { waiter in
        if !enqueue(waiter) { waiter.resume() }
      }
    }
    return nil
  }

  /// Transfers the pieces over the transfer's own connection and further ones, until all are confirmed or it fails.
  ///
  /// Further connections join as they come, and one that fails leaves its part to the others; if the own connection
  /// fails, so does the transfer.
  ///
  /// - Parameters:
  ///   - operation: the name of the operation in an error.
  ///   - reading: work beside all connections; `nil` for none.
  ///   - own: the part of the own connection.
  ///   - helping: the part of a further connection.
  func transfer(
    _ path: RemotePath, over further: any FurtherConnections, operation: String,
    reading: (@Sendable () async -> Void)? = nil, own: () async throws(SFTPError) -> Void,
    helping: @escaping @Sendable (SFTPClient) async throws(SFTPError) -> Void
  ) async {
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        if let reading { group.addTask { await reading() } }
        for _ in 0..<further.count {
          group.addTask { await self.help(path, over: further, operation: operation, helping) }
        }
        do throws(SFTPError) {
          try await own()
        } catch {
          fail(error)
        }
        // Connections that are still being opened are no longer needed.
        group.cancelAll()
        await group.waitForAll()
      }
    } onCancel: {
      fail(.cancelled)
    }
  }

  /// Transfers pieces over a further connection, as soon as there is one.
  private func help(
    _ path: RemotePath, over further: any FurtherConnections, operation: String,
    _ part: (SFTPClient) async throws(SFTPError) -> Void
  ) async {
    guard let client = await further.lend() else { return }
    guard !isDone else { return further.takeBack(client, failure: nil) }
    do throws(SFTPError) {
      try await part(client)
      further.takeBack(client, failure: nil)
    } catch {
      // Neither the end of the transfer nor a full disk here is a fault of the connection.
      let isItsOwn = error.code != .cancelled && error.code != .local
      further.takeBack(client, failure: isItsOwn ? error.during(operation, path) : nil)
    }
  }
}
