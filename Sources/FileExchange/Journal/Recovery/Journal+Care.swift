internal import FilsluseStore
internal import FilsluseBase
import Glibc
public import SystemPackage

extension Journal {
  /// Looks through the whole file for damage: SQLite's integrity check, and what ``verify(_:)`` does.
  ///
  /// - Returns: what is wrong, a line each; empty when it is sound.
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read at all.
  public func check() async throws(ExchangeError) -> [String] { try await read(Self.findings) }

  static func findings(in database: SQLConnection) throws -> [String] {
    let integrity = try database.rows("PRAGMA integrity_check").map { try $0.text(0) }.filter { $0 != "ok" }
    let orphans = try database.rows("PRAGMA foreign_key_check").map {
      "a row of \(try $0.text(0)) without what it refers to in \(try $0.text(2))"
    }
    if !(integrity + orphans).isEmpty { return integrity + orphans }
    do {
      return try JournalVerification(of: database).findings.map(\.description)
    } catch  where error.isDamage {
      return ["\(error)"]
    }
  }

  /// Writes a whole, consistent copy to a new file, readable by its owner alone, while others go on using the journal.
  ///
  /// The file appears under its name when it is whole and on the disk.
  ///
  /// - Parameters:
  ///   - isReplacing: whether a plain file of that name is replaced; the journal's own files never are.
  ///   - inputs: further files that are never replaced.
  /// - Throws: ``ExchangeError`` with code `local-file` when something has that name already, `journal` when the copy
  ///   cannot be written.
  public func backUp(
    to copy: FilePath, replacing isReplacing: Bool = false, sparing inputs: [FilePath] = []
  ) async throws(ExchangeError) {
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
          .localFile, operation: "back up the journal", path: copy.string, message: "\(error)", remedy: error.remedy)
      }
    }
  }
}
