internal import FilsluseSystem
internal import SystemPackage

/// A local file as it was when it was hashed, held open: what is sent later is this content or nothing.
struct StagedFile: Sendable {
  let open: LocalFile
  let status: LocalFile.Status
  let sha256: SHA256Digest

  /// Opens and hashes a file.
  ///
  /// - Throws: ``ExchangeError`` with code `file-missing`, `local-file`, or `file-changed` when somebody writes to it
  ///   meanwhile.
  static func read(_ path: FilePath) async throws(ExchangeError) -> StagedFile {
    let file = try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let open = try LocalFile(reading: path)
      return StagedFile(open: open, status: try open.status(), sha256: try open.digest())
    }
    guard try await file.isUnchanged() else { throw changed(path) }
    return file
  }

  /// Whether size and modification time are still those of the content that was hashed.
  func isUnchanged() async throws(ExchangeError) -> Bool {
    try await BlockingThreads.shared.run { () throws(ExchangeError) in try open.status() == status }
  }

  static func changed(_ path: FilePath) -> ExchangeError {
    ExchangeError(
      .fileChanged, operation: "read", path: path.string, message: "the file changed while it was being read or sent",
      remedy: "send it when whoever writes it is done")
  }
}
