internal import FilsluseStore
internal import FilsluseBase
internal import SystemPackage

/// A copy of a journal that a process has saved because the journal's file was removed or replaced under it: its open
/// connection may be the only one that still reaches the newest entries.
///
/// Its path is the journal's with a time: `journal.sqlite.saved-20261128093015123`. A restoration merges it and renames
/// it to `journal.sqlite.former-…`. All calls block.
struct SavedJournal {
  let journal: FilePath
  /// The last entry that the process knows of.
  let end: JournalAnchor

  /// A copy beside the journal.
  struct Copy: Sendable {
    let path: FilePath
    /// True if this process has written it.
    let isOwn: Bool
  }

  private static let infix = ".saved-"

  /// The saved copies beside a journal, the oldest first.
  static func all(beside journal: FilePath, in folder: LocalFolder) throws(ExchangeError) -> [FilePath] {
    let prefix = Array((journal.lastComponent?.string ?? "").utf8) + Array(infix.utf8)
    var names: [String] = []
    try folder.forEachName { name throws(ExchangeError) in
      // The write-ahead log beside a copy is no copy itself.
      if name.starts(with: prefix), name.dropFirst(prefix.count).allSatisfy({ (0x30...0x39).contains($0) }) {
        names.append(String(decoding: name, as: UTF8.self))
      }
      return true
    }
    return names.sorted().map { folder.path.appending($0) }
  }

  /// Saves a copy, unless another process has saved one with the same entries.
  ///
  /// - Parameters:
  ///   - former: this process's earlier copy; it is replaced if this process wrote it.
  ///   - copy: writes all content of the open connection into an empty file.
  /// - Returns: the copy.
  /// - Throws: ``ExchangeError``; no file is left behind then. A damaged copy, as after a change in place, is not kept.
  func save(replacing former: Copy?, by copy: (FilePath) throws -> Void) throws(ExchangeError) -> Copy {
    let parent = journal.removingLastComponent()
    let folder = try LocalFolder(creating: parent.isEmpty ? "." : parent)
    for saved in try Self.all(beside: journal, in: folder) where (try? check(saved)) != nil {
      return Copy(path: saved, isOwn: former.map { $0.isOwn && $0.path == saved } ?? false)
    }
    let own = former.flatMap { $0.isOwn ? $0.path : nil }
    let path = own ?? FilePath(journal.string + Self.infix + Timestamp.now.description.filter(\.isNumber))
    do throws(NewFileError) {
      try NewFile.write(to: path, replacing: own != nil, permissions: 0o600) { _, draft in
        try copy(draft)
        try check(draft)
      }
    } catch {
      if case .content(let reason) = error { throw Journal.failure("save the journal", path, reason) }
      throw ExchangeError(
        .localFile, operation: "save the journal", path: path.string, message: "\(error)", remedy: error.remedy
      ).inDanish(detail: error.inDanish)
    }
    return Copy(path: path, isOwn: true)
  }

  /// Checks that a copy is complete and has the last entry.
  private func check(_ copy: FilePath) throws {
    let findings = try SQLiteFile(reading: copy, isImmutable: true).read { database in
      guard try end.standing(in: database) == .proven else { return ["entry \(end.number) is not in it"] }
      return try Journal.findings(in: database)
    }
    if let first = findings.first { throw UnsoundCopy(finding: first) }
  }
}

private struct UnsoundCopy: Error, CustomStringConvertible {
  let finding: String
  var description: String { "what this process reads is not whole: \(finding)" }
}
