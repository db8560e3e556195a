extension SFTPClient {
  /// Returns the attributes of a file; of a symbolic link, those of its target.
  ///
  /// - Throws: `SFTPError`, such as `noSuchFile`.
  public func attributes(of path: RemotePath) async throws(SFTPError) -> FileAttributes {
    try await withErrorContext("look at", path) { () async throws(SFTPError) in
      try await engine.submit(.attributes(path.bytes)).attributes()
    }
  }

  /// Returns the attributes of a file, or `nil` where there is none.
  ///
  /// - Throws: `SFTPError` for everything but `noSuchFile`.
  public func attributesIfPresent(of path: RemotePath) async throws(SFTPError) -> FileAttributes? {
    try await attributesIfPresent(engine.submit(.attributes(path.bytes)), of: path)
  }

  /// Some servers answer STAT of a missing file with a plain failure, which can also be a disk that fails: the folder's
  /// listing decides.
  private func attributesIfPresent(
    _ reply: PendingReply, of path: RemotePath
  ) async throws(SFTPError) -> FileAttributes? {
    do throws(SFTPError) {
      if Task.isCancelled { throw .cancelled }
      return try await reply.attributesIfPresent()
    } catch {
      if error.code == .failure, try await !isListed(path) { return nil }
      throw error.during("look at", path)
    }
  }

  private func isListed(_ path: RemotePath) async throws(SFTPError) -> Bool {
    do throws(SFTPError) {
      return try await list(path.parent).contains { $0.name == path.lastComponent }
    } catch {
      if error.code == .noSuchFile { return false }
      throw error
    }
  }

  /// Runs a request that needs a file, and names its absence where the server answers that with a plain failure.
  func namingAbsence<Result>(
    of path: RemotePath, _ body: () async throws(SFTPError) -> Result
  ) async throws(SFTPError) -> Result {
    do throws(SFTPError) {
      return try await body()
    } catch let failure {
      guard failure.code == .failure, try await attributesIfPresent(of: path) == nil else { throw failure }
      throw SFTPError(
        .noSuchFile, "there is no such file, and \(failure.message)", failure.text.da,
        serverStatus: failure.serverStatus)
    }
  }

  /// Returns the attributes of each of several files, `nil` where there is none; the requests go out together.
  ///
  /// - Throws: `SFTPError` for everything but `noSuchFile`.
  public func attributesIfPresent(of paths: [RemotePath]) async throws(SFTPError) -> [FileAttributes?] {
    let asked = try engine.submit(paths.map { .attributes($0.bytes) })
    var found: [FileAttributes?] = []
    for (path, reply) in zip(paths, asked) {
      found.append(try await attributesIfPresent(reply, of: path))
    }
    return found
  }

  /// Renames a file; it never takes the place of another one.
  ///
  /// - Throws: `SFTPError`; most servers answer `failure` where the new name is taken.
  public func rename(_ path: RemotePath, to newPath: RemotePath) async throws(SFTPError) {
    try await withErrorContext("rename to \(newPath)", path) { () async throws(SFTPError) in
      try await engine.submit(.rename(path.bytes, to: newPath.bytes)).success()
    }
  }

  /// True if ``renameReplacing(_:to:)`` is available.
  public var canRenameReplacing: Bool { extensions.contains(ServerExtension.posixRename.name) }

  /// Renames a file over whatever has the new name, in one step.
  ///
  /// - Throws: `SFTPError`; `unsupported` where the server does not offer it.
  public func renameReplacing(_ path: RemotePath, to newPath: RemotePath) async throws(SFTPError) {
    try await withErrorContext("rename over \(newPath)", path) { () async throws(SFTPError) in
      try require(.posixRename)
      try await engine.submit(.posixRename(path.bytes, to: newPath.bytes)).success()
    }
  }

  /// Removes a file.
  ///
  /// - Throws: `SFTPError`, such as `noSuchFile`.
  public func remove(_ path: RemotePath) async throws(SFTPError) {
    try await withErrorContext("remove", path) { () async throws(SFTPError) in
      try await namingAbsence(of: path) { () async throws(SFTPError) in
        try await engine.submit(.remove(path.bytes)).success()
      }
    }
  }

  /// Removes several files with requests sent together; returns the error of each file that could not be removed, by
  /// its index.
  ///
  /// - Throws: `SFTPError` when the connection is gone or the task cancelled: some may be removed.
  public func remove(_ paths: [RemotePath]) async throws(SFTPError) -> [Int: SFTPError] {
    if Task.isCancelled { throw .cancelled }
    let replies = try engine.submit(paths.map { .remove($0.bytes) })
    var failures: [Int: SFTPError] = [:]
    for (index, reply) in replies.enumerated() {
      do throws(SFTPError) {
        try await withErrorContext("remove", paths[index]) { () async throws(SFTPError) in
          try await namingAbsence(of: paths[index]) { () async throws(SFTPError) in try await reply.success() }
        }
      } catch {
        if error.endsConnection || error.code == .cancelled { throw error }
        failures[index] = error
      }
    }
    return failures
  }

  /// The absolute form of a path, as the server sees it; of `.`, the folder a session begins in.
  ///
  /// - Throws: `SFTPError`.
  public func realPath(_ path: RemotePath) async throws(SFTPError) -> RemotePath {
    try await withErrorContext("resolve", path) { () async throws(SFTPError) in
      guard let names = try await engine.submit(.realPath(path.bytes)).names(), let first = names.first else {
        throw SFTPError(.protocolViolation, "the server answers without a path", "den svarer uden en sti")
      }
      return RemotePath(bytes: first.name)
    }
  }

  func require(_ wanted: ServerExtension) throws(SFTPError) {
    guard extensions.contains(wanted.name) else {
      throw SFTPError(.unsupported, "the server does not offer \(wanted.name)", wanted.name)
    }
  }
}
