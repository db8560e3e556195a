internal import FilsluseBase
public import Logging

/// Facts about a server and the features that it offers.
extension SFTPClient {
  /// Asks a server for its host keys, one connection for each type that the library supports. No key is trusted and no
  /// user logs in.
  ///
  /// - Returns: the facts of the last of these connections, with all keys seen.
  /// - Throws: `SFTPError` if the server cannot be reached, or shows no key.
  public static func scanHostKeys(
    host: String, port: UInt16 = 22, deadlines: Deadlines = Deadlines(), record: ConnectionRecord = ConnectionRecord(),
    logger: Logger
  ) async throws(SFTPError) -> ConnectionFacts {
    let target = ConnectionTarget(
      host: host, port: port, user: "", keys: [], trusted: .fingerprints([]), deadlines: deadlines, showsAllKeys: true,
      record: record)
    do throws(SFTPError) {
      let client = try await open(target, listing: ListingLimits(), logger: logger)
      await client.close()
    } catch {
      // No key is trusted, so a server that has shown its keys is refused in the end.
      guard error.code == .hostKeyUnknown, !record.facts.hostKeys.isEmpty else { throw error }
    }
    return record.facts
  }

  /// True if the server offers to write files through to its disk.
  public var canSync: Bool { extensions.contains(ServerExtension.sync.name) }

  /// Returns the space of the file system that holds a path; `nil` if the server lacks the extension for it.
  ///
  /// - Throws: `SFTPError`.
  public func space(at path: RemotePath) async throws(SFTPError) -> FileSystemSpace? {
    guard extensions.contains(ServerExtension.fileSystem.name) else { return nil }
    return try await withErrorContext("look at the disk of", path) { () async throws(SFTPError) in
      try await engine.submit(.fileSystem(path.bytes)).space()
    }
  }
}
