internal import FilsluseBase

/// A file on the server; its OPEN is sent and not answered yet.
struct FileOpening {
  let path: RemotePath
  let mode: OpenMode
  fileprivate let reply: PendingReply
}

/// Opening files for transfers. A server without room for another open file just answers “failure”, as it does for many
/// other reasons; so OPEN is repeated after a pause while this client has other files open there.
extension SFTPClient {
  /// The number of refusals after which a file counts as refused: two to four seconds after the first.
  private static let mostRefusals = 12

  /// The number of files that this client has open or is opening, for transfers.
  private var openFiles: Int { uploads.count + downloads.count + smallReads.count }

  /// Sends OPEN; ``handle(of:)`` waits for the answer.
  func open(_ path: RemotePath, as mode: OpenMode) throws(SFTPError) -> FileOpening {
    FileOpening(path: path, mode: mode, reply: try engine.submit(.open(path.bytes, mode, FileAttributes())))
  }

  /// Waits for the answer to an OPEN and returns the file's handle.
  func handle(of opening: FileOpening) async throws(SFTPError) -> [UInt8] {
    // Where a file may not exist, “failure” mostly means that it does.
    if opening.mode.contains(.exclusive) { return try await opening.reply.handle() }
    return try await repeatingOpen { (refusals: Int) async throws(SFTPError) -> [UInt8] in
      let last = try refusals == 0 ? opening : open(opening.path, as: opening.mode)
      return try await last.reply.handle()
    }
  }

  /// The handle of a file that is opened to be read.
  func handle(toRead path: RemotePath) async throws(SFTPError) -> [UInt8] {
    try await repeatingOpen { (_: Int) async throws(SFTPError) -> [UInt8] in
      try await namingAbsence(of: path) { () async throws(SFTPError) in
        try await open(path, as: .read).reply.handle()
      }
    }
  }

  private func repeatingOpen(
    _ open: (_ refusals: Int) async throws(SFTPError) -> [UInt8]
  ) async throws(SFTPError) -> [UInt8] {
    var backoff = Backoff(first: .milliseconds(20), longest: .milliseconds(500), jitter: 1)
    while true {
      do throws(SFTPError) {
        return try await open(backoff.failures)
      } catch {
        let pause = backoff.next()
        guard error.code == .failure, openFiles > 1, backoff.failures < Self.mostRefusals else { throw error }
        do { try await Task.sleep(for: pause) } catch { throw .cancelled }
      }
    }
  }
}
