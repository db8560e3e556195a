internal import FilsluseBase
import Glibc
public import SystemPackage

extension Journal {
  /// Writes a whole, consistent copy to a new file, readable only by its owner, while others go on using the journal.
  ///
  /// The file appears under its name when it is complete and on the disk.
  ///
  /// - Parameters:
  ///   - isReplacing: true to replace a plain file of that name; the journal's own files are never replaced.
  ///   - inputs: further files that are never replaced.
  /// - Throws: ``ExchangeError`` with code `local-file` if the name exists already, `journal` if the copy cannot be
  ///   written, or the journal is on a server.
  public func backUp(
    to copy: FilePath, replacing isReplacing: Bool = false, sparing inputs: [FilePath] = []
  ) async throws(ExchangeError) {
    try requireFile()
    let source = path
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let parent = copy.removingLastComponent()
      _ = try LocalFolder(creating: parent.isEmpty ? "." : parent)
      let own =
        ["", "-wal", "-shm", ".claims", ".hooks"].map { FilePath(source.string + $0) }
        + [HighWaterMark.file(beside: source)]
      do throws(NewFileError) {
        try NewFile.write(to: copy, replacing: isReplacing, sparing: own + inputs, permissions: 0o600) { _, draft in
          try self.vacuum(into: draft)
        }
      } catch {
        if case .content(let reason) = error { throw Self.failure("back up the journal", source, reason) }
        throw ExchangeError(
          .localFile, operation: "back up the journal", path: copy.string, message: "\(error)", remedy: error.remedy
        ).inDanish(detail: error.inDanish)
      }
    }
  }
}
