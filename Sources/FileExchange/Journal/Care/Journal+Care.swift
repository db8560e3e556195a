internal import FilsluseSystem
import Glibc
internal import GRDB
public import SystemPackage

extension Journal {
  /// Looks through the whole file for damage: SQLite's integrity check, and what ``verify(_:)`` does.
  ///
  /// - Returns: what is wrong, a line each; empty when it is sound.
  /// - Throws: ``ExchangeError`` with code `journal` when it cannot be read at all.
  public func check() async throws(ExchangeError) -> [String] {
    var findings = try await read { database in
      let integrity = try String.fetchAll(database, sql: "PRAGMA integrity_check")
      let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
        "a row without what it refers to: \($0)"
      }
      return integrity.filter { $0 != "ok" } + orphans
    }
    if findings.isEmpty {
      do throws(ExchangeError) {
        findings = try await verify().findings.map(\.description)
      } catch {
        findings.append(error.message)
      }
    }
    return findings
  }

  /// Writes a whole, consistent copy to a new file, readable by its owner alone, while others go on using the journal.
  ///
  /// - Throws: ``ExchangeError`` with code `local-file` when something has that name already, `journal` when the copy
  ///   cannot be written.
  public func backUp(to copy: FilePath) async throws(ExchangeError) {
    let source = path
    try await BlockingThreads.shared.run { () throws(ExchangeError) in
      var status = stat()
      guard lstat(copy.string, &status) != 0 else {
        throw ExchangeError(
          .localFile, operation: "back up the journal", path: copy.string, message: "something has that name already",
          remedy: "name a new file")
      }
      try LocalFile.createIfMissing(copy)
      do {
        try self.vacuum(into: copy.string)
      } catch {
        unlink(copy.string)
        throw Self.failure("back up the journal", source, error)
      }
    }
  }
}
