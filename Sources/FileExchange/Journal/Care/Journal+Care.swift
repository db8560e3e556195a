internal import FilsluseSystem
import Glibc
internal import GRDB
public import SystemPackage

extension Journal {
  /// Looks through the whole file for damage: SQLite's integrity check, and what ``verify(_:)`` does.
  ///
  /// - Returns: what is wrong, a line each; empty when it is sound.
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read at all.
  public func check() async throws(ExchangeError) -> [String] { try await read(Self.findings) }

  static func findings(in database: Database) throws -> [String] {
    let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
    let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
      "a row without what it refers to: \($0)"
    }
    if !(integrity + orphans).isEmpty { return integrity + orphans }
    do {
      return try JournalVerification(of: database).findings.map(\.description)
    } catch let damaged as DamagedRow {
      return [damaged.description]
    }
  }

  /// Writes a whole, consistent copy to a new file, readable by its owner alone, while others go on using the journal.
  ///
  /// The file appears under its name when it is whole and on the disk.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when something has that name already, `journal` when the copy
  ///   cannot be written.
  public func backUp(to copy: FilePath) async throws(ExchangeError) {
    let source = path
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      let folder = try LocalFolder(creating: copy.removingLastComponent().isEmpty ? "." : copy.removingLastComponent())
      guard let name = copy.lastComponent?.string, try !folder.contains(name) else { throw Self.taken(copy) }
      let draft = "\(name).\(getpid()).part"
      do {
        try folder.remove(draft)
        try LocalFile.createIfMissing(folder.path.appending(draft))
        try self.vacuum(into: folder.path.appending(draft))
        try LocalFile(draft, in: folder, flags: O_RDWR).synchronize()
        guard try folder.move(draft, to: folder, as: name) else { throw Self.taken(copy) }
        try folder.synchronize()
      } catch {
        try folder.remove(draft)
        throw Self.failure("back up the journal", source, error)
      }
    }
  }

  private static func taken(_ copy: FilePath) -> ExchangeError {
    ExchangeError(
      .localFile, operation: "back up the journal", path: copy.string, message: "something has that name already",
      remedy: "name a new file")
  }
}
